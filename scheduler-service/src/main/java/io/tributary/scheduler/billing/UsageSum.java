package io.tributary.scheduler.billing;

import java.math.BigDecimal;

/**
 * Usage of a meter.
 *
 * @param meter name of what was used
 * @param quantity the sum
 * @param events number of events
 * @param unbilled those of them that no invoice has yet
 */
record UsageSum(String meter, BigDecimal quantity, long events, long unbilled) {}
