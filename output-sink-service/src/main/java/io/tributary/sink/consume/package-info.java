/** Reading topics: the listener containers, their error handling and their health. */
@NullMarked
package io.tributary.sink.consume;

import org.jspecify.annotations.NullMarked;
