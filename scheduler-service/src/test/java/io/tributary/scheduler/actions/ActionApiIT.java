package io.tributary.scheduler.actions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.scheduler.accounts.Account;
import io.tributary.scheduler.polling.PickDueIntegrations;
import io.tributary.scheduler.testing.Api;
import io.tributary.scheduler.testing.ApiTest;
import io.tributary.scheduler.testing.ManifestJson;
import io.tributary.schemas.ActionRuns;
import io.tributary.schemas.RunAgain;
import io.tributary.schemas.Task;
import io.tributary.schemas.Trigger;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Actions are requested by the API, once for each key, and their accounts need no sync type. */
class ActionApiIT extends ApiTest {

    private static final String PATH = "/v1/user-integrations/";
    private static final String HELLO = "{\"input\": {\"text\": \"Hello\"}}";

    private UUID account = UUID.randomUUID();

    @BeforeEach
    void connect() {
        scheduler.broker().announce(ManifestJson.COURIER);
        await().atMost(Duration.ofMinutes(1))
                .until(() -> ann.get("/sync/platforms").body().contains("courier"));
        account = UUID.fromString(ann.post(PATH.substring(0, PATH.length() - 1), "{\"integrationDomain\": \"courier\"}")
                .expect(201)
                .text("id"));
    }

    @Test
    void schedulesNothingForAnIntegrationWithoutSyncTypes() {
        var shown = ann.get(PATH + account).expect(200).json();

        assertThat(shown.get("pollIntervalMinutes").isNull()).isTrue();
        assertThat(shown.get("nextSyncAt").isNull()).isTrue();
        assertThat(scheduler
                        .database()
                        .value(
                                "select count(*) from sync_schedule where user_integration_id = :id",
                                account,
                                Long.class))
                .isZero();
        scheduler.bean(PickDueIntegrations.class).pick(Instant.now(), 100);
        ann.patch(PATH + account, "{\"syncStatus\": \"paused\"}").expect(200);
        ann.patch(PATH + account, "{\"syncStatus\": \"active\"}").expect(200);
        scheduler.bean(PickDueIntegrations.class).pick(Instant.now(), 100);
        assertThat(runs()).isEmpty();
        var explained = ann.get(PATH + account + "/explain").expect(200).json();
        assertThat(explained.at("/waitsFor/code").asString()).isEqualTo("polling.nothingToSync");
        ann.post(PATH + account + "/trigger").expectProblem(422, "polling.nothingToSync");
        ann.patch(PATH + account, "{\"pollIntervalMinutes\": 5}").expect(200);
        ann.post("/sync/trigger/courier", "{}").expect(202);
        ann.get(PATH.substring(0, PATH.length() - 1)).expect(200);
    }

    @Test
    void queuesAnActionAsARunThatExecutesItAsATask() {
        var queued = ann.post(PATH + account + "/actions/send", HELLO).expect(202);

        Task task = taskOf(UUID.fromString(queued.text("runId")));
        assertThat(task.getType()).isEqualTo(RunAgain.TASK_TYPE);
        assertThat(task.getTrigger()).isEqualTo(Trigger.manual);
        assertThat(task.getSyncType()).isEqualTo(ActionRuns.SYNC_TYPE);
        JsonNode first = JsonMapper.shared().readTree(task.getPayload()).at("/tasks/0");
        assertThat(first.get("type").asString()).isEqualTo("send");
        assertThat(first.at("/payload/key").asString()).isEqualTo(queued.text("key"));
        assertThat(first.at("/payload/input/text").asString()).isEqualTo("Hello");
        assertThat(status(queued.text("key"))).isEqualTo("queued");
    }

    @Test
    void takesTheKeyOfTheBodyAndElseTheIdempotencyKey() {
        String key = "order:" + UUID.randomUUID();
        var named = send("{\"key\": \"" + key + "\", \"input\": {\"text\": \"Hello\"}}", "idempotent-1")
                .expect(202);
        var byHeader = send(HELLO, "idempotent-2").expect(202);

        assertThat(named.text("key")).isEqualTo(key);
        assertThat(byHeader.text("key")).isEqualTo("idempotent-2");
        assertThat(ann.get(named.response().headers().firstValue("Location").orElseThrow())
                        .expect(200)
                        .text("status"))
                .isEqualTo("queued");
    }

    @Test
    void queuesAKeyOnceAndAnyNumberOfKeysAtATime() {
        String body = "{\"key\": \"k1\", \"input\": {\"text\": \"Hello\"}}";
        var first = ann.post(PATH + account + "/actions/send", body).expect(202);
        var again = ann.post(PATH + account + "/actions/send", body).expect(202);
        ann.post(PATH + account + "/actions/send", HELLO).expect(202);

        assertThat(again.text("runId")).isEqualTo(first.text("runId"));
        assertThat(runs()).hasSize(2);
        ann.post(PATH + account + "/actions/charge", "{\"key\": \"k1\", \"input\": {\"amount\": 3}}")
                .expectProblem(409, "effects.keyOfOtherAction");
    }

    @Test
    void refusesWhatIsNoActionOrHasAnotherInput() {
        ann.post(PATH + account + "/actions/dance", HELLO).expectProblem(404, "effects.actionNotFound");
        ann.post(PATH + account + "/actions/send", "{\"input\": {\"text\": 7}}").expectError("/input/text");
        ann.post(PATH + account + "/actions/send", "{}").expectError("/input");
        ann.post(PATH + account + "/actions/send", "{\"input\": {\"text\": \"" + "x".repeat(60_000) + "\"}}")
                .expectError("/input");
        for (String key : List.of("notification:" + UUID.randomUUID(), "invoice:" + UUID.randomUUID())) {
            ann.post(PATH + account + "/actions/send", "{\"key\": \"" + key + "\", \"input\": {\"text\": \"Hello\"}}")
                    .expectError("/key");
        }
        ann.post(PATH + account + "/actions/send", "{\"key\": \"a/b\", \"input\": {\"text\": \"Hello\"}}")
                .expectError("/key");
        ann.post("/sync/queue", "{\"userIntegrationId\": \"" + account + "\", \"type\": \"send\"}")
                .expectProblem(422, "effects.notATask");
        Api bob = scheduler.user("bob-" + UUID.randomUUID());
        bob.post(PATH + account + "/actions/send", HELLO).expectProblem(404, "api.notFound");
        assertThat(runs()).isEmpty();
    }

    @Test
    void showsAnEffectThatHappenedOrFailedOrIsUncertainToItsOwnerAlone() {
        String happened = ann.post(PATH + account + "/actions/send", HELLO).text("key");
        scheduler
                .database()
                .jdbc()
                .sql("insert into effect (user_integration_id, effect_key, action, run_id, task_id, provider_id,"
                        + " result)"
                        + " values (:id, :key, 'send', :id, :id, 'm-1', '{\"code\": 7}')")
                .param("id", account)
                .param("key", happened)
                .update();
        var failed = ann.post(PATH + account + "/actions/send", HELLO);
        letter(failed.text("key"), "courier.badNumber");
        var uncertain = ann.post(PATH + account + "/actions/send", HELLO);
        letter(uncertain.text("key"), "effects.uncertain");

        var done = ann.get(PATH + account + "/effects/" + happened).expect(200);
        assertThat(done.text("status")).isEqualTo("done");
        assertThat(done.text("providerId")).isEqualTo("m-1");
        assertThat(done.json().at("/result/code").asInt()).isEqualTo(7);
        assertThat(status(failed.text("key"))).isEqualTo("failed");
        assertThat(status(uncertain.text("key"))).isEqualTo("uncertain");
        scheduler
                .user("bob-" + UUID.randomUUID())
                .get(PATH + account + "/effects/" + happened)
                .expectProblem(404, "api.notFound");
        ann.get(PATH + account + "/effects/unknown").expectProblem(404, "api.notFound");
    }

    @Test
    void queuesAKeyAgainOnlyOnceItsRunEndedWithoutItAndWithoutADeadLetter() {
        String body = "{\"key\": \"k1\", \"input\": {\"text\": \"Hello\"}}";
        String first = ann.post(PATH + account + "/actions/send", body).text("runId");
        scheduler
                .database()
                .update(
                        "update sync_run set status = 'cancelled', finished_at = now() where id = :id",
                        UUID.fromString(first));
        assertThat(status("k1")).isEqualTo("failed");

        String second = ann.post(PATH + account + "/actions/send", body).text("runId");
        assertThat(second).isNotEqualTo(first);
        assertThat(status("k1")).isEqualTo("queued");

        scheduler
                .database()
                .update(
                        "update sync_run set status = 'failed', finished_at = now() where id = :id",
                        UUID.fromString(second));
        letter("k1", "effects.uncertain");
        assertThat(ann.post(PATH + account + "/actions/send", body).text("runId"))
                .isEqualTo(second);
        assertThat(status("k1")).isEqualTo("uncertain");
    }

    @Test
    void concurrentRequestsOfAKeyShareItsRun() throws Exception {
        String body = "{\"key\": \"k1\", \"input\": {\"text\": \"Hello\"}}";
        var effects = List.of(new RequestedEffect("send", "k1", "{\"text\": \"Hello\"}"));
        FutureTask<String> second = new FutureTask<>(() ->
                ann.post(PATH + account + "/actions/send", body).expect(202).text("runId"));

        Set<UUID> first = scheduler.bean(TransactionOperations.class).execute(_ -> {
            Set<UUID> runs = scheduler
                    .bean(QueueEffects.class)
                    .queue(new Account(account, "ann", "courier"), effects, Instant.now())
                    .keySet();
            Thread.startVirtualThread(second);
            await().atMost(Duration.ofMinutes(1)).until(this::aRequestWaits);
            return runs;
        });

        assertThat(first).containsExactly(UUID.fromString(second.get(1, TimeUnit.MINUTES)));
        assertThat(runs()).hasSize(1);
    }

    private boolean aRequestWaits() {
        return scheduler
                        .database()
                        .count("select count(*) from pg_stat_activity where datname = current_database()"
                                + " and wait_event_type = 'Lock' and query like '%requested_effect%'")
                > 0;
    }

    @Test
    void answersAKnownKeyOfAnAccountThatStoppedAndQueuesNothingForIt() {
        String body = "{\"key\": \"k1\", \"input\": {\"text\": \"Hello\"}}";
        String run = ann.post(PATH + account + "/actions/send", body).text("runId");
        scheduler.database().update("update user_integration set sync_status = 'expired' where id = :id", account);

        assertThat(ann.post(PATH + account + "/actions/send", body).expect(202).text("runId"))
                .isEqualTo(run);
        finish(run);

        ann.post(PATH + account + "/actions/send", body).expectProblem(409, "polling.expired");
        assertThat(runs()).hasSize(1);
        assertThat(status("k1")).isEqualTo("failed");
    }

    @Test
    void showsTheRunOfALaterRequestAndNotTheOlderOneThatRedroveItsDeadLetter() {
        String body = "{\"key\": \"k1\", \"input\": {\"text\": \"Hello\"}}";
        finish(ann.post(PATH + account + "/actions/send", body).text("runId"));
        letter("k1", "courier.badNumber");
        String redriven = ann.post(PATH + account + "/actions/send", HELLO).text("runId");
        scheduler
                .database()
                .jdbc()
                .sql("update dead_letter set redriven_at = now(), redriven_by_run = :run where effect_key = 'k1'"
                        + " and user_integration_id = :id")
                .param("run", UUID.fromString(redriven))
                .param("id", account)
                .update();
        assertThat(status("k1")).isEqualTo("queued");
        finish(redriven);
        assertThat(status("k1")).isEqualTo("failed");

        ann.post(PATH + account + "/actions/send", body).expect(202);

        assertThat(status("k1")).isEqualTo("queued");
    }

    @Test
    void anEffectThatItsRunLeftOpenIsUncertainOnceItCannotComeLateAnyMore() {
        var ended = scheduler.bean(EndedEffects.class);
        var lost = ann.post(PATH + account + "/actions/send", HELLO);
        assertThat(ended.find(account, lost.text("key"))).isEmpty();

        finish(lost.text("runId"));
        assertThat(ended.find(account, lost.text("key"))).isEmpty();
        scheduler
                .database()
                .update(
                        "update sync_run set finished_at = now() - interval '61 seconds' where id = :id",
                        UUID.fromString(lost.text("runId")));

        assertThat(ended.find(account, lost.text("key")))
                .contains(new EndedEffects.Ended(false, true, "effects.uncertain"));
        letter(lost.text("key"), "courier.badNumber");
        assertThat(ended.find(account, lost.text("key")))
                .contains(new EndedEffects.Ended(false, false, "courier.badNumber"));
    }

    @Test
    void anEffectOfADeletedAccountFailed() {
        assertThat(scheduler.bean(EndedEffects.class).find(account, "k1")).isEmpty();
        assertThat(scheduler.bean(EndedEffects.class).find(UUID.randomUUID(), "k1"))
                .contains(new EndedEffects.Ended(false, false, "polling.userIntegrationNotFound"));
    }

    @Test
    void queuesManyEffectsInRunsOfABoundedSize() {
        var effects = IntStream.range(0, 1_234)
                .mapToObj(i -> new RequestedEffect("send", "n" + i, "{\"text\": \"Hello\"}"))
                .toList();
        var ofAnn = new Account(account, "ann", "courier");

        var runs = scheduler
                .bean(TransactionOperations.class)
                .execute(_ -> scheduler.bean(QueueEffects.class).queue(ofAnn, effects, Instant.now()));

        assertThat(runs).hasSize(3);
        assertThat(runs.values().stream().mapToInt(List::size).sum()).isEqualTo(1_234);
    }

    private Api.Answer send(String body, String idempotencyKey) {
        return ann.send(ann.request(PATH + account + "/actions/send")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", idempotencyKey)
                .POST(BodyPublishers.ofString(body)));
    }

    private void finish(String run) {
        scheduler
                .database()
                .update(
                        "update sync_run set status = 'failed', finished_at = now() where id = :id",
                        UUID.fromString(run));
    }

    private String status(String key) {
        return ann.get(PATH + account + "/effects/" + key).expect(200).text("status");
    }

    private List<UUID> runs() {
        return scheduler
                .database()
                .jdbc()
                .sql("select id from sync_run where user_integration_id = :id")
                .param("id", account)
                .query(UUID.class)
                .list();
    }

    private Task taskOf(UUID run) {
        return await().atMost(Duration.ofMinutes(1))
                .until(() -> scheduler.tasksOf(run), tasks -> !tasks.isEmpty())
                .getFirst()
                .value();
    }

    private void letter(String key, String code) {
        scheduler
                .database()
                .jdbc()
                .sql("""
            insert into dead_letter (kafka_partition, kafka_offset, user_integration_id, task_type, error_code,
                                     error_message, fingerprint, attempts, record, created_at, effect_key)
            values (29, (select coalesce(max(kafka_offset), 0) + 1 from dead_letter), :id, 'send', :code, 'It failed.',
                    'f', 1, '{}', now(), :key)
            """)
                .param("id", account)
                .param("code", code)
                .param("key", key)
                .update();
    }
}
