/** Reading topics: the loop, its waiting out of outages, its threads and its health. */
@NullMarked
package io.tributary.sink.consume;

import org.jspecify.annotations.NullMarked;
