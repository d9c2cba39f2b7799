package io.tributary.scheduler.billing;

import io.tributary.scheduler.accounts.Account;
import io.tributary.scheduler.actions.EndedEffects;
import io.tributary.scheduler.actions.QueueEffects;
import io.tributary.scheduler.actions.RequestedEffect;
import io.tributary.scheduler.actions.SystemKeys;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.databind.json.JsonMapper;

/**
 * Collects issued invoices by the action {@code charge} of a payment provider. The business key of the charge is the
 * id of the invoice, so that an invoice is charged once, whatever crashes. Each invoice has a transaction of its own,
 * so one that cannot be charged stops no other.
 *
 * <pre>
 *   issued --the charge is queued--> charging --> paid, failed, or uncertain when nobody knows
 *   issued --it can never be charged--> failed
 * </pre>
 */
@Component
final class ChargeInvoices {

    static final String ACTION = "charge";

    /** Time of each of the two steps of a call; the next call goes on where this one ended. */
    static final Duration LONGEST = Duration.ofSeconds(15);

    private static final int BATCH = 200;
    private static final UUID START = new UUID(0, 0);
    private static final Logger log = LoggerFactory.getLogger(ChargeInvoices.class);

    private final InvoiceTable invoices;
    private final QueueEffects queueEffects;
    private final EndedEffects ended;
    private final TransactionOperations transaction;
    private final Clock clock;
    private volatile UUID queuedTo = START;
    private volatile UUID settledTo = START;

    ChargeInvoices(
            InvoiceTable invoices,
            QueueEffects queueEffects,
            EndedEffects ended,
            TransactionOperations transaction,
            Clock clock) {
        this.invoices = invoices;
        this.queueEffects = queueEffects;
        this.ended = ended;
        this.transaction = transaction;
        this.clock = clock;
    }

    /**
     * An issued invoice with the account that collects it.
     *
     * @param account null: it was deleted
     */
    record Issued(
            UUID id, @Nullable Account account, BigDecimal total, String currency, String period, String customer) {}

    /**
     * A charge that was queued.
     *
     * @param gone whether the account was deleted since
     */
    record Charging(UUID id, UUID account, boolean gone) {}

    /** Queues charges of issued invoices, and notes the ends of those that were queued. For about 30 s. */
    void run() {
        queuedTo = each(
                queuedTo,
                invoices::toCharge,
                id -> id,
                id -> transaction.executeWithoutResult(
                        _ -> invoices.lockIssued(id).ifPresent(this::queue)));
        settledTo = each(settledTo, invoices::charging, Charging::id, this::settle);
    }

    /** Takes a step with each invoice after one, while there is time; returns the last one. */
    private <T> UUID each(
            UUID begin, BiFunction<UUID, Integer, List<T>> page, Function<T, UUID> idOf, Consumer<T> step) {
        Instant until = clock.instant().plus(LONGEST);
        UUID after = begin;
        List<T> found;
        do {
            found = page.apply(after, BATCH);
            for (T invoice : found) {
                if (Thread.currentThread().isInterrupted() || !clock.instant().isBefore(until)) {
                    return after;
                }
                after = idOf.apply(invoice);
                attempt(after, invoice, step);
            }
        } while (found.size() == BATCH);
        return START;
    }

    private static <T> void attempt(UUID id, T invoice, Consumer<T> step) {
        try {
            step.accept(invoice);
        } catch (RuntimeException e) { // whatever is wrong with one invoice, the others are charged
            log.error("billing.notCharged: invoice not charged, the next call tries again invoiceId={}", id, e);
        }
    }

    private void queue(Issued invoice) {
        Account account = invoice.account();
        if (account == null) {
            invoices.settle(invoice.id(), "failed", "billing.chargeAccountGone");
            return;
        }
        int digits = Currency.getInstance(invoice.currency()).getDefaultFractionDigits();
        BigDecimal amount = invoice.total().movePointRight(digits);
        if (amount.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            invoices.settle(invoice.id(), "failed", "billing.amountTooLarge");
            return;
        }
        var effect = new RequestedEffect(ACTION, keyOf(invoice.id()), input(invoice, amount.longValueExact()));
        queueEffects
                .queue(account, List.of(effect), clock.instant())
                .keySet()
                .forEach(run -> invoices.charge(invoice.id(), run));
    }

    private static String input(Issued invoice, long amount) {
        return JsonMapper.shared()
                .createObjectNode()
                .put("amount", amount)
                .put("currency", invoice.currency())
                .put("customer", invoice.customer())
                .put("description", "Invoice " + invoice.id() + " of " + invoice.period())
                .toString();
    }

    private void settle(Charging charging) {
        if (charging.gone()) {
            invoices.settle(charging.id(), "uncertain", "billing.chargeAccountGone");
            return;
        }
        ended.find(charging.account(), keyOf(charging.id())).ifPresent(end -> {
            String status = end.happened() ? "paid" : end.uncertain() ? "uncertain" : "failed";
            invoices.settle(charging.id(), status, end.errorCode());
        });
    }

    static String keyOf(UUID invoice) {
        return SystemKeys.INVOICE + invoice;
    }
}
