package io.tributary.scheduler.billing;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.billing.UsageTable.NewEvent;
import io.tributary.scheduler.http.Times;
import io.tributary.scheduler.testing.Database;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Invoices against an oracle, while whoever closes cycles dies again and again. {@code -Dbilling.events} sets the
 * number of usage events; default 4,000.
 */
class CloseCyclesIT {

    private static final int EVENTS = Integer.getInteger("billing.events", 4_000);
    private static final List<String> ORGS = List.of("alpha", "beta", "gamma");
    private static final List<String> ZONES = List.of("UTC", "America/New_York", "Australia/Lord_Howe");
    private static final List<String> METERS = List.of("calls", "items", "seats");
    private static final Instant FIRST = Instant.parse("2026-03-05T12:00:00Z");
    private static final BigDecimal PRICE = new BigDecimal("0.0137");
    private static final BigDecimal INCLUDED = new BigDecimal("10");

    @AutoClose
    private static final Database database = Database.migrated();

    private final UsageTable usage = new UsageTable(database.jdbc());
    private final BillingAccountTable accounts = new BillingAccountTable(database.jdbc());
    private final InvoiceTable invoices = new InvoiceTable(database.jdbc());
    private final CreditTable credits = new CreditTable(database.jdbc());
    private final Random random = new Random(11);

    @BeforeEach
    void empty() {
        database.deleteAll(
                "usage_event", "invoice", "billing_credit", "billing_account", "billing_plan", "event_outbox");
    }

    @Test
    void billsEachEventOnceOnTheInvoiceOfItsCycleOrTheNextOne() throws Exception {
        new PlanTable(database.jdbc())
                .save(new Plan(
                        "metered",
                        "EUR",
                        new BigDecimal("9.90"),
                        METERS.stream()
                                .map(meter -> new Price(meter, PRICE, INCLUDED))
                                .toList()));
        for (int i = 0; i < ORGS.size(); i++) {
            ZoneId zone = ZoneId.of(ZONES.get(i));
            LocalDate day = Cycle.day.firstDay(FIRST, zone);
            accounts.save(new BillingAccount(
                    ORGS.get(i),
                    "metered",
                    zone.getId(),
                    Cycle.day,
                    Cycle.start(day, zone),
                    Cycle.start(day, zone),
                    Cycle.start(day.plusDays(1), zone),
                    null,
                    null));
        }
        // The quantity of each line that must be: by organisation, period and meter.
        var expected = new TreeMap<String, BigDecimal>();
        var deaths = new AtomicInteger();

        // The clocks of New York change on March 8th.
        for (int day = 0; day < 6; day++) {
            addDay(day, expected);
            closeWithDeaths(FIRST.plus(Duration.ofDays(day + 1)), deaths);
        }
        closeWithDeaths(FIRST.plus(Duration.ofDays(8)), deaths);

        assertThat(deaths.get()).isGreaterThan(20);
        assertThat(lines()).isEqualTo(expected);
        assertThat(database.count("select count(*) from usage_event where invoice_id is null"))
                .isZero();
        assertThat(database.count("select count(*) from usage_event")).isEqualTo(ids);
        assertThat(totals()).isEqualTo(totals(expected));
        assertThat(database.count("select count(*) from event_outbox where type = 'billing.cycle_closed'"))
                .isEqualTo(database.count("select count(*) from invoice"))
                .isEqualTo(database.count("select count(*) from invoice where status = 'issued'"));
    }

    @ParameterizedTest
    @CsvSource({
        "Europe/Berlin, America/New_York, 2026-04-01T04:00:00Z",
        "America/New_York, Europe/Berlin, 2026-03-31T22:00:00Z",
        "Pacific/Auckland, America/Los_Angeles, 2026-04-01T07:00:00Z"
    })
    void keepsTheDaysOfTheOpenCycleWhenTheZoneChanges(String before, String after, Instant end) {
        new PlanTable(database.jdbc()).save(new Plan("free", "EUR", BigDecimal.ONE, List.of()));
        var zone = ZoneId.of(before);
        Instant begins = Cycle.start(LocalDate.parse("2026-02-01"), zone);
        Instant ends = Cycle.start(LocalDate.parse("2026-03-01"), zone);
        accounts.save(account(before, begins, ends));
        accounts.save(account(after, begins.minusSeconds(1), ends.plusSeconds(1)));

        closer(Instant.parse("2026-04-02T00:00:00Z"), database.transaction()).run();

        var found = invoices.list("alpha", Times.LATEST, new UUID(-1, -1), 10);
        assertThat(found)
                .extracting(Invoice.View::period)
                .containsExactly("2026-03-01/2026-04-01", "2026-02-01/2026-03-01");
        assertThat(found).extracting(Invoice.View::begins).containsExactly(ends, begins);
        assertThat(found).extracting(Invoice.View::ends).containsExactly(end, ends);
    }

    private static BillingAccount account(String zone, Instant begins, Instant ends) {
        return new BillingAccount("alpha", "free", zone, Cycle.month, begins, begins, ends, null, null);
    }

    @Test
    void closesTheOthersWhenOneInvoiceCannotBe() {
        new PlanTable(database.jdbc()).save(new Plan("free", "EUR", BigDecimal.ONE, List.of()));
        Instant begins = Instant.parse("2026-03-05T00:00:00Z");
        Instant ends = begins.plus(Duration.ofDays(1));
        for (String org : List.of("alpha", "beta")) {
            accounts.save(new BillingAccount(org, "free", "UTC", Cycle.day, begins, begins, ends, null, null));
        }
        database.jdbc()
                .sql("insert into billing_plan (id, currency, prices) values ('broken', 'EUR', '{}')")
                .update();
        database.jdbc()
                .sql("update billing_account set plan_id = 'broken', ends = ends - interval '1 hour'"
                        + " where org_id = 'alpha'")
                .update();

        closer(begins.plus(Duration.ofHours(25)), database.transaction()).run();

        assertThat(database.jdbc()
                        .sql("select org_id || ' ' || status from invoice order by org_id")
                        .query(String.class)
                        .list())
                .contains("alpha closing", "beta issued");
    }

    @Test
    void worksForAWhileAndGoesOnWithTheNextCall() {
        new PlanTable(database.jdbc()).save(new Plan("free", "EUR", BigDecimal.ONE, List.of()));
        Instant begins = Instant.parse("2026-03-05T00:00:00Z");
        accounts.save(new BillingAccount(
                "alpha", "free", "UTC", Cycle.day, begins, begins, begins.plus(Duration.ofDays(1)), null, null));
        var time = new AtomicReference<>(begins.plus(Duration.ofDays(50)));
        InstantSource slow = () -> time.getAndUpdate(it -> it.plusSeconds(10));
        var close = closer(slow.withZone(ZoneOffset.UTC), database.transaction());

        close.run();

        long first = database.count("select count(*) from invoice");
        assertThat(first).isBetween(1L, 20L);
        for (int call = 0; call < 100; call++) {
            close.run();
        }
        assertThat(database.count("select count(*) from invoice where status = 'issued'"))
                .isEqualTo(50);
    }

    @Test
    void readsInvoicesThroughOneConnectionAtATime() {
        new PlanTable(database.jdbc()).save(new Plan("free", "EUR", BigDecimal.ONE, List.of()));
        Instant begins = Instant.parse("2026-03-05T00:00:00Z");
        accounts.save(new BillingAccount(
                "alpha", "free", "UTC", Cycle.day, begins, begins, begins.plus(Duration.ofDays(1)), null, null));
        closer(begins.plus(Duration.ofDays(3)), database.transaction()).run();

        try (var one = database.another()) {
            one.pool().setMaximumPoolSize(1);
            one.pool().setConnectionTimeout(2_000); // a second connection would never come
            var found = new InvoiceTable(one.jdbc()).list("alpha", Times.LATEST, new UUID(-1, -1), 10);

            assertThat(found)
                    .hasSize(3)
                    .allSatisfy(invoice -> assertThat(invoice.lines())
                            .extracting(Invoice.Line::kind)
                            .containsExactly("fee"));
        }
    }

    private long ids;

    /** Adds usage of a day while no cycle closes, one in ten twice, and one in twenty of the day before. */
    private void addDay(int day, Map<String, BigDecimal> expected) {
        var batch = new ArrayList<NewEvent>();
        for (int i = 0; i < EVENTS / 6; i++) {
            int org = random.nextInt(ORGS.size());
            ZoneId zone = ZoneId.of(ZONES.get(org));
            LocalDate date = LocalDate.ofInstant(FIRST, zone).plusDays(day);
            boolean late = day > 0 && random.nextInt(20) == 0;
            Instant begins = Cycle.start(late ? date.minusDays(1) : date, zone);
            Instant ends = Cycle.start(late ? date : date.plusDays(1), zone);
            Instant at = begins.plusMillis(
                    random.nextLong(Duration.between(begins, ends).toMillis()));
            String meter = METERS.get(random.nextInt(METERS.size()));
            var quantity = BigDecimal.valueOf(random.nextInt(1, 100_000), 3);
            var event = new NewEvent(ORGS.get(org), "event-" + ids++, meter, quantity, at, "{}");
            batch.add(event);
            if (random.nextInt(10) == 0) {
                batch.add(event);
            }
            expected.merge(
                    ORGS.get(org) + " " + date + "/" + date.plusDays(1) + " " + meter, quantity, BigDecimal::add);
        }
        Collections.shuffle(batch, random);
        for (int i = 0; i < batch.size(); i += 500) {
            usage.insert(batch.subList(i, Math.min(batch.size(), i + 500)));
        }
    }

    /** Two replicas close cycles; two of three of their transactions end without a commit. */
    private void closeWithDeaths(Instant now, AtomicInteger deaths) throws Exception {
        try (var replicas = Executors.newFixedThreadPool(2)) {
            for (Future<?> replica : List.of(
                    replicas.submit(() -> close(now, random.nextLong(), deaths)),
                    replicas.submit(() -> close(now, random.nextLong(), deaths)))) {
                replica.get();
            }
        }
        closer(now, database.transaction()).run();
    }

    private void close(Instant now, long seed, AtomicInteger deaths) {
        var chance = new Random(seed);
        TransactionOperations dying = new TransactionOperations() {
            @Override
            public <T> T execute(org.springframework.transaction.support.TransactionCallback<T> work) {
                return database.transaction().execute(status -> {
                    T result = work.doInTransaction(status);
                    if (chance.nextInt(3) > 0) {
                        throw new Death();
                    }
                    return result;
                });
            }
        };
        for (int attempt = 0; attempt < 10; attempt++) {
            try {
                closer(now, dying).run();
            } catch (Death _) {
                deaths.incrementAndGet();
            }
        }
    }

    private CloseCycles closer(Instant now, TransactionOperations transaction) {
        return closer(Clock.fixed(now, ZoneOffset.UTC), transaction);
    }

    private CloseCycles closer(Clock clock, TransactionOperations transaction) {
        return new CloseCycles(
                accounts, invoices, usage, credits, new BillingProperties(Duration.ZERO), transaction, clock);
    }

    private static final class Death extends Error {}

    private static Map<String, BigDecimal> lines() {
        var found = new TreeMap<String, BigDecimal>();
        database.jdbc().sql("""
            select i.org_id || ' ' || i.period || ' ' || l.meter as line, l.quantity
            from invoice i join invoice_line l on l.invoice_id = i.id and l.kind = 'usage'
            """).query(row -> {
            found.put(row.getString("line"), row.getBigDecimal("quantity"));
        });
        return found;
    }

    private static Map<String, BigDecimal> totals() {
        var found = new TreeMap<String, BigDecimal>();
        database.jdbc()
                .sql("select org_id || ' ' || period as invoice, total from invoice")
                .query(row -> {
                    found.put(row.getString("invoice"), row.getBigDecimal("total"));
                });
        return found;
    }

    private static Map<String, BigDecimal> totals(Map<String, BigDecimal> lines) {
        var expected = new TreeMap<String, BigDecimal>();
        totals().keySet().forEach(invoice -> expected.put(invoice, new BigDecimal("9.90")));
        lines.forEach((line, quantity) -> expected.merge(
                line.substring(0, line.lastIndexOf(' ')),
                quantity.subtract(INCLUDED).max(BigDecimal.ZERO).multiply(PRICE).setScale(2, RoundingMode.HALF_EVEN),
                BigDecimal::add));
        return expected;
    }
}
