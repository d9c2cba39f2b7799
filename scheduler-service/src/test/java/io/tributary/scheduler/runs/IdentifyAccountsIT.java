package io.tributary.scheduler.runs;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.scheduler.runs.AwaitAccount.FoundAccount;
import io.tributary.scheduler.runs.AwaitAccount.TrialProperties;
import io.tributary.scheduler.tables.RunQueries;
import io.tributary.scheduler.testing.ApiTest;
import io.tributary.schemas.ConnectAccount;
import io.tributary.schemas.Task;
import io.tributary.schemas.Trigger;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Whose account it is, is asked after it was connected or changed, beside everything else. */
class IdentifyAccountsIT extends ApiTest {

    private static final String PATH = "/v1/user-integrations/";

    @Test
    void asksInARunOfItsOwnOnceAnAccountIsConnected() {
        UUID account = connect("hub", "{\"apiKey\": \"secret\"}");

        sweepUntilAsked(account, 1);
        sweep();

        assertThat(asked(account)).hasSize(1);
        Task task = taskOf(asked(account).getFirst());
        assertThat(task.getType()).isEqualTo(ConnectAccount.TASK_TYPE);
        assertThat(task.getTrigger()).isEqualTo(Trigger.system);
    }

    @Test
    void asksNobodyWhereTheIntegrationCannotSay() {
        UUID account = connect("hello", "{}");

        sweep();
        ann.patch(PATH + account, "{\"config\": {\"count\": 2}}").expect(200);
        sweep();

        assertThat(asked(account)).isEmpty();
    }

    @Test
    void standsInNobodysWay() {
        UUID account = connect("hub", "{\"apiKey\": \"secret\"}");
        sweepUntilAsked(account, 1);

        var triggered = ann.post(PATH + account + "/trigger").expect(202);

        assertThat(triggered.json().get("alreadyRunning").asBoolean()).isFalse();
        assertThat(taskOf(UUID.fromString(triggered.text("runId"))).getType()).isEqualTo("list");
        assertThat(ann.get("/sync/info").json().at("/queueDepth").asInt())
                .as("the run that syncs alone")
                .isOne();
    }

    @Test
    void isListedOnlyWhenItIsAskedFor() {
        UUID account = connect("hub", "{\"apiKey\": \"secret\"}");
        sweepUntilAsked(account, 1);
        UUID oneOff = scheduler.database().run(account, "system");
        scheduler.database().update("update sync_run set sync_type = 'system:oneOff' where id = :id", oneOff);
        UUID sync = UUID.fromString(
                ann.post(PATH + account + "/trigger").expect(202).text("runId"));

        assertThat(runs("?userIntegrationId=" + account)).containsExactly(sync, oneOff);
        assertThat(runs("?trigger=manual")).containsExactly(sync);
        assertThat(runs("?trigger=system"))
                .containsExactly(oneOff, asked(account).getFirst());
        assertThat(ann.get("/v1/sync-runs/" + asked(account).getFirst())
                        .expect(200)
                        .text("syncType"))
                .isEqualTo("system:connect");
        ann.get("/v1/sync-runs?trigger=accident").expectError("trigger");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"credentials\": {\"apiKey\": \"other\"}}", "{\"config\": {\"region\": \"eu\"}}"})
    void asksAgainWhenAccessChanges(String change) {
        UUID account = connectedAndAsked();

        ann.patch(PATH + account, change).expect(200);
        assertThat(ann.get(PATH + account).json().get("account").isNull())
                .as("whose it is now, nobody knows")
                .isTrue();
        sweepUntilAsked(account, 2);

        assertThat(asked(account)).hasSize(2);
    }

    @Test
    void doesNotAskAgainWhenAnythingElseChanges() {
        UUID account = connectedAndAsked();

        ann.patch(PATH + account, "{\"name\": \"other\", \"pollIntervalMinutes\": 7}")
                .expect(200);
        sweep();

        assertThat(asked(account)).hasSize(1);
        assertThat(ann.get(PATH + account).json().get("account").isNull()).isFalse();
    }

    @Test
    void asksOnceMoreWhenAccessChangesWhileItIsAsked() {
        UUID account = connect("hub", "{\"apiKey\": \"secret\"}");
        sweepUntilAsked(account, 1);
        ann.patch(PATH + account, "{\"credentials\": {\"apiKey\": \"other\"}}").expect(200);
        sweep();
        assertThat(asked(account)).as("one at a time").hasSize(1);

        ended(asked(account).getFirst(), account);
        sweepUntilAsked(account, 2);

        assertThat(asked(account)).hasSize(2);
    }

    @Test
    void doesNotAskForAnAccountThatIsPausedUntilItIsResumed() {
        UUID account = connectedAndAsked();
        ann.patch(PATH + account, "{\"credentials\": {\"apiKey\": \"other\"}, \"syncStatus\": \"paused\"}")
                .expect(200);
        sweep();
        assertThat(asked(account)).hasSize(1);

        ann.patch(PATH + account, "{\"syncStatus\": \"active\"}").expect(200);
        sweepUntilAsked(account, 2);

        assertThat(asked(account)).hasSize(2);
    }

    @Test
    void showsWhoseAccountItIsOnceThatIsKnown() {
        UUID account = connect("hub", "{\"apiKey\": \"secret\"}");
        assertThat(ann.get(PATH + account).json().get("account").isNull()).isTrue();

        found(account);

        assertThat(ann.get(PATH + account).json().get("account").toString())
                .isEqualTo("{\"id\":\"42\",\"displayName\":\"octocat\"}");
        assertThat(ann.get("/v1/user-integrations")
                        .json()
                        .at("/items/0/account/id")
                        .asString())
                .isEqualTo("42");
    }

    @Test
    void answersATrialWithTheAccount() {
        UUID account = connect("hub", "{\"apiKey\": \"secret\"}");
        var trial = CompletableFuture.supplyAsync(() -> ann.post(PATH + account + ":test"));
        UUID run = await().atMost(10, SECONDS)
                .until(() -> runsOf(account, "system:test"), runs -> !runs.isEmpty())
                .getFirst();
        found(account);
        says(run, "status = 'succeeded'");

        JsonNode tried = trial.join().expect(202).json();

        assertThat(tried.get("runId").asString()).isEqualTo(run.toString());
        assertThat(tried.get("alreadyRunning").asBoolean()).isFalse();
        assertThat(tried.get("account").toString()).isEqualTo("{\"id\":\"42\",\"name\":\"octocat\"}");
        assertThat(taskOf(run).getType()).isEqualTo(ConnectAccount.TASK_TYPE);
    }

    @Test
    void asksNoSecondTimeWhereATrialDoes() {
        UUID account = scheduler.database().integration("hub", "active", null);
        scheduler
                .database()
                .update(
                        "update user_integration set identify_due_at = now() + interval '1 hour' where id = :id",
                        account);
        var trial = CompletableFuture.supplyAsync(() -> scheduler.operator().post(PATH + account + ":test"));
        UUID run = await().atMost(10, SECONDS)
                .until(() -> runsOf(account, "system:test"), runs -> !runs.isEmpty())
                .getFirst();
        says(run, "status = 'failed', error_code = 'hub.authFailed', error_message = 'No.'");

        assertThat(trial.join().expect(202).json().get("account").isNull()).isTrue();
        assertThat(scheduler
                        .database()
                        .value(
                                "select count(*) from user_integration where id = :id and identify_due_at is null",
                                account,
                                Long.class))
                .isOne();
    }

    @Test
    void waitsForAnAccountSoLongAndNoLonger() {
        UUID account = connect("hub", "{\"apiKey\": \"secret\"}");
        UUID run = scheduler.database().run(account, "system");
        var soon = new AwaitAccount(
                new RunQueries(scheduler.database().jdbc()), new TrialProperties(Duration.ofMillis(150)));
        var later = new AwaitAccount(
                new RunQueries(scheduler.database().jdbc()), new TrialProperties(Duration.ofSeconds(20)));

        assertThat(soon.of(run)).isEmpty();
        found(account);
        says(run, "status = 'succeeded'");
        assertThat(soon.of(run)).contains(new FoundAccount("42", "octocat"));
        assertThat(later.of(UUID.randomUUID())).as("gone with its account").isEmpty();
    }

    // Words of the tests

    private UUID connect(String domain, String credentials) {
        return UUID.fromString(ann.post(
                        "/v1/user-integrations",
                        "{\"integrationDomain\": \"" + domain + "\", \"credentials\": " + credentials + "}")
                .expect(201)
                .text("id"));
    }

    /** An account whose owner is known. */
    private UUID connectedAndAsked() {
        UUID account = connect("hub", "{\"apiKey\": \"secret\"}");
        sweepUntilAsked(account, 1);
        ended(asked(account).getFirst(), account);
        return account;
    }

    private void sweep() {
        scheduler.bean(IdentifyAccounts.class).run();
    }

    /** Until an account was asked so often: the timer's sweep may have it in hand. */
    private void sweepUntilAsked(UUID account, int times) {
        sweep();
        await().atMost(10, SECONDS).until(() -> asked(account).size() >= times);
    }

    private List<UUID> asked(UUID account) {
        return runsOf(account, ConnectAccount.SYNC_TYPE);
    }

    private List<UUID> runsOf(UUID account, String syncType) {
        return scheduler
                .database()
                .jdbc()
                .sql("select id from sync_run where user_integration_id = :id and sync_type = :syncType order by"
                        + " sequence")
                .param("id", account)
                .param("syncType", syncType)
                .query(UUID.class)
                .list();
    }

    private List<UUID> runs(String query) {
        return ann.get("/v1/sync-runs" + query)
                .expect(200)
                .json()
                .get("items")
                .valueStream()
                .map(run -> UUID.fromString(run.get("id").asString()))
                .toList();
    }

    private Task taskOf(UUID run) {
        return await().atMost(10, SECONDS)
                .until(() -> scheduler.tasksOf(run), tasks -> !tasks.isEmpty())
                .getFirst()
                .value();
    }

    /** As the sink does it at the end of a run. */
    private void ended(UUID run, UUID account) {
        found(account);
        says(run, "status = 'succeeded'");
    }

    private void found(UUID account) {
        scheduler
                .database()
                .update(
                        "update user_integration set account_id = '42', account_name = 'octocat' where id = :id",
                        account);
    }

    private void says(UUID run, String columns) {
        scheduler.database().update("update sync_run set " + columns + ", finished_at = now() where id = :id", run);
    }
}
