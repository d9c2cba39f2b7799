@NullMarked
package io.tributary.sink.content;

import org.jspecify.annotations.NullMarked;
