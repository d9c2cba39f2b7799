package io.tributary.scheduler.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.scheduler.testing.HelloApiTest;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Each account, schedule and run waits for exactly one stated thing. */
class ExplainIT extends HelloApiTest {

    private static final String LATER = "2099-01-01T00:00:00Z";

    @Test
    void waitsForItsSchedule() {
        schedule("next_sync_at = now() + interval '10 minutes'");

        JsonNode wait = wait(explained());

        assertThat(wait.get("kind").asString()).isEqualTo("schedule");
        assertThat(Instant.parse(wait.get("until").asString())).isAfter(Instant.now());
        assertThat(wait.get("estimateSeconds").asInt()).isBetween(500, 600);
    }

    @Test
    void waitsForTheNextAttemptAfterFailures() {
        schedule("next_sync_at = now() + interval '1 hour', failures = 3");

        JsonNode wait = wait(explained());

        assertThat(wait.get("kind").asString()).isEqualTo("retry");
        assertThat(wait.get("message").asString()).contains("3 runs failed");
    }

    @Test
    void waitsForASchedulerWhenItIsDue() {
        schedule("next_sync_at = now() - interval '1 second'");

        assertWaits("scheduler", "polling.due");
    }

    @Test
    void waitsForTheEndOfAPauseWindow() {
        schedule("next_sync_at = now() - interval '1 second', pause_windows = '[{\"days\": [\"MONDAY\", \"TUESDAY\","
                + " \"WEDNESDAY\", \"THURSDAY\", \"FRIDAY\", \"SATURDAY\", \"SUNDAY\"], \"from\": \"00:00\","
                + " \"to\": \"23:59\"}]'");

        assertWaits("pause", "polling.pauseWindow");
    }

    @Test
    void waitsForTheEndOfAPause() {
        ann.post("/sync/pause/" + integration).expect(200);

        JsonNode explained = explained();

        assertThat(wait(explained).get("kind").asString()).isEqualTo("pause");
        assertThat(wait(explained).get("message").asString()).contains("/sync/resume/" + integration);
        assertThat(explained.at("/schedules/0/waitsFor/kind").asString()).isEqualTo("pause");
    }

    @ParameterizedTest
    @CsvSource({"expired, authorization, hello.revoked", "error, config, hello.revoked"})
    void waitsForAPerson(String status, String kind, String code) {
        account("sync_status = '" + status + "', error_code = 'hello.revoked', error_message = 'No.'");

        assertWaits(kind, code);
    }

    @Test
    void waitsForAWorkerWithThePlugin() {
        account("integration_domain = 'gopher'");

        assertWaits("plugin", "polling.integrationNotFound");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "dispatched_at = null; broker; polling.dispatching",
                "dispatched_at = null, created_at = now() - interval '1 minute'; broker; polling.dispatchFailed",
                "dispatched_at = now(); worker; polling.dispatched",
                "dispatched_at = now() - interval '1 minute'; worker; polling.notTaken",
                "started_at = now(), cancel_requested_at = now(), cancel_sent_at = now(); worker; polling.cancelling",
                "started_at = now(), throttled_until = '2099-01-01Z', throttled_reason = 'hub.slowDown'; rate;"
                        + " hub.slowDown",
                "started_at = now(), throttled_until = '2099-01-01Z', throttled_reason = 'gmail.quotaExceeded'; quota;"
                        + " gmail.quotaExceeded",
                "started_at = now(), throttled_until = '2099-01-01Z', throttled_reason ="
                        + " 'polling.databaseUnavailable'; database; polling.databaseUnavailable",
                "started_at = now(), executing = 2, spawned = 9; concurrency; polling.executing",
                "started_at = now(), waits_for = 'concurrency'; concurrency; polling.concurrency",
                "started_at = now(), waits_for = 'rate', waits_until = '2099-01-01Z'; rate; polling.rateLimited",
                "started_at = now(), waits_for = 'quota', waits_until = '2099-01-01Z'; quota; polling.quotaExhausted",
                "started_at = now(), waits_for = 'backfillBudget'; backfillBudget; polling.backfillBudget",
                "started_at = now(), waits_for = 'retry', waits_until = '2099-01-01Z'; retry; polling.retry",
                "started_at = now(), waits_for = 'retry', error_code = 'http.unavailable'; retry; http.unavailable",
                "started_at = now(), waits_for = 'sunshine'; worker; polling.waiting",
                "started_at = now(), error_code = 'polling.runStalled', error_message = 'None ends.'; worker;"
                        + " polling.runStalled"
            })
    void waitsForTheSameAsItsLiveRun(String columns, String kind, String code) {
        UUID run = liveRun();
        run("status = 'running', progress_at = now(), " + columns, run);

        JsonNode explained = explained();

        assertThat(explained.at("/runs/0/waitsFor/kind").asString()).isEqualTo(kind);
        assertThat(explained.at("/runs/0/waitsFor/code").asString()).isEqualTo(code);
        assertThat(wait(explained).get("code").asString()).isEqualTo(code);
        assertThat(explained.at("/schedules/0/runId").asString()).isEqualTo(run.toString());
        if (columns.contains("2099")) {
            assertThat(wait(explained).get("until").asString()).isEqualTo(LATER);
        }
    }

    @Test
    void aBackfillWaitsByItself() {
        schedule("next_sync_at = now() + interval '10 minutes'");
        UUID backfill = UUID.fromString(ann.post(
                        "/v1/user-integrations/" + integration + "/trigger",
                        "{\"options\": {\"startDate\": \"2026-01-01\"}}")
                .expect(202)
                .text("runId"));
        run("status = 'running', started_at = now(), waits_for = 'backfillBudget'", dispatched(backfill));

        JsonNode explained = explained();

        assertThat(wait(explained).get("kind").asString()).isEqualTo("schedule");
        assertThat(explained.at("/runs/0/trigger").asString()).isEqualTo("backfill");
        assertThat(explained.at("/runs/0/waitsFor/kind").asString()).isEqualTo("backfillBudget");
    }

    @Test
    void showsTheFlags() {
        scheduler
                .database()
                .update(
                        "insert into account_flag (user_integration_id, code, message)"
                                + " values (:id, 'watchdog.noWorker', 'Nobody can run it.')",
                        integration);

        assertThat(explained().at("/flags/0/code").asString()).isEqualTo("watchdog.noWorker");
    }

    @Test
    void explainsNothingToAnotherUser() {
        scheduler
                .user("eve-" + UUID.randomUUID())
                .get("/v1/user-integrations/" + integration + "/explain")
                .expectProblem(404, "api.notFound");
    }

    private UUID liveRun() {
        UUID run = UUID.fromString(ann.post("/v1/user-integrations/" + integration + "/trigger")
                .expect(202)
                .text("runId"));
        return dispatched(run);
    }

    private UUID dispatched(UUID run) {
        await().atMost(Duration.ofMinutes(1))
                .until(() -> Boolean.TRUE.equals(scheduler
                        .database()
                        .value("select dispatched_at is not null from sync_run where id = :id", run, Boolean.class)));
        return run;
    }

    private void assertWaits(String kind, String code) {
        JsonNode wait = wait(explained());
        assertThat(wait.get("kind").asString()).isEqualTo(kind);
        assertThat(wait.get("code").asString()).isEqualTo(code);
    }

    private JsonNode explained() {
        return ann.get("/v1/user-integrations/" + integration + "/explain")
                .expect(200)
                .json();
    }

    private static JsonNode wait(JsonNode explained) {
        return explained.get("waitsFor");
    }

    private void schedule(String columns) {
        scheduler
                .database()
                .update("update sync_schedule set " + columns + " where user_integration_id = :id", integration);
    }

    private void account(String columns) {
        scheduler.database().update("update user_integration set " + columns + " where id = :id", integration);
    }

    private void run(String columns, UUID run) {
        scheduler.database().update("update sync_run set " + columns + " where id = :id", run);
    }
}
