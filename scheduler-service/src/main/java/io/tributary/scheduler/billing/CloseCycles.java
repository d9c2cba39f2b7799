package io.tributary.scheduler.billing;

import io.tributary.scheduler.billing.Invoice.Line;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Closes billing cycles that have ended, in short transactions: one opens the invoice, each further one claims some
 * usage events, and the last one writes the lines. A crash between them loses nothing, several replicas may close
 * concurrently, and nobody who adds usage waits.
 *
 * <pre>
 *   cycle ends --grace--> closing --claims its events, in steps--> issued, or paid when nothing is left to pay
 * </pre>
 */
@Component
record CloseCycles(
        BillingAccountTable accounts,
        InvoiceTable invoices,
        UsageTable usage,
        CreditTable credits,
        BillingProperties properties,
        TransactionOperations transaction,
        Clock clock) {

    private static final Logger log = LoggerFactory.getLogger(CloseCycles.class);

    private static final int ACCOUNTS = 100;
    static final int EVENTS = 5_000;
    static final Duration LONGEST = Duration.ofSeconds(30);

    /** Closes what is due, for about 30 s; the next call goes on. */
    void run() {
        Instant until = clock.instant().plus(LONGEST);
        Set<UUID> broken = new HashSet<>();
        while (!Thread.currentThread().isInterrupted()
                && clock.instant().isBefore(until)
                && (did(this::open) || claim(broken))) {
            // Each step is a transaction of its own.
        }
    }

    private boolean did(BooleanSupplier step) {
        return Boolean.TRUE.equals(transaction.execute(_ -> step.getAsBoolean()));
    }

    /** Opens the invoices of cycles that have ended. */
    private boolean open() {
        Instant before = clock.instant().minus(properties.grace());
        List<BillingAccountTable.Due> due = accounts.lockDue(before, ACCOUNTS);
        for (BillingAccountTable.Due each : due) {
            BillingAccount account = each.account();
            invoices.insert(account, each.firstDay() + "/" + each.nextDay());
            Cycle cycle = account.cycle();
            LocalDate next = cycle.after(cycle.firstDay(each.nextDay()));
            accounts.advance(account.orgId(), each.nextDay(), next, Cycle.start(next, ZoneId.of(account.zone())));
        }
        return !due.isEmpty();
    }

    /** Claims events for an invoice. One that cannot be closed stops no other, and is tried again by the next call. */
    private boolean claim(Set<UUID> broken) {
        var taken = new AtomicReference<@Nullable UUID>();
        try {
            return did(() -> claim(broken, taken));
        } catch (RuntimeException e) { // whatever is wrong with one invoice, the others are closed
            UUID invoice = taken.get();
            if (invoice == null) {
                throw e;
            }
            log.error("billing.notClosed: invoice not closed, the next call tries again invoiceId={}", invoice, e);
            return broken.add(invoice);
        }
    }

    /** Claims events for an invoice, and issues it when there are no more. */
    private boolean claim(Set<UUID> broken, AtomicReference<@Nullable UUID> taken) {
        Optional<Invoice> closing = invoices.lockClosing(broken);
        closing.ifPresent(invoice -> taken.set(invoice.id()));
        closing.filter(invoice -> usage.claim(invoice, EVENTS) < EVENTS).ifPresent(this::issue);
        return closing.isPresent();
    }

    private void issue(Invoice invoice) {
        var currency = Currency.getInstance(invoice.currency());
        List<Price> prices = PlanTable.prices(invoice.prices());
        var lines = new ArrayList<Line>();
        BigDecimal fee = invoice.fixedFee().setScale(currency.getDefaultFractionDigits(), RoundingMode.HALF_EVEN);
        if (fee.signum() > 0) {
            lines.add(new Line("fee", "fee", BigDecimal.ONE, BigDecimal.ZERO, fee, fee, 0, 0));
        }
        for (UsageTable.Billed billed : usage.claimed(invoice)) {
            Price price = prices.stream()
                    .filter(it -> billed.meter().equals(it.meter()))
                    .findFirst()
                    .orElse(Price.none(billed.meter()));
            lines.add(new Line(
                    "usage",
                    billed.meter(),
                    billed.quantity(),
                    price.free(),
                    price.unit(),
                    price.amountOf(billed.quantity(), currency),
                    billed.events(),
                    billed.late()));
        }
        BigDecimal owed = total(lines);
        if (owed.signum() > 0) {
            credits.use(invoice.orgId(), invoice.currency(), owed)
                    .forEach(use -> lines.add(new Line(
                            "credit",
                            use.id(),
                            BigDecimal.ONE,
                            BigDecimal.ZERO,
                            use.amount().negate(),
                            use.amount().negate(),
                            0,
                            0)));
        }
        invoices.issue(invoice.id(), lines, total(lines), clock.instant());
    }

    private static BigDecimal total(List<Line> lines) {
        return lines.stream().map(Line::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
