/** Time series of figures: their newest values, and sums by 5 minutes, hour and day. */
@NullMarked
package io.tributary.sink.metrics;

import org.jspecify.annotations.NullMarked;
