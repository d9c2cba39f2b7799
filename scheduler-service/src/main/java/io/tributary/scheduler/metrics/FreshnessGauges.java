package io.tributary.scheduler.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tributary.scheduler.ByIndex;
import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.manifests.Manifest;
import io.tributary.scheduler.manifests.Manifests;
import io.tributary.scheduler.tables.PauseTable;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * How fresh the data of each platform is. The statements read what is due and what is live, not what is fine. One
 * replica runs it at a time.
 */
@Component
public final class FreshnessGauges implements Runnable {

    /** Most due schedules of a platform that one look reads, the longest due first. */
    private static final int MOST_DUE = 10_000;

    // By platform, as schedules are picked: a paused one costs one look, however many of its accounts are due.
    static final String DUE =
            """
        with %s
        select domain, count(*) as number, extract(epoch from :now - min(next_sync_at)) as seconds
        from due_domain cross join lateral (
          select s.next_sync_at
          from sync_schedule s
          join user_integration i on i.id = s.user_integration_id
          where s.integration_domain = domain and s.next_sync_at < :now and i.sync_status = 'active'
          order by s.next_sync_at limit :most) due_schedule
        group by domain
        """.formatted(PauseTable.dueDomains("sync_schedule", "next_sync_at", "next_sync_at is not null"));

    // The condition names the key of the index of live runs.
    static final String LIVE = """
        select integration_domain as domain, count(*) as number,
               coalesce(extract(epoch from :now - min(created_at) filter (where trigger = 'schedule')), 0) as seconds
        from sync_run where user_id >= '' and finished_at is null group by integration_domain
        """;

    private static final String NEWEST = """
        select domain, 0 as number,
               greatest(0, extract(epoch from :now - bucket - interval '5 minutes')) as seconds
        from unnest(:domains) as platform (domain) cross join lateral (
          select bucket from sync_stats
          where integration_domain = domain and outputs > 0
          order by bucket desc limit 1) newest
        """;

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final Manifests manifests;
    private final MeterRegistry meters;
    private final Clock clock;
    private final Map<String, OfDomain> gauges = new HashMap<>();

    FreshnessGauges(
            JdbcClient jdbc,
            TransactionOperations transaction,
            Manifests manifests,
            MeterRegistry meters,
            Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.manifests = manifests;
        this.meters = meters;
        this.clock = clock;
    }

    private record Row(String domain, long number, double seconds) {
        static final Row NONE = new Row("", 0, 0);
    }

    private record OfDomain(
            ReadNumber freshness, ReadNumber overdue, ReadNumber liveRuns, ReadNumber newest, ReadNumber paused) {}

    /** Reads the numbers of the platforms that have a manifest. On the thread of the maintenance jobs. */
    @Override
    public synchronized void run() {
        transaction.executeWithoutResult(_ -> {
            ByIndex.prefer(jdbc);
            read();
        });
    }

    private void read() {
        List<String> domains = manifests.all().stream().map(Manifest::domain).toList();
        String[] names = domains.toArray(String[]::new);
        Map<String, Row> due = query(jdbc.sql(DUE).param("most", MOST_DUE));
        Map<String, Row> live = query(jdbc.sql(LIVE));
        Map<String, Row> newest = query(jdbc.sql(NEWEST).param("domains", names));
        Map<String, Row> paused = query(jdbc.sql(PauseTable.PAUSED_PLATFORMS).param("domains", names));
        for (String domain : domains) {
            OfDomain of = gauges.computeIfAbsent(domain, this::register);
            Row dueRow = due.getOrDefault(domain, Row.NONE);
            Row liveRow = live.getOrDefault(domain, Row.NONE);
            of.freshness().read(Math.max(dueRow.seconds(), liveRow.seconds()));
            of.overdue().read(dueRow.number());
            of.liveRuns().read(liveRow.number());
            of.newest().read(newest.containsKey(domain) ? newest.get(domain).seconds() : Double.NaN);
            of.paused().read(paused.getOrDefault(domain, Row.NONE).seconds());
        }
    }

    private Map<String, Row> query(JdbcClient.StatementSpec statement) {
        return statement.param("now", SqlTime.of(clock.instant())).query(Row.class).stream()
                .collect(Collectors.toMap(Row::domain, row -> row));
    }

    private OfDomain register(String domain) {
        return new OfDomain(
                gauge(
                        "tributary.freshness",
                        "seconds",
                        "Longest time since a sync was due that has not ended; NaN: another replica reads it",
                        domain),
                gauge(
                        "tributary.scheduler.overdue.schedules",
                        null,
                        "Schedules of active accounts that are due and have no run, up to 10000; NaN: another replica reads it",
                        domain),
                gauge(
                        "tributary.scheduler.live.runs",
                        null,
                        "Runs that have not ended; NaN: another replica reads it",
                        domain),
                gauge(
                        "tributary.scheduler.newest.output",
                        "seconds",
                        "Time since the newest five minutes with outputs; NaN: none, or another replica reads it",
                        domain),
                gauge(
                        "tributary.scheduler.paused",
                        "seconds",
                        "Time since the platform or everything was paused; 0: it is not; NaN: another replica reads it",
                        domain));
    }

    private ReadNumber gauge(String name, @Nullable String unit, String meaning, String domain) {
        var number = new ReadNumber(clock);
        Gauge.builder(name, number, ReadNumber::value)
                .baseUnit(unit)
                .description(meaning)
                .tag("domain", domain)
                .register(meters);
        return number;
    }
}
