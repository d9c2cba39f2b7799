package io.tributary.scheduler.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.ByIndex;
import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.testing.Broker;
import io.tributary.scheduler.testing.Database;
import io.tributary.scheduler.testing.ManifestJson;
import io.tributary.scheduler.testing.RunningScheduler;
import io.tributary.standalone.metrics.DocumentedMetrics;
import io.tributary.standalone.metrics.Promtool;
import io.tributary.standalone.metrics.Scrape;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MetricsIT {

    private RunningScheduler scheduler;

    @SuppressWarnings("NullAway.Init") // start() sets it
    MetricsIT() {}

    @BeforeAll
    void start(@TempDir Path folder) {
        var broker = Broker.create();
        broker.announce(ManifestJson.HELLO);
        scheduler = RunningScheduler.start(folder, Database.empty(), broker, Map.of("management.server.port", "0"));
    }

    @AfterAll
    void stop() {
        scheduler.close();
    }

    @BeforeEach
    void forgetAccounts() {
        scheduler.database().deleteAll("user_integration", "sync_pause");
    }

    @Test
    void servesTheMetricsThatAreDocumented() throws Exception {
        Database database = scheduler.database();
        database.integration(Instant.now().minusSeconds(90));
        UUID live = database.run(database.integration(null), "schedule");
        database.update("update sync_run set created_at = now() - interval '2 minutes' where id = :id", live);
        scheduler.maintain("readFreshness");
        scheduler.maintain("readBacklogs");

        Scrape scrape = Scrape.of(port("management"));

        assertThat(scrape.sum("tributary_freshness_seconds", "domain", "hello")).isBetween(120.0, 600.0);
        assertThat(scrape.sum("tributary_scheduler_overdue_schedules", "domain", "hello"))
                .isEqualTo(1);
        assertThat(scrape.sum("tributary_scheduler_live_runs", "domain", "hello"))
                .isEqualTo(1);
        assertThat(scrape.sum("tributary_scheduler_replays")).isZero();
        assertThat(scrape.families()).containsKeys("hikaricp_connections", "jvm_memory_used_bytes");
        assertThat(DocumentedMetrics.rowsOf("Scheduler")).isEqualTo(DocumentedMetrics.rowsFor(scrape));
        Optional<Promtool> promtool = Promtool.installed();
        if (promtool.isPresent()) {
            assertThat(promtool.get().lint(scrape)).isEmpty();
        }
    }

    @Test
    void countsNoScheduleOfAnAccountThatIsNotActive() throws Exception {
        Database database = scheduler.database();
        scheduler.maintain("readFreshness");
        double before = overdue();

        database.integration("hello", "expired", Instant.now().minusSeconds(90));
        database.integration("hello", "active", Instant.now().minusSeconds(90));
        scheduler.maintain("readFreshness");

        assertThat(overdue()).isEqualTo(before + 1);
    }

    @Test
    void showsHowLongAPlatformHasBeenPaused() throws Exception {
        Database database = scheduler.database();
        scheduler.maintain("readFreshness");
        assertThat(paused()).isZero();

        database.jdbc().sql("""
            insert into sync_pause (name, kind, requested_by, by_operator, created_at)
            values ('hello', 'platform', 'ops', true, now() - interval '1 hour')""").update();
        scheduler.maintain("readFreshness");
        assertThat(paused()).isBetween(3_600.0, 4_200.0);
    }

    private double paused() throws Exception {
        return Scrape.of(port("management")).sum("tributary_scheduler_paused_seconds", "domain", "hello");
    }

    private double overdue() throws Exception {
        return Scrape.of(port("management")).sum("tributary_scheduler_overdue_schedules", "domain", "hello");
    }

    @Test
    void readsLiveRunsAndDueSchedulesByTheirIndexes() {
        assertThat(plan(FreshnessGauges.LIVE)).contains("sync_run_live_of_user").doesNotContain("Seq Scan");
        assertThat(plan(FreshnessGauges.DUE.replace(":most", "10")))
                .contains("sync_schedule_due")
                .doesNotContain("Seq Scan on sync_schedule");
    }

    private String plan(String statement) {
        Database database = scheduler.database();
        return database.transaction().execute(_ -> {
            ByIndex.prefer(database.jdbc());
            return String.join(
                    "\n",
                    database.jdbc()
                            .sql("explain (costs off) " + statement)
                            .param("now", SqlTime.of(Instant.now()))
                            .query(String.class)
                            .list());
        });
    }

    @Test
    void servesThemToOperatorsAloneOnThePortOfTheApi() {
        scheduler.nobody().get("/actuator/prometheus").expect(401);
        scheduler.user("ann").get("/actuator/prometheus").expect(403);
        assertThat(port("management")).isNotEqualTo(port("server"));
    }

    @Test
    void forgetsANumberThatAnotherReplicaReads() {
        var clock = new MutableClock();
        var number = new ReadNumber(clock);
        assertThat(number.value()).isNaN();
        number.read(3);
        clock.now = clock.now.plus(ReadNumber.VALID);
        assertThat(number.value()).isEqualTo(3);
        clock.now = clock.now.plusMillis(1);
        assertThat(number.value()).isNaN();
    }

    private static final class MutableClock extends Clock {
        private Instant now = Instant.EPOCH.plusSeconds(1_000);

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    private int port(String of) {
        return scheduler.context().getEnvironment().getRequiredProperty("local." + of + ".port", Integer.class);
    }
}
