package io.tributary.scheduler.billing;

import io.tributary.scheduler.accounts.Account;
import io.tributary.scheduler.actions.EndedEffects;
import io.tributary.scheduler.actions.QueueEffects;
import io.tributary.scheduler.actions.RequestedEffect;
import java.math.BigDecimal;
import java.time.Clock;
import java.util.Currency;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.databind.json.JsonMapper;

/**
 * Collects issued invoices by the action {@code charge} of a payment provider. The business key of the charge is the
 * id of the invoice, so that an invoice is charged once, whatever crashes.
 *
 * <pre>
 *   issued --the charge is queued--> charging --> paid, failed, or uncertain when nobody knows
 * </pre>
 */
@Component
record ChargeInvoices(
        InvoiceTable invoices,
        QueueEffects queueEffects,
        EndedEffects ended,
        TransactionOperations transaction,
        Clock clock) {

    static final String ACTION = "charge";

    private static final int BATCH = 200;

    /** An issued invoice with the account that collects it. */
    record Issued(UUID id, Account account, BigDecimal total, String currency, String period, String customer) {}

    /** A charge that was queued. */
    record Charging(UUID id, UUID account) {}

    /** Queues charges of issued invoices, and notes the ends of those that were queued. */
    void run() {
        while (Boolean.TRUE.equals(transaction.execute(_ -> queue()))
                && !Thread.currentThread().isInterrupted()) {
            // Each step is a transaction of its own.
        }
        UUID after = new UUID(0, 0);
        List<Charging> charging;
        do {
            charging = invoices.charging(after, BATCH);
            charging.forEach(this::settle);
            after = charging.isEmpty() ? after : charging.getLast().id();
        } while (charging.size() == BATCH && !Thread.currentThread().isInterrupted());
    }

    private boolean queue() {
        List<Issued> issued = invoices.lockIssued(BATCH);
        for (Issued invoice : issued) {
            queueEffects
                    .queue(
                            invoice.account(),
                            List.of(new RequestedEffect(ACTION, keyOf(invoice.id()), input(invoice))),
                            clock.instant())
                    .keySet()
                    .forEach(run -> invoices.charge(invoice.id(), run));
        }
        return issued.size() == BATCH;
    }

    private static String input(Issued invoice) {
        int digits = Currency.getInstance(invoice.currency()).getDefaultFractionDigits();
        return JsonMapper.shared()
                .createObjectNode()
                .put("amount", invoice.total().movePointRight(digits).longValueExact())
                .put("currency", invoice.currency())
                .put("customer", invoice.customer())
                .put("description", "Invoice " + invoice.id() + " of " + invoice.period())
                .toString();
    }

    private void settle(Charging charging) {
        ended.find(charging.account(), keyOf(charging.id())).ifPresent(end -> {
            String status = end.happened() ? "paid" : end.uncertain() ? "uncertain" : "failed";
            invoices.settle(charging.id(), status, end.errorCode());
        });
    }

    static String keyOf(UUID invoice) {
        return "invoice:" + invoice;
    }
}
