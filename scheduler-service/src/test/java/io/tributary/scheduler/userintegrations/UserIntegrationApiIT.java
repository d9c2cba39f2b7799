package io.tributary.scheduler.userintegrations;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.scheduler.testing.Api;
import io.tributary.scheduler.testing.ApiTest;
import io.tributary.schemas.Command;
import io.tributary.schemas.Control;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class UserIntegrationApiIT extends ApiTest {

    private String credentialsOf(UUID id) throws GeneralSecurityException {
        byte[] sealed = requireNonNull(scheduler
                .database()
                .value("select credentials from user_integration where id = :id", id, byte[].class));
        return new String(
                scheduler.keysets().aead().decrypt(sealed, id.toString().getBytes(UTF_8)), UTF_8);
    }

    private static final String PATH = "/v1/user-integrations";

    private static final String MAIL = """
        {"integrationDomain": "mail", "name": "Work", "config": {"host": "mail.test", "port": 993},
         "credentials": {"username": "ann", "password": "wonder"}, "pollIntervalMinutes": 5}
        """;

    @Test
    void connectsAnAccountThatIsDueAtOnce() {
        var created = scheduler.user("connie").post(PATH, MAIL).expect(201);

        assertThat(created.response().headers().firstValue("Location")).hasValue(PATH + "/" + created.text("id"));
        var json = scheduler
                .user("connie")
                .get(PATH + "/" + created.text("id"))
                .expect(200)
                .json();
        assertThat(json).isEqualTo(created.json());
        assertThat(json.get("userId").asString()).isEqualTo("connie");
        assertThat(json.get("integrationDomain").asString()).isEqualTo("mail");
        assertThat(json.get("name").asString()).isEqualTo("Work");
        assertThat(json.get("config").toString()).isEqualTo("{\"host\":\"mail.test\",\"port\":993}");
        assertThat(json.get("hasCredentials").asBoolean()).isTrue();
        assertThat(json.get("pollIntervalMinutes").asInt()).isEqualTo(5);
        assertThat(json.get("syncStatus").asString()).isEqualTo("active");
        assertThat(json.get("nextSyncAt")).isEqualTo(json.get("createdAt"));
        assertThat(json.has("credentials")).isFalse();
        assertThat(json.has("error")).isFalse();
    }

    @Test
    void sealsTheCredentialsForTheWorker() throws Exception {
        var id = connect(MAIL);

        assertThat(credentialsOf(id)).isEqualTo("{\"username\":\"ann\",\"password\":\"wonder\"}");
    }

    @Test
    void fillsInWhatMayBeLeftOut() {
        var json =
                ann.post(PATH, "{\"integrationDomain\": \"hello\"}").expect(201).json();

        assertThat(json.get("name").asString()).isEqualTo("Hello");
        assertThat(json.get("config").toString()).isEqualTo("{}");
        assertThat(json.get("hasCredentials").asBoolean()).isFalse();
        assertThat(json.get("pollIntervalMinutes").asInt()).isEqualTo(15);
        assertThat(json.get("scheduleCron").isNull()).isTrue();
    }

    @Test
    void takesACronScheduleInPlaceOfAnInterval() {
        var json = ann.post(PATH, "{\"integrationDomain\": \"hello\", \"scheduleCron\": \"0 3 * * *\"}")
                .expect(201)
                .json();

        assertThat(json.get("scheduleCron").asString()).isEqualTo("0 3 * * *");
        assertThat(json.get("pollIntervalMinutes").isNull()).isTrue();
    }

    @Test
    void namesEverythingThatIsWrongAtOnce() {
        var answer = ann.post(PATH, """
            {"integrationDomain": "mail", "name": "", "config": {"host": "", "port": 0, "extra": 1},
             "credentials": {"username": "ann", "apiKey": "k"}, "pollIntervalMinutes": 0, "scheduleCron": "x"}
            """);

        answer.expectError("/name")
                .expectError("/config/host")
                .expectError("/config/port")
                .expectError("/config")
                .expectError("/credentials/password")
                .expectError("/credentials/apiKey")
                .expectError("/pollIntervalMinutes")
                .expectError("/scheduleCron");
    }

    @Test
    void refusesAnIntegrationThatNoWorkerAnnounced() {
        var answer = ann.post(PATH, "{\"integrationDomain\": \"fax\"}");

        answer.expectProblem(422, "polling.integrationNotFound");
        assertThat(answer.text("detail")).contains("'fax'", "cloud, ", "hello, ", "hub, ", "mail");
    }

    @Test
    void refusesARequestWithoutAnIntegration() {
        ann.post(PATH, "{}").expectError("/integrationDomain");
    }

    @Test
    void letsOnlyOperatorsConnectForOthers() {
        String forConnie = "{\"integrationDomain\": \"hello\", \"userId\": \"connie\"}";

        ann.post(PATH, forConnie).expectProblem(403, "api.forbidden");
        scheduler.user("connie").post(PATH, forConnie).expect(201);
        assertThat(scheduler.operator().post(PATH, forConnie).expect(201).text("userId"))
                .isEqualTo("connie");
    }

    @Test
    void listsOwnAccountsPageByPage() {
        var ids = List.of(connect(MAIL), connect(MAIL), connect(MAIL));

        var listed = new ArrayList<UUID>();
        JsonNode page = ann.get(PATH + "?limit=2").expect(200).json();
        addIds(page, listed);
        assertThat(listed).hasSize(2);
        page = ann.get(PATH + "?limit=2&cursor=" + page.get("nextCursor").asString())
                .expect(200)
                .json();
        addIds(page, listed);

        assertThat(page.get("nextCursor").isNull()).isTrue();
        assertThat(listed).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void listsEveryonesAccountsToOperators() {
        UUID id = connect(MAIL);

        var listed = new ArrayList<UUID>();
        String next = "";
        do {
            var page = scheduler
                    .operator()
                    .get(PATH + "?limit=1000" + next)
                    .expect(200)
                    .json();
            addIds(page, listed);
            next = page.get("nextCursor").isNull()
                    ? ""
                    : "&cursor=" + page.get("nextCursor").asString();
        } while (!next.isEmpty());

        assertThat(listed).contains(id).doesNotHaveDuplicates();
    }

    @Test
    void answersAnotherUserAsIfThereWereNothing() {
        String path = PATH + "/" + connect(MAIL);
        var eve = scheduler.user("eve");

        eve.get(path).expectProblem(404, "api.notFound");
        eve.patch(path, "{\"name\": \"Mine\"}").expectProblem(404, "api.notFound");
        eve.delete(path).expectProblem(404, "api.notFound");
        eve.post(path + "/trigger").expectProblem(404, "api.notFound");
        assertThat(eve.get(PATH).expect(200).body()).doesNotContain(path.substring(PATH.length() + 1));
        assertThat(ann.get(path).expect(200).text("name")).isEqualTo("Work");
        scheduler.operator().get(path).expect(200);
    }

    @Test
    void changesOnlyWhatIsNamed() {
        String path = PATH + "/" + connect(MAIL);
        var before = ann.get(path).json();

        var after = ann.patch(path, "{\"name\": \"Home\"}").expect(200).json();

        assertThat(after.get("name").asString()).isEqualTo("Home");
        assertThat(after.get("config")).isEqualTo(before.get("config"));
        assertThat(after.get("hasCredentials").asBoolean()).isTrue();
        assertThat(after.get("pollIntervalMinutes").asInt()).isEqualTo(5);
        assertThat(after.get("nextSyncAt")).isEqualTo(before.get("nextSyncAt"));
        assertThat(ann.get(path).json()).isEqualTo(after);
    }

    @Test
    void refusesAChangeThatIsInvalid() {
        String path = PATH + "/" + connect(MAIL);

        ann.patch(path, "{\"config\": {\"host\": 1}}")
                .expectError("/config/host")
                .expectError("/config");
        ann.patch(path, "{\"credentials\": {\"username\": \"ann\"}}").expectError("/credentials/password");
        ann.patch(path, "{\"syncStatus\": \"expired\"}").expectError("/syncStatus");
        ann.patch(path, "{\"scheduleCron\": \"x\"}").expectError("/scheduleCron");
        ann.patch(path, "{\"userId\": \"eve\"}").expectError("/userId");
        assertThat(ann.get(path).json().get("config").get("host").asString()).isEqualTo("mail.test");
    }

    @Test
    void reconnectsAnExpiredAccountWithNewCredentials() throws Exception {
        UUID id = connect(MAIL);
        stop(id, "expired", "imap.authFailed");
        assertThat(ann.get(PATH + "/" + id).json().get("error").get("code").asString())
                .isEqualTo("imap.authFailed");
        Instant before = Instant.now();

        var after = ann.patch(PATH + "/" + id, "{\"credentials\": {\"username\": \"ann\", \"password\": \"new\"}}")
                .expect(200)
                .json();

        assertThat(after.get("syncStatus").asString()).isEqualTo("active");
        assertThat(Instant.parse(after.get("nextSyncAt").asString())).isBetween(before.minusMillis(1), Instant.now());
        assertThat(after.has("error")).isFalse();
        assertThat(credentialsOf(id)).contains("new");
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(commands(id)).containsExactly(Command.credentials_changed));
    }

    @Test
    void resumesABrokenAccountWithANewConfig() {
        UUID id = connect(MAIL);
        stop(id, "error", "imap.folderNotFound");

        var after = ann.patch(PATH + "/" + id, "{\"config\": {\"host\": \"mail.test\", \"port\": 143}}")
                .expect(200)
                .json();

        assertThat(after.get("syncStatus").asString()).isEqualTo("active");
        assertThat(after.get("nextSyncAt").isNull()).isFalse();
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(commands(id)).containsExactly(Command.credentials_changed));
    }

    @Test
    void keepsAnExpiredAccountExpiredWhenOnlyItsNameChanges() {
        UUID id = connect(MAIL);
        stop(id, "expired", "imap.authFailed");

        var after =
                ann.patch(PATH + "/" + id, "{\"name\": \"Old\"}").expect(200).json();

        assertThat(after.get("syncStatus").asString()).isEqualTo("expired");
        assertThat(after.get("nextSyncAt").isNull()).isTrue();
        assertThat(after.get("error").get("code").asString()).isEqualTo("imap.authFailed");
    }

    @Test
    void pausesAndResumes() {
        UUID id = connect(MAIL);

        var paused = ann.patch(PATH + "/" + id, "{\"syncStatus\": \"paused\"}")
                .expect(200)
                .json();
        assertThat(paused.get("syncStatus").asString()).isEqualTo("paused");
        assertThat(paused.get("nextSyncAt").isNull()).isTrue();

        var resumed = ann.patch(PATH + "/" + id, "{\"syncStatus\": \"active\"}")
                .expect(200)
                .json();
        assertThat(resumed.get("syncStatus").asString()).isEqualTo("active");
        assertThat(resumed.get("nextSyncAt").isNull()).isFalse();
        assertThat(commands(id)).isEmpty();
    }

    @Test
    void appliesANewScheduleToTheNextSync() {
        UUID id = connect(MAIL);
        Instant lastSync = Instant.now().minusSeconds(600);
        scheduler
                .database()
                .jdbc()
                .sql("update user_integration set last_sync_at = :last, next_sync_at = now() + interval '1 day'"
                        + " where id = :id")
                .param("last", java.sql.Timestamp.from(lastSync))
                .param("id", id)
                .update();

        var hourly = ann.patch(PATH + "/" + id, "{\"pollIntervalMinutes\": 60}")
                .expect(200)
                .json();
        assertThat(Instant.parse(hourly.get("nextSyncAt").asString()))
                .isBetween(lastSync.plusSeconds(3599), lastSync.plusSeconds(3601));

        var overdue = ann.patch(PATH + "/" + id, "{\"pollIntervalMinutes\": 1}")
                .expect(200)
                .json();
        assertThat(Instant.parse(overdue.get("nextSyncAt").asString())).isBeforeOrEqualTo(Instant.now());

        var nightly = ann.patch(PATH + "/" + id, "{\"scheduleCron\": \"0 3 * * *\"}")
                .expect(200)
                .json();
        assertThat(nightly.get("pollIntervalMinutes").isNull()).isTrue();
        assertThat(nightly.get("scheduleCron").asString()).isEqualTo("0 3 * * *");

        var interval = ann.patch(PATH + "/" + id, "{\"pollIntervalMinutes\": 30}")
                .expect(200)
                .json();
        assertThat(interval.get("scheduleCron").isNull()).isTrue();
        assertThat(interval.get("pollIntervalMinutes").asInt()).isEqualTo(30);
    }

    @Test
    void leavesTheScheduleAloneWhileARunIsUnderWay() {
        UUID id = connect(MAIL);
        scheduler.database().update("update user_integration set next_sync_at = null where id = :id", id);

        var after = ann.patch(PATH + "/" + id, "{\"pollIntervalMinutes\": 60}")
                .expect(200)
                .json();

        assertThat(after.get("nextSyncAt").isNull()).isTrue();
    }

    @Test
    void deletesTheAccountWithAllThatCameOfIt() {
        UUID id = connect(MAIL);
        UUID ended = scheduler.database().run(id, "manual");
        scheduler.database().update("update sync_run set status = 'failed', finished_at = now() where id = :id", ended);
        UUID run = scheduler.database().run(id, "manual");
        var content = scheduler
                .database()
                .jdbc()
                .sql("""
                    insert into user_integration_content (user_integration_id, integration_domain, external_id, content_hash,
                                                          run_id, run_sequence)
                    values (:id, 'hello', 'item', '', :run, 1) returning id
                    """)
                .param("id", id)
                .param("run", ended)
                .query(Long.class)
                .single();
        scheduler.database().jdbc().sql("""
            insert into dead_letter (kafka_partition, kafka_offset, user_integration_id, error_code, error_message,
                                     fingerprint, attempts, record, created_at)
            values (99, (select count(*) from dead_letter), :id, 'c', 'm', :id::text, 1, '{}', now())
            """).param("id", id).update();

        ann.delete(PATH + "/" + id).expect(204);

        for (Api caller : List.of(ann, scheduler.operator())) {
            caller.get("/v1/sync-runs/" + ended).expectProblem(404, "api.notFound");
            caller.get("/v1/sync-runs/" + ended + "/proof").expectProblem(404, "api.notFound");
            caller.get("/v1/user-integration-content?userIntegrationId=" + id).expectProblem(404, "api.notFound");
            caller.get("/v1/user-integration-content/" + content + "/content").expectProblem(404, "api.notFound");
            assertThat(caller.get("/v1/sync-runs?userIntegrationId=" + id)
                            .json()
                            .get("items"))
                    .isEmpty();
            assertThat(caller.get("/v1/dead-letters?fingerprint=" + id).json().get("items"))
                    .isEmpty();
        }

        ann.get(PATH + "/" + id).expectProblem(404, "api.notFound");
        ann.get("/v1/sync-runs/" + run).expectProblem(404, "api.notFound");
        ann.delete(PATH + "/" + id).expectProblem(404, "api.notFound");
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(commands(id)).containsExactly(Command.purge));
    }

    private UUID connect(String body) {
        return UUID.fromString(ann.post(PATH, body).expect(201).text("id"));
    }

    /** As the sink does when the provider refuses. */
    private void stop(UUID id, String status, String code) {
        scheduler
                .database()
                .jdbc()
                .sql("""
                    update user_integration
                    set sync_status = :status, next_sync_at = null, error_code = :code, error_message = 'It said no.'
                    where id = :id
                    """)
                .param("status", status)
                .param("code", code)
                .param("id", id)
                .update();
    }

    private List<Command> commands(UUID id) {
        return scheduler.broker().<Control>read(scheduler.broker().topics().control()).stream()
                .filter(control -> control.key().equals(id.toString()))
                .map(control -> control.value().getCommand())
                .toList();
    }

    private static void addIds(JsonNode page, List<UUID> ids) {
        page.get("items").forEach(item -> ids.add(UUID.fromString(item.get("id").asString())));
    }
}
