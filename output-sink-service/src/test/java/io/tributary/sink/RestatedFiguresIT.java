package io.tributary.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.schemas.Output;
import io.tributary.schemas.OutputKind;
import io.tributary.schemas.RunProgress;
import io.tributary.schemas.RunStatus;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * Four weeks of figures of many ads, restated by each sync, while Postgres drops the sink's connections, and another
 * sink reads everything again. {@code -Dsink.ads=1000} takes as many ads as large customers have.
 */
class RestatedFiguresIT {

    private static final int ADS = Integer.getInteger("sink.ads", 25);
    private static final int DAYS = 28;
    private static final Instant FIRST = Instant.parse("2026-01-15T00:00:00Z");
    private static final Duration LONG = Duration.ofMinutes(5);

    private final Map<String, BigDecimal> expected = new TreeMap<>();
    private long restated;

    @Test
    void landExactlyHoweverOftenTheSinkDiesAndTheSameTwice() {
        try (var topics = new SinkTopics();
                var database = SinkDatabase.create()) {
            UUID account = id(database, """
                insert into user_integration (user_id, integration_domain, name) values ('ann', 'ads', 'ads') returning id\
                """);
            try (var _ = start(database, topics, "figures")) {
                UUID first = run(database, account);
                sync(topics, account, first, 1);
                await().atMost(LONG)
                        .until(() ->
                                database.count("select outputs_saved from sync_run where id = '" + first + "'") > 0);
                sync(topics, account, run(database, account), 2);
                for (int i = 0; i < 5; i++) {
                    dropConnections(database);
                }
            }
            // Reads all records again, as a sink does whose predecessor died before it committed its offsets.
            UUID third = run(database, account);
            try (var _ = start(database, topics, "figures-again")) {
                sync(topics, account, third, 3);
                dropConnections(database);
                awaitEnd(database);
                UUID same = run(database, account);
                sync(topics, account, same, 3);
                awaitEnd(database);

                assertThat(database.owner()
                                .queryForMap(
                                        "select rows_inserted, rows_updated, rows_unchanged from sync_run"
                                                + " where id = ?",
                                        same))
                        .isEqualTo(
                                Map.of("rows_inserted", 0L, "rows_updated", 0L, "rows_unchanged", (long) ADS * DAYS));
                await().atMost(LONG).until(() -> database.count("select count(*) from metric_change") == 0);
            }

            assertThat(stored(database)).isEqualTo(expected);
            assertThat(database.count("select count(*) from metric_point")).isEqualTo((long) ADS * DAYS);
            assertThat(database.count("select count(*) from metric_restatement"))
                    .isEqualTo(restated);
            assertThat(database.count("""
                    select count(*) from sync_run
                     where status = 'succeeded' and outputs = outputs_saved
                       and outputs = rows_inserted + rows_updated + rows_unchanged\
                    """)).isEqualTo(4);
            assertSumsAreThoseOfTheFigures(database);
        }
    }

    private void assertSumsAreThoseOfTheFigures(SinkDatabase database) {
        BigDecimal sum = expected.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        for (int minutes : new int[] {5, 60, 1440}) {
            assertThat(database.owner()
                            .queryForObject(
                                    "select sum(total) from metric_rollup where step_minutes = ?",
                                    BigDecimal.class,
                                    minutes))
                    .isEqualByComparingTo(sum);
        }
    }

    private static Map<String, BigDecimal> stored(SinkDatabase database) {
        Map<String, BigDecimal> stored = new TreeMap<>();
        database.owner()
                .query(
                        "select s.dimensions ->> 'ad', p.at, p.value from metric_series s"
                                + " join metric_point p on p.series_id = s.id",
                        row -> {
                            stored.put(
                                    row.getString(1) + "@" + row.getTimestamp(2).toInstant(), row.getBigDecimal(3));
                        });
        return stored;
    }

    /** Figures of four weeks, as the provider has them at that time: two thirds of them change from sync to sync. */
    private void sync(SinkTopics topics, UUID account, UUID run, int version) {
        int index = 0;
        for (int ad = 0; ad < ADS; ad++) {
            for (int day = 0; day < DAYS; day++) {
                Instant at = FIRST.plus(Duration.ofDays(day));
                var value = new BigDecimal((ad + day) % 3 == 0 ? "7.25" : ad + "." + (10 + version));
                BigDecimal before = expected.put(ad + "@" + at, value);
                restated += before != null && before.compareTo(value) != 0 ? 1 : 0;
                topics.output(account, figure(account, run, index++, ad, at, value));
            }
        }
        topics.output(
                account,
                RunProgress.newBuilder()
                        .setRunId(run)
                        .setUserIntegrationId(account)
                        .setSpawned(0)
                        .setCompleted(1)
                        .setFailed(0)
                        .setOutputs(index)
                        .setStatus(RunStatus.succeeded)
                        .setAt(FIRST)
                        .build());
        topics.flush();
    }

    private static Output figure(UUID account, UUID run, int index, int ad, Instant at, BigDecimal value) {
        return Output.newBuilder()
                .setRunId(run)
                .setTaskId(new UUID(7, 1))
                .setIndex(index)
                .setUserIntegrationId(account)
                .setDomain("ads")
                .setKind(OutputKind.metric)
                .setExternalTimestamp(at)
                .setMetadata("{}")
                .setUnified("{\"series\":\"spend\",\"dimensions\":{\"ad\":\"" + ad + "\"},\"value\":\"" + value + "\"}")
                .build();
    }

    private static RunningSink start(SinkDatabase database, SinkTopics topics, String group) {
        return RunningSink.start(
                database,
                topics,
                group,
                "--tributary.sink.keep-restated-values=true",
                "--tributary.sink.batch-records=200",
                "--tributary.maintenance.metric-sums-every=1s",
                "--tributary.maintenance.pause=10ms");
    }

    private static void dropConnections(SinkDatabase database) {
        database.owner()
                .queryForList(
                        "select pg_terminate_backend(pid) from pg_stat_activity where usename = ?",
                        database.login().username());
    }

    private static void awaitEnd(SinkDatabase database) {
        await().atMost(LONG)
                .until(() -> database.count("select count(*) from sync_run where finished_at is null") == 0);
    }

    /** A run beside the others: each sync is one, and later ones are newer. */
    private static UUID run(SinkDatabase database, UUID account) {
        return id(
                database,
                "insert into sync_run (user_integration_id, user_id, integration_domain, trigger,"
                        + " dispatched_at) values ('" + account + "', 'ann', 'ads', 'backfill', now()) returning id");
    }

    private static UUID id(SinkDatabase database, String sql) {
        return Objects.requireNonNull(database.owner().queryForObject(sql, UUID.class));
    }
}
