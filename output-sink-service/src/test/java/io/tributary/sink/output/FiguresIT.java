package io.tributary.sink.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.schemas.OutputKind;
import io.tributary.schemas.RunStatus;
import io.tributary.sink.maintenance.EraseAccounts;
import io.tributary.sink.maintenance.MaintenanceJob;
import io.tributary.sink.metrics.CreateMetricPartitions;
import io.tributary.sink.metrics.PurgeMetrics;
import io.tributary.sink.metrics.RollUpMetrics;
import io.tributary.sink.postgres.Postgres;
import io.tributary.sink.run.RunRecord.Item;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Outputs of the kind metric become values of time series, and these become sums. */
class FiguresIT {

    private static final Instant DAY = Instant.parse("2026-03-01T00:00:00Z");

    private final Scene scene = new Scene();
    private final Postgres postgres = scene.postgres();
    private final RollUpMetrics rollUp = new RollUpMetrics(postgres, Duration.ofMinutes(5), 100);
    private UUID account;
    private UUID run;

    @SuppressWarnings("NullAway.Init") // JUnit sets them
    FiguresIT() {}

    @BeforeEach
    void connect() {
        account = scene.userIntegration();
        run = scene.run(account, "schedule");
    }

    @Test
    void storesAFigureOnceAndCountsItLikeAnyOtherOutput() {
        scene.apply(
                figure(run, "clicks", DAY, "10"),
                figure(run, "clicks", DAY, "10"),
                figure(run, "clicks", DAY.plusSeconds(60), "0.30"),
                scene.output(run, "a message").saying("hello"),
                scene.progress(run, RunStatus.succeeded, 4));

        assertThat(values()).containsExactly("clicks 00:00 10", "clicks 00:01 0.30");
        assertThat(scene.content(account, "a message")).isPresent();
        assertThat(scene.runRow(run))
                .containsEntry("status", "succeeded")
                .containsEntry("outputs_saved", 4L)
                .containsEntry("rows_inserted", 3L)
                .containsEntry("rows_updated", 0L)
                .containsEntry("rows_unchanged", 1L);
        assertThat(count("user_integration_content")).isEqualTo(1);
    }

    @Test
    void aRestatedFigureReplacesItsValueAndIsKeptAsItWas() {
        scene.apply(figure(run, "clicks", DAY, "10"), figure(run, "clicks", DAY.plusSeconds(1), "5"));
        UUID next = scene.run(account, "backfill");

        scene.apply(figure(next, "clicks", DAY, "12"), figure(next, "clicks", DAY.plusSeconds(1), "5.0"));

        assertThat(values()).containsExactly("clicks 00:00 12", "clicks 00:00 5");
        assertThat(scene.runRow(next)).containsEntry("rows_updated", 1L).containsEntry("rows_unchanged", 1L);
        assertThat(scene.owner().queryForList("""
                            select r.value, r.run_id from metric_restatement r join metric_series s on s.id = r.series_id
                             where s.user_integration_id = ?\
                            """, account))
                .containsExactly(Map.of("value", new BigDecimal("10"), "run_id", run));
    }

    @Test
    void anOlderRunAndAReplayNeverReplaceANewerFigure() {
        UUID newer = scene.run(account, "backfill");
        Item old = figure(run, "clicks", DAY, "10");
        Item unchanged = figure(run, "views", DAY, "1");
        scene.apply(figure(run, "views", DAY, "2"));
        scene.apply(figure(newer, "clicks", DAY, "11"), figure(newer, "views", DAY, "2"));

        scene.reapply(old, unchanged);

        assertThat(values()).containsExactly("clicks 00:00 11", "views 00:00 2");
    }

    @Test
    void tellsSeriesApartByNameAndDimensionsInAnyOrder() {
        scene.apply(
                figure(run, "clicks", DAY, "1", "{\"a\":\"1\",\"b\":\"2\"}"),
                figure(run, "clicks", DAY, "2", "{\"b\":\"2\",\"a\":\"1\"}"),
                figure(run, "clicks", DAY, "3", "{\"a\":\"2\",\"b\":\"1\"}"),
                figure(run, "clicks", DAY, "4"));

        assertThat(values()).containsExactly("clicks 00:00 2", "clicks 00:00 3", "clicks 00:00 4");
    }

    @Test
    void onlyNearMonthsHavePartitionsOfTheirOwn() {
        List<String> partitions = partitions();
        YearMonth ahead = YearMonth.now(ZoneOffset.UTC).plusMonths(2);
        Instant years = Instant.now().minus(Duration.ofDays(5 * 365));

        scene.apply(
                figure(run, "clicks", Instant.parse("1950-01-01T00:00:00Z"), "1"),
                figure(run, "clicks", years, "2"),
                figure(run, "clicks", inMonth(ahead), "3"),
                figure(run, "clicks", Instant.parse("2090-01-01T00:00:00Z"), "4"));

        assertThat(partitionsOfFigures())
                .containsExactly("metric_point_earlier", "metric_point_earlier", nameOf(ahead), "metric_point_later");
        assertThat(partitions()).hasSize(24 + 3 + 2).isEqualTo(partitions);
    }

    @Test
    void theFiguresOfAMonthThatComesNearMoveToItsPartition() {
        String month = dropTheLastMonth();
        Instant near = inMonth(YearMonth.now(ZoneOffset.UTC).plusMonths(2));
        scene.apply(figure(run, "clicks", near, "1"), figure(run, "clicks", near.plus(Duration.ofDays(366)), "2"));
        assertThat(partitionsOfFigures()).containsExactly("metric_point_later", "metric_point_later");

        runOut(new CreateMetricPartitions(postgres));

        assertThat(partitionsOfFigures()).containsExactly(month, "metric_point_later");
        UUID next = scene.run(account, "backfill");
        scene.apply(figure(next, "clicks", near, "3"));
        assertThat(values()).containsExactly("clicks 00:00 3", "clicks 00:00 2");
    }

    @Test
    void aLongTransactionPostponesANewPartitionInsteadOfHoldingUpTheOthers() {
        String month = dropTheLastMonth();

        postgres.run(() -> {
            postgres.sql("select count(*) from metric_point").query(Long.class).single();
            runOutInAnotherThread(new CreateMetricPartitions(postgres));
            assertThat(partitions()).doesNotContain(month);
        });
        runOut(new CreateMetricPartitions(postgres));

        assertThat(partitions()).contains(month);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "no json",
                "{\"series\":\"clicks\",\"value\":\"1e999999999\"}",
                "{\"series\":\"\",\"value\":\"1\"}",
                "{\"series\":\"clicks\",\"value\":\"much\"}"
            })
    void storesAsContentWhatIsNoFigureAndGoesOn(String unified) {
        scene.apply(
                scene.output(run, "odd")
                        .with(output -> output.setKind(OutputKind.metric)
                                .setExternalTimestamp(DAY)
                                .setUnified(unified)),
                figure(run, "clicks", DAY, "1"));

        assertThat(values()).containsExactly("clicks 00:00 1");
        assertThat(scene.content(account, "odd").orElseThrow()).containsEntry("kind", "metric");
    }

    @Test
    void storesAsContentAFigureWhoseNamesAreTooLong() {
        String dimensions =
                IntStream.range(0, 21).mapToObj(i -> "\"d" + i + "\":\"\"").collect(Collectors.joining(",", "{", "}"));

        scene.apply(
                figure(run, "s".repeat(201), DAY, "1"),
                figure(run, "clicks", DAY, "1", "{\"" + "d".repeat(201) + "\":\"1\"}"),
                figure(run, "clicks", DAY, "1", "{\"ad\":\"" + "v".repeat(501) + "\"}"),
                figure(run, "clicks", DAY, "1", dimensions),
                figure(run, "s".repeat(200), DAY, "1", "{\"ad\":\"" + "v".repeat(500) + "\"}"));

        assertThat(values()).hasSize(1);
        assertThat(count("user_integration_content")).isEqualTo(4);
    }

    @Test
    void storesAnActivityInTheWordsOfAllPlatforms() {
        scene.apply(scene.output(run, "p1")
                .with(output ->
                        output.setKind(OutputKind.post).setUnified("{\"text\":\"Hello\",\"counts\":{\"likes\":2}}")));
        UUID next = scene.run(account, "backfill");
        scene.apply(scene.output(next, "p1")
                .with(output ->
                        output.setKind(OutputKind.post).setUnified("{\"text\":\"Hello\",\"counts\":{\"likes\":3}}")));

        assertThat(scene.owner()
                        .queryForObject(
                                "select unified ->> 'text' || (unified -> 'counts' ->> 'likes') from user_integration_content"
                                        + " where user_integration_id = ?",
                                String.class,
                                account))
                .isEqualTo("Hello3");
        assertThat(scene.runRow(next)).containsEntry("rows_updated", 1L);
    }

    @Test
    void sumsFiguresByFiveMinutesHourAndDayAndAgainWhenTheyAreRestated() {
        scene.apply(
                figure(run, "clicks", DAY.plusSeconds(10), "1"),
                figure(run, "clicks", DAY.plusSeconds(299), "2.5"),
                figure(run, "clicks", DAY.plusSeconds(300), "4"),
                figure(run, "clicks", DAY.plusSeconds(3600), "8"));
        runOut(rollUp);
        assertThat(sums())
                .containsExactly(
                        "5 00:00 2 3.5 1 2.5 2.5",
                        "5 00:05 1 4 4 4 4",
                        "5 01:00 1 8 8 8 8",
                        "60 00:00 3 7.5 1 4 4",
                        "60 01:00 1 8 8 8 8",
                        "1440 00:00 4 15.5 1 8 8");

        UUID next = scene.run(account, "backfill");
        scene.apply(figure(next, "clicks", DAY.plusSeconds(300), "5"));
        runOut(rollUp);

        assertThat(sums()).contains("5 00:05 1 5 5 5 5", "60 00:00 3 8.5 1 5 5", "1440 00:00 4 16.5 1 8 8");
        assertThat(count("metric_change", "series_id")).isZero();
    }

    /** The job must not take a change for done whose figures it did not see. */
    @Test
    void aFigureThatIsCommittedBesideTheSumsIsInTheNextOnes() {
        scene.apply(figure(run, "clicks", DAY, "1"));
        UUID next = scene.run(account, "backfill");
        Item restated = figure(next, "clicks", DAY, "7");

        postgres.run(() -> {
            // Within this transaction, as a sink that has written and not yet committed.
            scene.reapplyWithin(restated);
            runOutInAnotherThread(rollUp);
        });
        runOut(rollUp);

        assertThat(sums()).contains("1440 00:00 1 7 7 7 7");
    }

    @Test
    void aRoundOfSumsLeavesWhatChangesMeanwhileToTheNextOne() {
        runOut(rollUp);
        scene.apply(figure(run, "clicks", DAY, "1"), figure(run, "views", DAY, "1"));
        var oneByOne = new RollUpMetrics(postgres, Duration.ofMinutes(5), 1);
        var step = oneByOne.step(null);
        scene.apply(figure(run, "clicks", DAY.plusSeconds(86_400), "1"));

        for (int i = 0; i < 2; i++) {
            step = oneByOne.step(Objects.requireNonNull(step.next()));
        }

        assertThat(step.next()).isNull();
        assertThat(count("metric_change", "series_id")).isEqualTo(1);
        runOut(oneByOne);
        assertThat(count("metric_change", "series_id")).isZero();
    }

    @Test
    void figuresPastTheRetentionGoWithTheirSums() {
        scene.apply(
                figure(run, "clicks", Scene.NOW.minus(Duration.ofDays(40)), "1"),
                figure(run, "old", Scene.NOW.minus(Duration.ofDays(40)), "1"),
                figure(run, "clicks", Scene.NOW.minus(Duration.ofDays(2)), "2"));
        runOut(rollUp);
        scene.owner().update("update user_integration set retention_days = 30 where id = ?", account);

        purgeAndRollUp();

        assertThat(values()).containsExactly("clicks 12:00 2");
        assertThat(sums()).containsExactly("5 12:00 1 2 2 2 2", "60 12:00 1 2 2 2 2", "1440 00:00 1 2 2 2 2");
        assertThat(count("metric_series"))
                .as("nothing is left of the other series")
                .isEqualTo(1);
    }

    @Test
    void aPurgeTakesWhatWasWrittenBeforeItOnce() {
        scene.apply(figure(run, "clicks", DAY, "1"));
        scene.owner().update("update user_integration set purged_before = clock_timestamp() where id = ?", account);
        purgeAndRollUp();
        assertThat(values()).isEmpty();
        assertThat(count("metric_series")).isZero();

        UUID next = scene.run(account, "backfill");
        scene.apply(figure(next, "clicks", DAY, "2"));
        purgeAndRollUp();

        assertThat(values()).containsExactly("clicks 00:00 2");
    }

    @Test
    void aPurgeTakesReplacedValuesThatWereWrittenBeforeIt() {
        scene.apply(figure(run, "clicks", DAY, "1"), figure(run, "views", DAY, "1"));
        UUID next = scene.run(account, "backfill");
        scene.owner().update("update user_integration set purged_before = clock_timestamp() where id = ?", account);
        scene.apply(figure(next, "clicks", DAY, "2"), figure(next, "views", DAY, "2"));
        assertThat(count("metric_restatement", "series_id")).isEqualTo(2);

        purgeAndRollUp();

        assertThat(values()).containsExactly("clicks 00:00 2", "views 00:00 2");
        assertThat(count("metric_restatement", "series_id")).isZero();
    }

    @Test
    void oneStepPassesAccountsThatHaveNothingToRemove() {
        purgeAndRollUp();
        for (int i = 0; i < 3; i++) {
            UUID other = scene.userIntegration();
            scene.apply(figure(scene.run(other, "schedule"), "clicks", Scene.NOW, "1"));
            scene.owner().update("update user_integration set retention_days = 30 where id = ?", other);
        }

        var step =
                new PurgeMetrics(postgres, Clock.fixed(Scene.NOW, ZoneOffset.UTC), Duration.ofHours(1), 1).step(null);

        assertThat(step.next()).isNull();
    }

    @Test
    void nothingOfADeletedAccountIsLeft() {
        UUID other = scene.userIntegration();
        scene.apply(figure(scene.run(other, "schedule"), "clicks", DAY, "9"));
        scene.apply(figure(run, "clicks", DAY, "1"));
        runOut(rollUp);
        UUID next = scene.run(account, "backfill");
        scene.apply(figure(next, "clicks", DAY, "2"));
        long ofOthers = rows() - 6;

        scene.owner().update("delete from user_integration where id = ?", account);
        runOut(new EraseAccounts(postgres, Optional.empty(), Clock.systemUTC(), Duration.ofMinutes(1), 2));

        assertThat(count("metric_series")).isZero();
        // A point, its value before, three sums and a changed day.
        assertThat(rows()).isEqualTo(ofOthers);
    }

    private long rows() {
        return Objects.requireNonNull(scene.owner().queryForObject("""
                    select (select count(*) from metric_point) + (select count(*) from metric_restatement)
                           + (select count(*) from metric_rollup) + (select count(*) from metric_change)\
                    """, Long.class));
    }

    private void purgeAndRollUp() {
        var purge = new PurgeMetrics(postgres, Clock.fixed(Scene.NOW, ZoneOffset.UTC), Duration.ofHours(1), 1);
        runOut(purge);
        runOut(rollUp);
        runOut(purge);
    }

    private String dropTheLastMonth() {
        String month = nameOf(YearMonth.now(ZoneOffset.UTC).plusMonths(2));
        scene.owner().execute("alter table metric_point detach partition " + month);
        scene.owner().execute("drop table " + month);
        return month;
    }

    private static Instant inMonth(YearMonth month) {
        return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    private static String nameOf(YearMonth month) {
        return "metric_point_" + month.toString().replace('-', '_');
    }

    private List<String> partitions() {
        return scene.owner()
                .queryForList(
                        "select inhrelid::regclass::text from pg_inherits where inhparent = 'metric_point'::regclass"
                                + " order by 1",
                        String.class);
    }

    private List<String> partitionsOfFigures() {
        return scene.owner().queryForList("""
                    select p.tableoid::regclass::text from metric_point p join metric_series s on s.id = p.series_id
                     where s.user_integration_id = ? order by p.at\
                    """, String.class, account);
    }

    private static void runOut(MaintenanceJob job) {
        MaintenanceJob.Step step = job.step(null);
        while (step.next() != null) {
            step = job.step(step.next());
        }
    }

    private static void runOutInAnotherThread(MaintenanceJob job) {
        Thread thread = Thread.ofVirtual().start(() -> runOut(job));
        try {
            assertThat(thread.join(Duration.ofSeconds(60))).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private Item figure(UUID ofRun, String series, Instant at, String value) {
        return figure(ofRun, series, at, value, "{}");
    }

    private Item figure(UUID ofRun, String series, Instant at, String value, String dimensions) {
        return scene.output(ofRun, series + at + dimensions)
                .with(output -> output.setKind(OutputKind.metric)
                        .setContent(null)
                        .setExternalTimestamp(at)
                        .setUnified("{\"series\":\"" + series + "\",\"dimensions\":" + dimensions + ",\"value\":\""
                                + value + "\"}"));
    }

    private List<String> values() {
        return scene.owner().queryForList("""
                    select s.series || to_char(p.at at time zone 'UTC', ' HH24:MI ') || p.value
                      from metric_series s join metric_point p on p.series_id = s.id
                     where s.user_integration_id = ? order by s.series, p.at, p.value\
                    """, String.class, account);
    }

    private List<String> sums() {
        return scene.owner().queryForList("""
                    select r.step_minutes || to_char(r.bucket at time zone 'UTC', ' HH24:MI ')
                           || concat_ws(' ', r.points, r.total, r.least, r.greatest, r.last)
                      from metric_series s join metric_rollup r on r.series_id = s.id
                     where s.user_integration_id = ? order by r.step_minutes, r.bucket\
                    """, String.class, account);
    }

    private long count(String table) {
        return Objects.requireNonNull(scene.owner()
                .queryForObject(
                        "select count(*) from " + table + " where user_integration_id = ?", Long.class, account));
    }

    private long count(String table, String column) {
        return Objects.requireNonNull(scene.owner()
                .queryForObject(
                        "select count(*) from " + table + " where " + column
                                + " in (select id from metric_series where user_integration_id = ?)",
                        Long.class,
                        account));
    }
}
