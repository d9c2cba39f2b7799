package io.tributary.scheduler.sync;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.scheduler.dispatch.DispatchRuns;
import io.tributary.scheduler.polling.PickDueIntegrations;
import io.tributary.scheduler.testing.Api;
import io.tributary.scheduler.testing.HelloApiTest;
import io.tributary.schemas.Command;
import io.tributary.schemas.Control;
import io.tributary.schemas.Trigger;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class SyncApiIT extends HelloApiTest {

    // What is under way

    @Test
    void countsWhatTheWorkersSaid() {
        UUID run = trigger();
        says(run, "status = 'running', spawned = 10, completed = 3, failed = 1, executing = 2, progress_at = now()");

        JsonNode info = ann.get("/sync/info").expect(200).json();

        assertThat(info.get("queueDepth").asLong()).isEqualTo(5);
        assertThat(info.get("inFlight").asLong()).isEqualTo(2);
        assertThat(info.get("lastSuccessAt").isNull()).isTrue();
        JsonNode hello = named(info.get("integrations"), "integrationDomain", "hello");
        assertThat(hello.get("queueDepth").asLong()).isEqualTo(5);
        assertThat(hello.get("inFlight").asLong()).isEqualTo(2);
        assertThat(hello.get("liveRuns").asLong()).isEqualTo(1);
        JsonNode worker = named(info.get("consumers"), "name", "worker");
        assertThat(worker.get("inFlight").asLong()).isEqualTo(2);
        assertThat(worker.get("lastSuccessAt").asString()).isNotBlank();
    }

    @Test
    void knowsTheLastSuccess() {
        scheduler
                .database()
                .update(
                        "update user_integration set last_sync_at = '2026-04-01T12:00:00Z' where id = :id",
                        integration);

        JsonNode status = ann.get("/sync/status").expect(200).json();

        assertThat(named(status.get("info").get("integrations"), "integrationDomain", "hello")
                        .get("lastSuccessAt")
                        .asString())
                .isEqualTo("2026-04-01T12:00:00Z");
        assertThat(named(status.get("platforms"), "domain", "mail")
                        .get("syncTypes")
                        .get(0)
                        .asString())
                .isEqualTo("messages");
    }

    @Test
    void showsUsersTheirOwnAndOperatorsAll() {
        trigger();
        var eve = scheduler.user("eve-" + UUID.randomUUID());

        assertThat(eve.get("/sync").expect(200).json().get("queueDepth").asLong())
                .isZero();
        assertThat(scheduler
                        .operator()
                        .get("/sync")
                        .expect(200)
                        .json()
                        .get("queueDepth")
                        .asLong())
                .isPositive();
    }

    // Triggers

    @Test
    void triggersTheAccountsOfAPlatformAndNobodyElses() {
        scheduler.user("eve-" + UUID.randomUUID()).connectHello();
        UUID second = ann.connectHello();

        JsonNode answer = ann.post("/sync/trigger/hello", "{\"options\": {\"force\": true}}")
                .expect(202)
                .json();

        assertThat(ids(answer.get("runs"), "userIntegrationId")).isEqualTo(Set.of(integration, second));
        assertThat(answer.get("nextCursor").isNull()).isTrue();
        UUID run = UUID.fromString(answer.get("runs").get(0).get("runId").asString());
        await().atMost(10, SECONDS).until(() -> !scheduler.tasksOf(run).isEmpty());
        assertThat(scheduler.tasksOf(run).getFirst().value().getOptions()).contains("force");
    }

    @Test
    void triggersByBodyByPathAndNotAtAllWhatDoesNotExist() {
        ann.post("/sync/trigger").expect(202);
        ann.post("/sync/trigger", "{\"platform\": \"hello\", \"syncType\": \"default\"}")
                .expect(202);
        ann.post("/sync/trigger", "{\"platform\": \"hello\", \"syncType\": [\"default\"]}")
                .expect(202);
        ann.post("/sync/trigger/hello/default").expect(202);

        ann.post("/sync/trigger/fax").expectProblem(404, "polling.integrationNotFound");
        ann.post("/sync/trigger/hello/ads").expectProblem(404, "polling.syncTypeNotFound");
        ann.post("/sync/trigger", "{\"syncType\": \"default\"}").expectError("/syncType");
        ann.post("/sync/trigger", "{\"options\": {\"startDate\": \"soon\"}}").expectError("/options/startDate");
    }

    @Test
    void runsARangeBesideWhatIsLive() {
        UUID live = trigger();

        JsonNode answer = ann.post("/sync/trigger/hello/default", "{\"options\": {\"startDate\": \"2026-04-01\"}}")
                .expect(202)
                .json();

        assertThat(answer.get("runs").get(0).get("runId").asString()).isNotEqualTo(live.toString());
    }

    @Test
    void saysWhatCannotRunAsItIs() {
        scheduler
                .database()
                .update(
                        "update user_integration set sync_status = 'expired', error_code = 'imap.authFailed' where id"
                                + " = :id",
                        integration);

        JsonNode answer = ann.post("/sync/trigger").expect(202).json();

        assertThat(answer.get("refused").get(0).get("code").asString()).isEqualTo("imap.authFailed");
    }

    @Test
    void goesOnWhereTheRequestBeforeEnded() {
        var many = scheduler.user("many-" + UUID.randomUUID());
        for (int i = 0; i < TriggerMany.MAX_ACCOUNTS + 3; i++) {
            many.connectHello();
        }

        JsonNode first = many.post("/sync/trigger").expect(202).json();
        JsonNode rest = many.post(
                        "/sync/trigger",
                        "{\"cursor\": \"" + first.get("nextCursor").asString() + "\"}")
                .expect(202)
                .json();

        assertThat(first.get("runs").size()).isEqualTo(TriggerMany.MAX_ACCOUNTS);
        assertThat(rest.get("runs").size()).isEqualTo(3);
        assertThat(rest.get("nextCursor").isNull()).isTrue();
    }

    // One-off tasks

    @Test
    void runsOneTaskAtOnceBesideTheLiveRun() {
        UUID live = trigger();

        var queued =
                queue("\"type\": \"greet\", \"payload\": {\"name\": \"Bo\"}").expect(202);

        UUID run = UUID.fromString(queued.text("runId"));
        assertThat(run).isNotEqualTo(live);
        await().atMost(10, SECONDS).until(() -> !scheduler.tasksOf(run).isEmpty());
        var task = scheduler.tasksOf(run).getFirst().value();
        assertThat(task.getType()).isEqualTo("greet");
        assertThat(task.getPayload()).isEqualTo("{\"name\": \"Bo\"}");
        assertThat(task.getTrigger()).isEqualTo(Trigger.system);
    }

    @Test
    void startsATaskAtItsTimeAndNotBefore() {
        var later = queue("\"type\": \"greet\", \"runAt\": \"" + Instant.now().plusSeconds(3600) + "\"")
                .expect(202);
        UUID oneOff = UUID.fromString(later.text("id"));
        scheduler.bean(StartOneOffs.class).run();
        assertThat(status(oneOff)).isEqualTo("waiting");

        scheduler.database().update("update one_off_task set run_at = now() where id = :id", oneOff);

        await().atMost(10, SECONDS).until(() -> status(oneOff).equals("started"));
    }

    @Test
    void runsTheOneOffTasksOfAnAccountOneAfterTheOther() {
        UUID first = UUID.fromString(queue("\"type\": \"greet\"").expect(202).text("runId"));
        var second = queue("\"type\": \"greet\"").expect(202);
        UUID oneOff = UUID.fromString(second.text("id"));
        assertThat(second.text("status")).isEqualTo("waiting");

        says(first, "status = 'succeeded', finished_at = now()");

        await().atMost(10, SECONDS).until(() -> status(oneOff).equals("started"));
    }

    @Test
    void cancelsATaskThatWaitsAndTheRunOfOneThatStarted() {
        var later = queue("\"type\": \"greet\", \"runAt\": \"" + Instant.now().plusSeconds(3600) + "\"")
                .expect(202);
        var started = queue("\"type\": \"greet\"").expect(202);

        assertThat(ann.delete("/sync/queue/" + later.text("id")).expect(200).text("status"))
                .isEqualTo("cancelled");
        ann.delete("/sync/queue/" + started.text("id")).expect(200);

        UUID run = UUID.fromString(started.text("runId"));
        await().atMost(10, SECONDS)
                .untilAsserted(() -> assertThat(commands()).contains(new Given(Command.cancel_run, run)));
        assertThat(ann.get("/sync/queue?limit=1")
                        .expect(200)
                        .json()
                        .get("items")
                        .size())
                .isEqualTo(1);
    }

    @Test
    void refusesTasksThatMakeNoSense() {
        queue("\"type\": \"dance\"").expectProblem(422, "polling.invalidTaskType");
        queue("\"payload\": {}").expectError("/type");
        queue("\"type\": \"greet\", \"runAt\": \"soon\"").expectError("/runAt");
        queue("\"type\": \"greet\", \"runAt\": \"2999-01-01T00:00:00Z\"").expectError("/runAt");
        queue("\"type\": \"greet\", \"payload\": []").expectError("/payload");
        queue("\"type\": \"greet\", \"payload\": {\"a\": \"\\u0000\"}").expectError("/payload/a");
        ann.post("/sync/queue", "{\"type\": \"greet\"}").expectError("/userIntegrationId");
        ann.post("/sync/queue", "{\"type\": \"greet\", \"userIntegrationId\": \"" + UUID.randomUUID() + "\"}")
                .expectProblem(404, "api.notFound");
    }

    // Pauses

    @Test
    void pausesOneUserIntegrationUntilItIsResumed() {
        ann.post("/sync/pause/" + integration).expect(200);

        assertThat(ann.get("/v1/user-integrations/" + integration).text("syncStatus"))
                .isEqualTo("paused");
        ann.post("/v1/user-integrations/" + integration + "/trigger").expectProblem(409, "polling.paused");
        await().atMost(10, SECONDS)
                .untilAsserted(() -> assertThat(commands()).contains(new Given(Command.pause, null)));
        ann.post("/sync/resume/" + integration).expect(200);
        assertThat(ann.get("/v1/user-integrations/" + integration).text("syncStatus"))
                .isEqualTo("active");
        ann.post("/v1/user-integrations/" + integration + "/trigger").expect(202);
        await().atMost(10, SECONDS)
                .untilAsserted(() -> assertThat(commands().getLast().command()).isEqualTo(Command.resume));
    }

    @Test
    void pausesOneBackfillWhileTheAccountGoesOn() {
        String backfill = backfill();
        var run = UUID.fromString(backfill);
        var eve = scheduler.user("eve-" + UUID.randomUUID());

        ann.post("/sync/pause/" + backfill).expect(200);

        await().atMost(10, SECONDS)
                .untilAsserted(() -> assertThat(commands()).contains(new Given(Command.pause_run, run)));
        assertThat(ann.get("/sync").json().get("pauses").toString()).contains(backfill);
        assertThat(eve.get("/sync").json().get("pauses").toString()).doesNotContain(backfill);
        eve.post("/sync/pause/" + backfill).expectProblem(404, "api.notFound");
        eve.post("/sync/resume/" + backfill).expectProblem(404, "api.notFound");
        String live = ann.post("/v1/user-integrations/" + integration + "/trigger")
                .expect(202)
                .text("runId");
        ann.post("/sync/pause/" + live).expectProblem(409, "polling.notABackfill");

        ann.post("/sync/resume/" + backfill).expect(200);
        await().atMost(10, SECONDS)
                .untilAsserted(() -> assertThat(commands()).contains(new Given(Command.resume_run, run)));
        assertThat(ann.get("/sync").json().get("pauses").toString()).doesNotContain(backfill);
    }

    @Test
    void endsThePauseOfABackfillWithItsRun() {
        String backfill = backfill();
        scheduler.operator().post("/sync/pause/" + backfill).expect(200);
        ann.post("/sync/resume/" + backfill).expectProblem(409, "polling.pausedByOperator");
        assertThat(ann.post("/v1/user-integrations/" + integration + "/trigger")
                        .expect(202)
                        .text("runId"))
                .isNotEqualTo(backfill);

        scheduler
                .database()
                .update(
                        "update sync_run set status = 'cancelled', finished_at = now() where id = :id",
                        UUID.fromString(backfill));

        assertThat(ann.get("/sync").json().get("pauses").toString()).doesNotContain(backfill);
        ann.post("/sync/resume/" + backfill).expectProblem(409, "polling.notABackfill");
    }

    @Test
    void resumesAnAccountThatIsSetActive() {
        ann.post("/sync/pause/" + integration).expect(200);

        ann.patch("/v1/user-integrations/" + integration, "{\"syncStatus\": \"active\"}")
                .expect(200);

        ann.post("/v1/user-integrations/" + integration + "/trigger").expect(202);
    }

    @Test
    void pausesAllOfAUserAndNothingOfOthers() {
        var eve = scheduler.user("eve-" + UUID.randomUUID());
        UUID evesId = eve.connectHello();

        assertThat(ann.post("/sync/pause/all")
                        .expect(200)
                        .json()
                        .get("userIntegrations")
                        .asLong())
                .isEqualTo(1);

        assertThat(eve.get("/v1/user-integrations/" + evesId).text("syncStatus"))
                .isEqualTo("active");
        eve.post("/sync/pause/" + integration).expectProblem(404, "api.notFound");
        eve.post("/sync/resume/" + integration).expectProblem(404, "api.notFound");
        ann.post("/sync/resume/hello").expect(200);
        assertThat(ann.get("/v1/user-integrations/" + integration).text("syncStatus"))
                .isEqualTo("active");
    }

    @Test
    void letsNobodyEndAnOperatorsPauseButOperators() {
        scheduler.operator().post("/sync/pause/" + integration).expect(200);

        ann.post("/sync/resume/" + integration).expectProblem(409, "polling.pausedByOperator");
        ann.post("/sync/resume/all").expect(200);
        ann.patch("/v1/user-integrations/" + integration, "{\"syncStatus\": \"active\"}")
                .expectProblem(409, "polling.pausedByOperator");
        assertThat(ann.get("/v1/user-integrations/" + integration).text("syncStatus"))
                .isEqualTo("paused");
        scheduler.operator().post("/sync/resume/" + integration).expect(200);
        assertThat(ann.get("/v1/user-integrations/" + integration).text("syncStatus"))
                .isEqualTo("active");
    }

    @Test
    void makesAndDispatchesNoRunsOfAPlatformThatIsPaused() {
        var mail = UUID.fromString(ann.post(
                        "/v1/user-integrations",
                        "{\"integrationDomain\": \"mail\", \"config\": {\"host\": \"mail.test\", \"port\": 993},"
                                + " \"credentials\": {\"username\": \"ann\", \"password\": \"x\"}}")
                .expect(201)
                .text("id"));
        try {
            scheduler.operator().post("/sync/pause/mail").expect(200);
            UUID queued = scheduler.database().run(mail, "backfill");

            scheduler.bean(DispatchRuns.class).run();
            var picked = scheduler.bean(PickDueIntegrations.class).pick(Instant.now(), 10_000);

            assertThat(picked).noneMatch(one -> one.userIntegrationId().equals(mail));
            assertThat(scheduler.tasksOf(queued)).isEmpty();
            assertThat(ann.get("/sync").json().get("pauses").toString()).contains("mail");
            assertThat(scheduler
                            .database()
                            .jdbc()
                            .sql("select name from worker_pause")
                            .query(String.class)
                            .list())
                    .contains("mail");
            ann.post("/v1/user-integrations/" + mail + "/trigger").expectProblem(409, "polling.paused");
            ann.post("/v1/user-integrations/" + mail + ":test").expectProblem(409, "polling.paused");
        } finally {
            scheduler.operator().post("/sync/resume/mail").expect(200);
        }
        ann.post("/v1/user-integrations/" + mail + "/trigger").expect(202);
    }

    @Test
    void knowsNoPlatformOfAnyName() {
        ann.post("/sync/pause/fax").expectProblem(404, "polling.integrationNotFound");
        scheduler.operator().post("/sync/pause/fax").expectProblem(404, "polling.integrationNotFound");
    }

    // Cancel, purge, test

    @Test
    void tellsTheWorkerToCancelARunUntilItIsOver() {
        UUID run = trigger();
        await().atMost(10, SECONDS).until(() -> !scheduler.tasksOf(run).isEmpty());

        ann.post("/v1/sync-runs/" + run + "/cancel").expect(202);
        await().atMost(10, SECONDS)
                .untilAsserted(() -> assertThat(commands()).contains(new Given(Command.cancel_run, run)));
        says(run, "cancel_sent_at = now() - interval '1 hour'");

        await().atMost(10, SECONDS)
                .until(() -> commands().stream()
                                .filter(given -> run.equals(given.runId()))
                                .count()
                        > 1);
        says(run, "status = 'cancelled', finished_at = now()");
        ann.post("/v1/sync-runs/" + run + "/cancel").expect(202);
        scheduler.user("eve").post("/v1/sync-runs/" + run + "/cancel").expectProblem(404, "api.notFound");
    }

    @Test
    void purgesTheContentOfAnAccountOnRequest() {
        ann.post("/sync/purge", "{\"content\": true}").expectError("/userIntegrationId");
        String request = "{\"userIntegrationId\": \"" + integration + "\", \"content\": true}";
        scheduler.user("eve").post("/sync/purge", request).expectProblem(404, "api.notFound");
        assertThat(purgeRequested()).isFalse();

        assertThat(ann.post("/sync/purge", request)
                        .expect(202)
                        .json()
                        .get("content")
                        .asBoolean())
                .isTrue();

        assertThat(purgeRequested()).isTrue();
    }

    private boolean purgeRequested() {
        return Boolean.TRUE.equals(scheduler
                .database()
                .value(
                        "select purge_before is not null from user_integration where id = :id",
                        integration,
                        Boolean.class));
    }

    @Test
    void purgesWhatTheCallerHasAndNothingElse() {
        UUID run = trigger();
        queue("\"type\": \"greet\", \"runAt\": \"" + Instant.now().plusSeconds(3600) + "\"")
                .expect(202);
        var eve = scheduler.user("eve-" + UUID.randomUUID());
        UUID evesRun = UUID.fromString(eve.post("/v1/user-integrations/" + eve.connectHello() + "/trigger")
                .expect(202)
                .text("runId"));

        JsonNode purged = ann.post("/sync/purge").expect(202).json();

        assertThat(purged.get("runs").asInt()).isEqualTo(1);
        assertThat(purged.get("oneOffTasks").asInt()).isEqualTo(1);
        assertThat(cancelAsked(run)).isTrue();
        assertThat(cancelAsked(evesRun)).isFalse();
        assertThat(ann.post("/sync/purge", "{\"userIntegrationId\": \"" + integration + "\", \"platform\": \"hello\"}")
                        .expect(202)
                        .json()
                        .get("runs")
                        .asInt())
                .as("asked for already")
                .isZero();
    }

    @Test
    void triesAnAccountOutBesideItsLiveRun() {
        UUID live = trigger();

        var tried = ann.post("/v1/user-integrations/" + integration + ":test").expect(202);

        UUID run = UUID.fromString(tried.text("runId"));
        assertThat(run).isNotEqualTo(live);
        await().atMost(10, SECONDS).until(() -> !scheduler.tasksOf(run).isEmpty());
        assertThat(scheduler.tasksOf(run).getFirst().value().getType()).isEqualTo("tributary.tryAccount");
        assertThat(ann.post("/v1/user-integrations/" + integration + ":test")
                        .expect(202)
                        .text("runId"))
                .isEqualTo(run.toString());
        scheduler
                .user("eve")
                .post("/v1/user-integrations/" + integration + ":test")
                .expectProblem(404, "api.notFound");
    }

    // Words of the tests

    private record Given(Command command, @Nullable UUID runId) {}

    private String backfill() {
        return ann.post(
                        "/v1/user-integrations/" + integration + "/trigger",
                        "{\"options\": {\"startDate\": \"2026-04-01\"}}")
                .expect(202)
                .text("runId");
    }

    private UUID trigger() {
        return UUID.fromString(ann.post("/v1/user-integrations/" + integration + "/trigger")
                .expect(202)
                .text("runId"));
    }

    private Api.Answer queue(String fields) {
        return ann.post("/sync/queue", "{\"userIntegrationId\": \"" + integration + "\", " + fields + "}");
    }

    private String status(UUID oneOff) {
        return ann.get("/sync/queue/" + oneOff).expect(200).text("status");
    }

    private void says(UUID run, String columns) {
        scheduler.database().update("update sync_run set " + columns + " where id = :id", run);
    }

    private boolean cancelAsked(UUID run) {
        return scheduler
                        .database()
                        .value("select cancel_requested_at::text from sync_run where id = :id", run, String.class)
                != null;
    }

    /** What the worker of the account was told, in order. */
    private List<Given> commands() {
        var broker = scheduler.broker();
        return broker.<Control>read(broker.topics().control()).stream()
                .filter(control -> control.value().getUserIntegrationId().equals(integration))
                .map(control ->
                        new Given(control.value().getCommand(), control.value().getRunId()))
                .toList();
    }

    private static JsonNode named(JsonNode list, String field, String name) {
        return list.valueStream()
                .filter(item -> item.get(field).asString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Set<UUID> ids(JsonNode list, String field) {
        var ids = new HashSet<UUID>();
        list.forEach(item -> ids.add(UUID.fromString(item.get(field).asString())));
        return ids;
    }
}
