package io.tributary.scheduler.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.scheduler.polling.PickDueIntegrations;
import io.tributary.scheduler.testing.Api;
import io.tributary.scheduler.testing.HelloApiTest;
import io.tributary.schemas.Task;
import io.tributary.schemas.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class TriggerApiIT extends HelloApiTest {

    @Test
    void isOnTheTopicAtOnce() {
        var answer = trigger("{}").expect(202);

        UUID run = runId(answer);
        assertThat(answer.json().get("alreadyRunning").asBoolean()).isFalse();
        assertThat(answer.response().headers().firstValue("Location")).hasValue("/v1/sync-runs/" + run);
        // The cycle of these tests never runs, so it was not the cycle.
        await().atMost(Duration.ofMinutes(1))
                .until(() -> !scheduler.tasksOf(run).isEmpty());
        Task task = scheduler.tasksOf(run).getFirst().value();
        assertThat(task.getTaskId()).isEqualTo(run);
        assertThat(task.getTrigger()).isEqualTo(Trigger.manual);
        assertThat(task.getPriority()).isZero();
        assertThat(task.getType()).isEqualTo("listGreetings");
        assertThat(task.getOptions()).isEqualTo("{}");
    }

    @Test
    void needsNoBody() {
        ann.post("/v1/user-integrations/" + integration + "/trigger").expect(202);
    }

    @Test
    void takesTheIntegrationOffTheScheduleUntilTheRunHasCompleted() {
        trigger("{}").expect(202);

        assertThat(ann.get("/v1/user-integrations/" + integration)
                        .json()
                        .get("nextSyncAt")
                        .isNull())
                .isTrue();
    }

    @Test
    void answersWithTheLiveRunWhenThereIsOne() {
        UUID first = runId(trigger("{}").expect(202));

        var second = trigger("{\"options\": {\"force\": true}}").expect(202);

        assertThat(runId(second)).isEqualTo(first);
        assertThat(second.json().get("alreadyRunning").asBoolean()).isTrue();
        finish(first);
        assertThat(runId(trigger("{}").expect(202))).isNotEqualTo(first);
    }

    @Test
    void startsOneRunHoweverManyAskAtOnce() throws Exception {
        var asks = new ArrayList<Callable<UUID>>();
        for (int i = 0; i < 16; i++) {
            asks.add(() -> runId(trigger("{}").expect(202)));
        }
        asks.add(() -> {
            // A cycle at the same time, as of another replica: the integration is due.
            scheduler.bean(PickDueIntegrations.class).pick(Instant.now(), 10_000);
            return new UUID(0, 0);
        });
        try (var threads = Executors.newCachedThreadPool()) {
            threads.invokeAll(asks);
        }

        assertThat(scheduler
                        .database()
                        .jdbc()
                        .sql("select count(*) from sync_run where user_integration_id = :id")
                        .param("id", integration)
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
    }

    @Test
    void runsABackfillBesideTheLiveRun() {
        UUID live = runId(trigger("{}").expect(202));

        var backfill = trigger("{\"options\": {\"startDate\": \"2026-04-01\", \"endDate\": \"2026-05-01\"}}")
                .expect(202);

        assertThat(runId(backfill)).isNotEqualTo(live);
        assertThat(backfill.json().get("alreadyRunning").asBoolean()).isFalse();
        await().atMost(Duration.ofMinutes(1))
                .until(() -> !scheduler.tasksOf(runId(backfill)).isEmpty());
        Task task = scheduler.tasksOf(runId(backfill)).getFirst().value();
        assertThat(task.getTrigger()).isEqualTo(Trigger.backfill);
        assertThat(task.getOptions())
                .isEqualTo("{\"endDate\": \"2026-05-01T00:00:00Z\", \"startDate\": \"2026-04-01T00:00:00Z\"}");
        assertThat(task.getSyncState()).isEqualTo("{}");
    }

    @Test
    void runsTheSameBackfillOnlyOnceAtATime() {
        String april = "{\"options\": {\"startDate\": \"2026-04-01\", \"endDate\": \"2026-05-01\"}}";
        String may = april.replace("05-01", "06-01").replace("04-01", "05-01");

        UUID first = runId(trigger(april).expect(202));

        assertThat(runId(trigger(april).expect(202))).isEqualTo(first);
        assertThat(runId(trigger(may).expect(202))).isNotEqualTo(first);
    }

    @Test
    void doesNotCountABackfillAsTheLiveRun() {
        UUID backfill =
                runId(trigger("{\"options\": {\"startDate\": \"2026-04-01\"}}").expect(202));

        assertThat(runId(trigger("{}").expect(202))).isNotEqualTo(backfill);
    }

    @Test
    void runsAPausedAccountBecauseSomeoneAskedForIt() {
        ann.patch("/v1/user-integrations/" + integration, "{\"syncStatus\": \"paused\"}")
                .expect(200);

        trigger("{}").expect(202);
    }

    @Test
    void refusesAnExpiredAccountWithTheReasonAndTheRemedy() {
        stop("expired", "imap.authFailed", "The server refused the password.");

        var answer = trigger("{}").expectProblem(409, "imap.authFailed");

        assertThat(answer.text("detail")).contains("The server refused the password.", "PATCH its credentials");
    }

    @Test
    void refusesABrokenAccountWithTheReasonAndTheRemedy() {
        stop("error", "imap.folderNotFound", "There is no folder Inbax.");

        assertThat(trigger("{}").expectProblem(409, "imap.folderNotFound").text("detail"))
                .contains("Inbax", "PATCH its config");
    }

    @Test
    void refusesAnIntegrationThatIsNotKnownAnyMore() {
        scheduler
                .database()
                .update("update user_integration set integration_domain = 'fax' where id = :id", integration);

        trigger("{}").expectProblem(422, "polling.integrationNotFound");
        assertThat(runs()).isZero();
    }

    @Test
    void refusesOptionsThatMakeNoSense() {
        trigger("{\"options\": {\"startDate\": \"soon\"}}").expectError("/options/startDate");
        trigger("{\"options\": {\"startDate\": \"2026-05-01\", \"endDate\": \"2026-04-01\"}}")
                .expectError("/options/endDate");
        trigger("{\"options\": {\"since\": \"2026-04-01\"}}").expectError("/options/since");
        trigger("{\"options\": {\"force\": \"yes\"}}").expectError("/options/force");
        trigger("{\"startDate\": \"2026-04-01\"}").expectError("/startDate");
        assertThat(runs()).isZero();
    }

    private Api.Answer trigger(String body) {
        return ann.post("/v1/user-integrations/" + integration + "/trigger", body);
    }

    private long runs() {
        return List.copyOf(scheduler.database().ids("select user_integration_id from sync_run")).stream()
                .filter(integration::equals)
                .count();
    }

    private void stop(String status, String code, String message) {
        scheduler
                .database()
                .jdbc()
                .sql("""
                    update user_integration
                    set sync_status = :status, next_sync_at = null, error_code = :code, error_message = :message
                    where id = :id
                    """)
                .param("status", status)
                .param("code", code)
                .param("message", message)
                .param("id", integration)
                .update();
    }

    private void finish(UUID run) {
        scheduler
                .database()
                .update("update sync_run set status = 'succeeded', finished_at = now() where id = :id", run);
    }

    private static UUID runId(Api.Answer answer) {
        return UUID.fromString(answer.text("runId"));
    }
}
