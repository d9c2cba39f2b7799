package io.tributary.scheduler.billing;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An organisation that is billed.
 *
 * @param orgId the organisation
 * @param planId what it pays
 * @param zone time zone of its days, such as Europe/Berlin
 * @param cycle day or month
 * @param billedFrom when the organisation got its first plan: usage before this time is never billed
 * @param begins begin of the open cycle
 * @param ends end of the open cycle
 * @param chargeAccount user integration whose action {@code charge} collects its invoices; null: none
 * @param customer the payment provider's id of the customer, for that action; null: none
 */
record BillingAccount(
        String orgId,
        String planId,
        String zone,
        Cycle cycle,
        Instant billedFrom,
        Instant begins,
        Instant ends,
        @Nullable UUID chargeAccount,
        @Nullable String customer) {}
