package io.tributary.sink.metrics;

import java.math.BigDecimal;

/**
 * The part of a stored figure that its next change depends on.
 *
 * @param runSequence sequence of the newest run that wrote or claimed it
 */
record Stored(BigDecimal value, long runSequence) {}
