package io.tributary.scheduler.polling;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tributary.scheduler.dispatch.DispatchRuns;
import io.tributary.scheduler.dispatch.FailRuns;
import io.tributary.scheduler.dispatch.TaskTopic;
import io.tributary.scheduler.manifests.KnownManifests;
import io.tributary.scheduler.schedules.ScheduleTable;
import io.tributary.scheduler.tables.AccountTable;
import io.tributary.scheduler.tables.RunOutbox;
import io.tributary.scheduler.tables.RunTable;
import io.tributary.scheduler.testing.Broker;
import io.tributary.scheduler.testing.Database;
import io.tributary.scheduler.testing.ManifestJson;
import io.tributary.scheduler.testing.Publishing;
import io.tributary.schemas.Task;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** Replicas share the work: none of it is lost, and none done twice. */
class TwoSchedulersIT {

    private static final int INTEGRATIONS = 3_000;
    private static final int BATCH_SIZE = 50;

    @Test
    void dispatchEachDueIntegrationExactlyOnce() throws Exception {
        var broker = Broker.create();
        try (var database = Database.migrated();
                var replica = database.another();
                var publishing = Publishing.to(broker);
                var threads = Executors.newCachedThreadPool()) {
            insertDue(database);
            var one = new Scheduler(database, publishing, broker);
            var other = new Scheduler(replica, publishing, broker);

            // Both poll and dispatch at the same time, and each dispatches on two threads, as the timers do.
            var work = List.<Callable<Void>>of(
                    one::poll, other::poll, one::dispatch, other::dispatch, one::dispatch, other::dispatch);
            for (Future<Void> done : threads.invokeAll(work)) {
                done.get();
            }
            one.dispatch();

            var tasks = broker.<Task>read(broker.topics().tasks()).stream()
                    .map(ConsumerRecord::value)
                    .toList();
            assertThat(tasks).hasSize(INTEGRATIONS);
            assertThat(tasks.stream().map(Task::getUserIntegrationId).collect(toSet()))
                    .hasSize(INTEGRATIONS);
            assertThat(tasks.stream().map(Task::getTaskId).collect(toSet()))
                    .containsExactlyInAnyOrderElementsOf(
                            database.ids("select id from sync_run where dispatched_at is not null"));
            assertThat(database.count("select count(*) from user_integration where next_sync_at is not null"))
                    .isZero();
            assertThat(one.picked).isNotEmpty();
            assertThat(other.picked).isNotEmpty();
        }
    }

    @Test
    void startOneRunOfAnIntegrationThatAllOfThemWant() throws Exception {
        try (var database = Database.migrated();
                var threads = Executors.newCachedThreadPool()) {
            UUID integration = database.integration(Instant.now().minusSeconds(1));
            var pickDue = new PickDueIntegrations(
                    database.jdbc(),
                    database.transaction(),
                    KnownManifests.of(ManifestJson.HELLO),
                    new ScheduleTable(database.jdbc()),
                    database.queueRun(),
                    database.liveRunQuota(),
                    new LatenessTimers(new SimpleMeterRegistry(), KnownManifests.of(ManifestJson.HELLO)));

            var picks = threads.invokeAll(IntStream.range(0, 16)
                    .<Callable<Integer>>mapToObj(
                            _ -> () -> pickDue.pick(Instant.now(), 10).size())
                    .toList());

            int picked = 0;
            for (Future<Integer> pick : picks) {
                picked += pick.get();
            }
            assertThat(picked).isEqualTo(1);
            assertThat(database.ids("select user_integration_id from sync_run")).containsExactly(integration);
        }
    }

    @Test
    void loseNothingAndStartNothingTwiceWhenTheyDieAtAnyPoint() {
        long seed = Long.getLong("scheduler.seed", System.nanoTime());
        System.out.println("scheduler.seed=" + seed);
        var random = new Random(seed);
        var broker = Broker.create();
        try (var database = Database.migrated();
                var publishing = Publishing.to(broker)) {
            insertDue(database);
            var topic = TaskTopic.of(publishing.records(), broker.topics());
            int deaths = 0;
            while (database.count("select count(*) from sync_run where dispatched_at is not null") < INTEGRATIONS) {
                // What dies takes its transaction along, as its connection does; a new one starts in its place.
                var replica = new Scheduler(database, dyingAtRandom(topic, random));
                try {
                    replica.pickDue.pick(Instant.now(), BATCH_SIZE);
                    replica.dispatchRuns.run();
                } catch (Death _) {
                    deaths++;
                    // As if the time had passed for which the dead one claimed its runs.
                    database.jdbc()
                            .sql("update run_outbox set claimed_until = null")
                            .update();
                }
            }

            assertThat(deaths).isPositive();
            var tasks = broker.<Task>read(broker.topics().tasks()).stream()
                    .map(ConsumerRecord::value)
                    .toList();
            assertThat(tasks).as("some again after a death").hasSizeGreaterThan(INTEGRATIONS);
            assertThat(tasks.stream().map(Task::getTaskId).collect(toSet())).hasSize(INTEGRATIONS);
            assertThat(tasks.stream().map(Task::getUserIntegrationId).collect(toSet()))
                    .hasSize(INTEGRATIONS);
            assertThat(database.count("select count(*) from sync_run")).isEqualTo(INTEGRATIONS);
        }
    }

    private static TaskTopic dyingAtRandom(TaskTopic topic, Random random) {
        return tasks -> {
            int fate = random.nextInt(4);
            if (fate == 0) {
                throw new Death();
            }
            var publications = topic.publish(tasks);
            if (fate == 1) {
                throw new Death();
            }
            return publications;
        };
    }

    /** The process is gone: nothing catches this. */
    private static final class Death extends Error {}

    private static void insertDue(Database database) {
        database.jdbc().sql("""
            insert into user_integration (user_id, integration_domain, name, next_sync_at)
            select 'user-' || n % 10, 'hello', 'Hello ' || n, now() - interval '1 minute'
            from generate_series(1, :count) n
            """).param("count", INTEGRATIONS).update();
    }

    /** A replica, cranked by hand. */
    private static final class Scheduler {

        private final PickDueIntegrations pickDue;
        private final DispatchRuns dispatchRuns;
        private final List<UUID> picked = new ArrayList<>();

        Scheduler(Database database, Publishing publishing, Broker broker) {
            this(database, TaskTopic.of(publishing.records(), broker.topics()));
        }

        Scheduler(Database database, TaskTopic topic) {
            var manifests = KnownManifests.of(ManifestJson.HELLO);
            pickDue = new PickDueIntegrations(
                    database.jdbc(),
                    database.transaction(),
                    manifests,
                    new ScheduleTable(database.jdbc()),
                    database.queueRun(),
                    database.liveRunQuota(),
                    new LatenessTimers(new SimpleMeterRegistry(), manifests));
            dispatchRuns = new DispatchRuns(
                    new RunOutbox(database.jdbc()),
                    database.transaction(),
                    manifests,
                    topic,
                    new FailRuns(
                            database.jdbc(),
                            new AccountTable(database.jdbc()),
                            new RunTable(database.jdbc(), new RunOutbox(database.jdbc())),
                            database.transaction(),
                            new ScheduleTable(database.jdbc()),
                            Clock.systemUTC()),
                    Clock.systemUTC());
        }

        Void poll() {
            Instant now = Instant.now();
            for (var batch = pickDue.pick(now, BATCH_SIZE); !batch.isEmpty(); batch = pickDue.pick(now, BATCH_SIZE)) {
                batch.forEach(pick -> picked.add(pick.runId()));
                dispatchRuns.run();
            }
            return null;
        }

        Void dispatch() {
            for (int i = 0; i < 20; i++) {
                dispatchRuns.run();
            }
            return null;
        }
    }
}
