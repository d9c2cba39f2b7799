package io.tributary.scheduler.billing;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Body of a request that gives an organisation a credit.
 *
 * @param id chosen by the operator: a credit that is sent again counts once
 * @param currency code of ISO 4217, such as EUR: it pays invoices in this currency
 * @param amount above 0, with as many digits behind the point as the currency has
 */
record NewCredit(
        @Nullable String id,
        @Nullable String currency,
        @Nullable BigDecimal amount) {}
