package io.tributary.scheduler.billing;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Body of a request that sets how an organisation is billed.
 *
 * @param planId a plan
 * @param zone time zone of its days, such as Europe/Berlin; default UTC
 * @param cycle day or month; default month
 * @param chargeAccount user integration of the caller's with an action {@code charge}, which collects the invoices;
 *     default none
 * @param customer the payment provider's id of the customer, for that action
 */
record NewBillingAccount(
        @Nullable String planId,
        @Nullable String zone,
        @Nullable Cycle cycle,
        @Nullable UUID chargeAccount,
        @Nullable String customer) {}
