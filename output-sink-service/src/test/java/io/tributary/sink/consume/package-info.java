@NullMarked
package io.tributary.sink.consume;

import org.jspecify.annotations.NullMarked;
