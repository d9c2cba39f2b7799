package io.tributary.scheduler.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.scheduler.kafka.Publication;
import io.tributary.scheduler.manifests.KnownManifests;
import io.tributary.scheduler.manifests.Manifests;
import io.tributary.scheduler.schedules.ScheduleTable;
import io.tributary.scheduler.security.Caller;
import io.tributary.scheduler.tables.AccountTable;
import io.tributary.scheduler.tables.RunOutbox;
import io.tributary.scheduler.tables.RunTable;
import io.tributary.scheduler.testing.Broker;
import io.tributary.scheduler.testing.Database;
import io.tributary.scheduler.testing.ManifestJson;
import io.tributary.scheduler.testing.Publishing;
import io.tributary.schemas.Task;
import io.tributary.schemas.Trigger;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DispatchRunsIT {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-04-01T12:00:00Z"), ZoneOffset.UTC);

    @SuppressWarnings("NullAway.Init")
    private static Database database;

    @SuppressWarnings("NullAway.Init")
    private static Broker broker;

    @SuppressWarnings("NullAway.Init")
    private static Publishing publishing;

    private final Manifests manifests = KnownManifests.of(ManifestJson.HELLO);
    private final TaskTopic topic = TaskTopic.of(publishing.records(), broker.topics());

    @BeforeAll
    static void connect() {
        database = Database.migrated();
        broker = Broker.create();
        publishing = Publishing.to(broker);
    }

    @AfterAll
    static void close() {
        publishing.close();
        database.close();
    }

    @Test
    void publishesTheInitialTaskThenMarksTheRun() {
        UUID integration = database.integration(null);
        UUID run = database.run(integration, "schedule");

        dispatch(topic).run();

        var task = tasksOf(run).getFirst();
        assertThat(task.key()).isEqualTo(integration.toString());
        assertThat(task.value().getTaskId()).isEqualTo(run);
        assertThat(task.value().getUserIntegrationId()).isEqualTo(integration);
        assertThat(task.value().getRunSequence())
                .isEqualTo(database.value("select sequence from sync_run where id = :id", run, Long.class));
        assertThat(task.value().getType()).isEqualTo("listGreetings");
        assertThat(task.value().getTrigger()).isEqualTo(Trigger.schedule);
        assertThat(task.value().getSyncState()).isEqualTo("{\"seen\": 7}");
        assertThat(dispatchedAt(run)).isEqualTo(CLOCK.instant());
        assertThat(status(run)).isEqualTo("queued");
    }

    @Test
    void dispatchesTheRunsItIsToldOfOnce() {
        UUID told = database.run(database.integration(null), "schedule");
        UUID other = database.run(database.integration(null), "schedule");

        dispatch(topic).run(List.of(told));
        dispatch(topic).run(List.of(told));

        assertThat(tasksOf(told)).hasSize(1);
        assertThat(dispatchedAt(told)).isEqualTo(CLOCK.instant());
        assertThat(dispatchedAt(other)).isNull();
        dispatch(topic).run();
        assertThat(tasksOf(told)).hasSize(1);
        assertThat(tasksOf(other)).hasSize(1);
    }

    @Test
    void holdsTheRunsOfAPausedIntegrationBackHoweverItIsToldOfThem() {
        UUID integration = database.integration(null);
        UUID run = database.run(integration, "schedule");
        database.update(
                "insert into sync_pause (name, kind, user_integration_id, requested_by, by_operator, created_at)"
                        + " values (:id::text, 'user_integration', :id, 'alice', false, now())",
                integration);

        dispatch(topic).run(List.of(run));
        dispatch(topic).run();

        assertThat(dispatchedAt(run)).isNull();
        database.update("delete from sync_pause where user_integration_id = :id", integration);
        dispatch(topic).run(List.of(run));
        assertThat(tasksOf(run)).hasSize(1);
    }

    @Test
    void holdsNoConnectionAndNoLockOfARunWhileKafkaAnswers() {
        UUID run = database.run(database.integration(null), "schedule");
        var connections = new ArrayList<Integer>();
        TaskTopic slow = tasks -> {
            connections.add(database.pool().getHikariPoolMXBean().getActiveConnections());
            database.transaction()
                    .executeWithoutResult(_ -> database.value(
                            "select id from sync_run where id = :id for update nowait", run, UUID.class));
            return topic.publish(tasks);
        };

        dispatch(slow).run();

        assertThat(connections).containsExactly(0);
        assertThat(tasksOf(run)).hasSize(1);
        assertThat(database.count("select count(*) from run_outbox")).isZero();
    }

    @Test
    void looksAtTheRunsOfAPausedPlatformOnceUntilItIsResumed() {
        UUID paused = database.integration("mail", "active", null);
        for (int i = 0; i < DispatchRuns.BATCH + 10; i++) {
            database.run(paused, "replay");
        }
        pause("mail");
        UUID other = database.run(database.integration(null), "schedule");

        dispatch(topic).run();

        assertThat(tasksOf(other)).hasSize(1);
        assertThat(waitingRows()).isZero();

        resume("mail");
        database.update(
                "delete from sync_run where user_integration_id = :id and id not in ("
                        + "select id from sync_run where user_integration_id = :id limit 1)",
                paused);
        dispatch(topic).run();
        assertThat(database.count("select count(*) from run_outbox")).isZero();
    }

    @Test
    void dispatchesAHeldRunThatIsToBeCancelled() {
        UUID run = database.run(database.integration(null), "schedule");
        pause("hello");
        dispatch(topic).run();
        assertThat(waitingRows()).isZero();

        new RunTable(database.jdbc(), new RunOutbox(database.jdbc()))
                .requestCancel(run, CLOCK.instant(), new Caller("ann", "ann", Caller.Role.user));
        dispatch(topic).run();

        assertThat(tasksOf(run)).hasSize(1);
        resume("hello");
    }

    private static void pause(String platform) {
        database.jdbc()
                .sql("insert into sync_pause (name, kind, requested_by, by_operator, created_at)"
                        + " values (:name, 'platform', 'root', true, now())")
                .param("name", platform)
                .update();
    }

    private static void resume(String platform) {
        database.jdbc()
                .sql("delete from sync_pause where name = :name")
                .param("name", platform)
                .update();
    }

    private static long waitingRows() {
        return database.count("select count(*) from run_outbox where held_by is null");
    }

    @Test
    void startsABackfillWithAStateOfItsOwn() {
        UUID run = database.run(database.integration(null), "backfill");

        dispatch(topic).run();

        assertThat(tasksOf(run).getFirst().value().getSyncState()).isEqualTo("{}");
    }

    @Test
    void publishesTheSameTaskAgainAfterACrashBeforeTheMark() {
        UUID run = database.run(database.integration(null), "schedule");
        TaskTopic crashing = tasks -> {
            topic.publish(tasks);
            throw new Crash();
        };

        assertThatThrownBy(() -> dispatch(crashing).run()).isInstanceOf(Crash.class);
        assertThat(dispatchedAt(run)).isNull();
        dispatch(topic).run(List.of(run));
        assertThat(tasksOf(run)).hasSize(1); // as long as it is claimed
        dispatch(topic, Clock.offset(CLOCK, DispatchRuns.CLAIM)).run();

        assertThat(tasksOf(run)).hasSize(2);
        assertThat(tasksOf(run).get(0).value()).isEqualTo(tasksOf(run).get(1).value());
        assertThat(dispatchedAt(run)).isNotNull();
    }

    @Test
    void leavesWhatCouldNotBePublishedForTheNextCall() {
        UUID run = database.run(database.integration(null), "schedule");

        dispatch(answering(new Publication.Postponed("down"))).run();
        assertThat(dispatchedAt(run)).isNull();
        assertThat(status(run)).isEqualTo("queued");

        dispatch(topic).run();
        assertThat(tasksOf(run)).hasSize(1);
        assertThat(dispatchedAt(run)).isNotNull();
    }

    @Test
    void failsTheRunOfAnUnknownIntegrationAndTriesAgainAtItsNextTime() {
        UUID integration = database.integration("gone", "active", null);
        UUID run = database.run(integration, "schedule");

        dispatch(topic).run();

        assertThat(status(run)).isEqualTo("failed");
        assertThat(database.value("select error_code from sync_run where id = :id", run, String.class))
                .isEqualTo("polling.integrationNotFound");
        assertThat(database.value("select error_message from sync_run where id = :id", run, String.class))
                .contains("gone", "hello");
        assertThat(database.value("select completed + failed - spawned from sync_run where id = :id", run, Long.class))
                .isEqualTo(1);
        assertThat(database.value("select error_code from task_failure where run_id = :id", run, String.class))
                .isEqualTo("polling.integrationNotFound");
        assertThat(database.value("select sync_status from user_integration where id = :id", integration, String.class))
                .isEqualTo("active");
        assertThat(database.value("select error_code from user_integration where id = :id", integration, String.class))
                .isEqualTo("polling.integrationNotFound");
        assertThat(database.value(
                        "select next_sync_at = '2026-04-01 12:15Z' from user_integration where id = :id",
                        integration,
                        Boolean.class))
                .isTrue();
        assertThat(tasksOf(run)).isEmpty();
    }

    @Test
    void failsARunWhoseTaskIsTooLargeForTheTopic() {
        UUID run = database.run(database.integration(null), "schedule");

        dispatch(answering(new Publication.Refused("9 MB"))).run();

        assertThat(status(run)).isEqualTo("failed");
        assertThat(database.value("select error_code from sync_run where id = :id", run, String.class))
                .isEqualTo("polling.taskTooLarge");
    }

    @Test
    void dispatchesNothingBeforeTheManifestsAreRead() {
        UUID run = database.run(database.integration("gone", "active", null), "schedule");

        new DispatchRuns(
                        new RunOutbox(database.jdbc()),
                        database.transaction(),
                        new Manifests(),
                        topic,
                        failRuns(),
                        CLOCK)
                .run();

        assertThat(status(run)).isEqualTo("queued");
        dispatch(topic).run();
        assertThat(status(run)).isEqualTo("failed");
    }

    /** A topic that answers each task so. */
    private static TaskTopic answering(Publication answer) {
        return tasks -> Collections.nCopies(tasks.size(), answer);
    }

    private DispatchRuns dispatch(TaskTopic to) {
        return dispatch(to, CLOCK);
    }

    private DispatchRuns dispatch(TaskTopic to, Clock clock) {
        return new DispatchRuns(
                new RunOutbox(database.jdbc()), database.transaction(), manifests, to, failRuns(), clock);
    }

    private static FailRuns failRuns() {
        return new FailRuns(
                database.jdbc(),
                new AccountTable(database.jdbc()),
                new RunTable(database.jdbc(), new RunOutbox(database.jdbc())),
                database.transaction(),
                new ScheduleTable(database.jdbc()),
                CLOCK);
    }

    private static List<ConsumerRecord<String, Task>> tasksOf(UUID run) {
        return broker.<Task>read(broker.topics().tasks()).stream()
                .filter(task -> task.value().getRunId().equals(run))
                .toList();
    }

    private static @Nullable Instant dispatchedAt(UUID run) {
        var at = database.value("select dispatched_at from sync_run where id = :id", run, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }

    private static @Nullable String status(UUID run) {
        return database.value("select status from sync_run where id = :id", run, String.class);
    }

    /** The process is gone: nothing catches this. */
    private static final class Crash extends Error {}
}
