package io.tributary.scheduler.billing;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A plan: what organisations pay.
 *
 * @param id chosen by the operator, 1 to 100 characters
 * @param currency code of ISO 4217, such as EUR
 * @param fixedFee of each cycle, 0 and up; default 0
 * @param prices of meters; usage of any other meter costs nothing
 */
record Plan(
        @Nullable String id,
        @Nullable String currency,
        @Nullable BigDecimal fixedFee,
        @Nullable List<@Nullable Price> prices) {}
