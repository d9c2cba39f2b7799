@NullMarked
package io.tributary.sink.output;

import org.jspecify.annotations.NullMarked;
