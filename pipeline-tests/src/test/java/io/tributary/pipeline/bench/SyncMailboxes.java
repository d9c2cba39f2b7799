package io.tributary.pipeline.bench;

import io.tributary.pipeline.bench.plugin.GmailSync;
import io.tributary.schemas.RunSums;
import io.tributary.standalone.api.Account;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What the whole pipeline makes of some mailboxes of 50 pages each: from the trigger of the first run by the API to the
 * end of the last one in Postgres. Before a round counts, its rows and sums are checked.
 */
final class SyncMailboxes implements Scenario {

    private static final int FULL_PAGES = 50;
    private static final int WARM_UPS = 2;
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final String ROW =
            "select count(*) from (select from user_integration_content where user_integration_id in (:accounts) limit"
                    + " 1)";

    private static final String ENDED =
            "select count(*) from sync_run where user_integration_id in (:accounts) and finished_at is not null";

    private static final String ROWS =
            "select count(*) from user_integration_content where user_integration_id in (:accounts)";

    private static final String SUMS = """
        select spawned, completed, failed, outputs, outputs_saved from sync_run
         where user_integration_id in (:accounts) and status = 'succeeded'\
        """;

    private static final String LAST_COUNTED =
            "select max(finished_at) from sync_run where user_integration_id in (:accounts)";

    private static final String HOP = """
        select percentile_disc(:share) within group (order by (content_metadata ->> 'hopMicros')::bigint) / 1000.0
          from user_integration_content where user_integration_id in (:accounts)\
        """;

    private final int mailboxes;
    private final Duration taskTime;

    /**
     * @param mailboxes how many, 1 and up
     * @param taskTime what a task takes
     */
    SyncMailboxes(int mailboxes, Duration taskTime) {
        this.mailboxes = mailboxes;
        this.taskTime = taskTime;
    }

    /** What a round was, as far as the clock of this program saw it. */
    private record Round(List<UUID> accounts, Instant begin, Instant firstRow, Instant end) {

        double seconds() {
            return millis(end) / 1_000;
        }

        double millis(Instant time) {
            return Duration.between(begin, time).toNanos() / 1e6;
        }
    }

    @Override
    public void measure(Lab lab, Effort effort, Figures figures) throws InterruptedException {
        int pages = effort.size(FULL_PAGES, 10);
        JdbcClient database = lab.database();
        try (var pipeline = WholePipeline.on(lab, GmailSync.DOMAIN)) {
            for (int i = 0; i < WARM_UPS; i++) {
                sync(pipeline, database, pages);
            }
            for (int round = 0; round < effort.rounds(); round++) {
                Cpu before = pipeline.cpu();
                Round done = sync(pipeline, database, pages);
                addCpu(pipeline.cpu().since(before), tasks(pages), figures);
                addTimes(done, pages, database, figures);
            }
            figures.add("pipeline.idle_cpu_percent", "%", idleCpuPercent(pipeline, effort.size(15, 3)));
            var peaks = pipeline.peakMegabytes();
            peaks.forEach((part, peak) -> figures.add("pipeline.peak_mb." + part, "MB", peak));
            figures.add(
                    "pipeline.peak_mb",
                    "MB",
                    peaks.values().stream().mapToDouble(Double::doubleValue).sum());
        }
    }

    /** Of one core, while no run is under way. */
    private static double idleCpuPercent(WholePipeline pipeline, int seconds) throws InterruptedException {
        Cpu before = pipeline.cpu();
        TimeUnit.SECONDS.sleep(seconds);
        return pipeline.cpu().since(before).microsPer(seconds) / 1e4;
    }

    private Round sync(WholePipeline pipeline, JdbcClient database, int pages) throws InterruptedException {
        List<UUID> accounts = connect(pipeline, pages);
        Instant begin = Instant.now();
        for (UUID account : accounts) {
            pipeline.api().trigger(account.toString());
        }
        pipeline.until("a row", PATIENCE, () -> count(database, ROW, accounts) > 0);
        Instant firstRow = Instant.now();
        pipeline.until("the end of all runs", PATIENCE, () -> count(database, ENDED, accounts) == mailboxes);
        var round = new Round(accounts, begin, firstRow, Instant.now());
        check(database, accounts, pages);
        return round;
    }

    private List<UUID> connect(WholePipeline pipeline, int pages) throws InterruptedException {
        var accounts = new ArrayList<UUID>();
        for (int i = 0; i < mailboxes; i++) {
            var config = Map.<String, Object>of("pages", pages, "delayMillis", taskTime.toMillis());
            var account =
                    new Account("bench", GmailSync.DOMAIN, UUID.randomUUID().toString(), config, Map.of(), 60);
            accounts.add(UUID.fromString(pipeline.api().connect(account)));
        }
        return accounts;
    }

    private static long count(JdbcClient database, String query, List<UUID> accounts) {
        return database.sql(query).param("accounts", accounts).query(Long.class).single();
    }

    private void check(JdbcClient database, List<UUID> accounts, int pages) {
        long rows = count(database, ROWS, accounts);
        long proven = database.sql(SUMS).param("accounts", accounts).query(RunSums.class).list().stream()
                .filter(RunSums::balanced)
                .count();
        if (rows != rows(pages) || proven != mailboxes) {
            throw new IllegalStateException(rows + " of " + rows(pages) + " rows landed, " + proven + " of " + mailboxes
                    + " runs are proven complete");
        }
    }

    private void addTimes(Round round, int pages, JdbcClient database, Figures figures) {
        String suffix = "." + taskTime.toMillis() + "ms";
        figures.add("pipeline.wall_s" + suffix, "s", round.seconds());
        figures.add("pipeline.tasks_per_s" + suffix, "tasks/s", tasks(pages) / round.seconds());
        figures.add("pipeline.rows_per_s" + suffix, "rows/s", rows(pages) / round.seconds());
        figures.add("pipeline.first_row_ms", "ms", round.millis(round.firstRow()));
        figures.add("pipeline.completion_lag_ms", "ms", lagMillis(round, database));
        figures.add("pipeline.hop_p50_ms", "ms", hopMillis(0.5, round, database));
        figures.add("pipeline.hop_p99_ms", "ms", hopMillis(0.99, round, database));
    }

    private static void addCpu(Cpu taken, long tasks, Figures figures) {
        figures.add("pipeline.cpu_us_per_task", "us", taken.microsPer(tasks));
        taken.byPart().forEach((part, time) -> figures.add("pipeline.cpu_s." + part, "s", time.toNanos() / 1e9));
    }

    /** From the moment when the worker counted the last task of the last run until that run's end was in Postgres. */
    private static double lagMillis(Round round, JdbcClient database) {
        Instant counted = database.sql(LAST_COUNTED)
                .param("accounts", round.accounts())
                .query((result, number) -> result.getTimestamp(1).toInstant())
                .single();
        return Duration.between(counted, round.end()).toNanos() / 1e6;
    }

    private static double hopMillis(double share, Round round, JdbcClient database) {
        return database.sql(HOP)
                .param("share", share)
                .param("accounts", round.accounts())
                .query(Double.class)
                .single();
    }

    private long tasks(int pages) {
        return rows(pages) + (long) mailboxes * pages;
    }

    private long rows(int pages) {
        return (long) mailboxes * pages * GmailSync.PER_PAGE;
    }
}
