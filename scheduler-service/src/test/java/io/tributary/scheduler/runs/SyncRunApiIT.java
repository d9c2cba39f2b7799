package io.tributary.scheduler.runs;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.testing.HelloApiTest;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class SyncRunApiIT extends HelloApiTest {

    @Test
    void showsARunOnItsWay() {
        UUID run = run("""
            status = 'running', spawned = 99, completed = 30, failed = 10, outputs = 28, outputs_saved = 20,
            started_at = now() - interval '40 seconds', throttled_until = now() + interval '1 hour',
            dispatched_at = now()
            """);

        var json = ann.get("/v1/sync-runs/" + run).expect(200).json();

        assertThat(json.get("id").asString()).isEqualTo(run.toString());
        assertThat(json.get("userIntegrationId").asString()).isEqualTo(integration.toString());
        assertThat(json.get("integrationDomain").asString()).isEqualTo("hello");
        assertThat(json.get("syncType").asString()).isEqualTo("default");
        assertThat(json.get("status").asString()).isEqualTo("running");
        assertThat(json.get("trigger").asString()).isEqualTo("manual");
        assertThat(json.get("tasks").toString())
                .isEqualTo("{\"spawned\":99,\"completed\":30,\"failed\":10,\"pending\":60}");
        assertThat(json.get("outputs").asInt()).isEqualTo(28);
        assertThat(json.get("outputsSaved").asInt()).isEqualTo(20);
        assertThat(json.get("throttledUntil").isNull()).isFalse();
        assertThat(json.get("etaSeconds").asInt()).isBetween(3650, 3680);
        assertThat(json.get("startedAt").isNull()).isFalse();
        assertThat(json.get("finishedAt").isNull()).isTrue();
        assertThat(json.has("error")).isFalse();
    }

    @Test
    void showsWhyARunFailed() {
        UUID run = run("""
            status = 'failed', failed = 1, started_at = now(), finished_at = now(), dispatched_at = now(),
            error_code = 'imap.authFailed', error_message = 'The server refused the password.'
            """);

        var json = ann.get("/v1/sync-runs/" + run).expect(200).json();

        assertThat(json.get("error").toString())
                .isEqualTo("{\"code\":\"imap.authFailed\",\"message\":\"The server refused the password.\"}");
        assertThat(json.has("etaSeconds")).isFalse();
        assertThat(json.has("throttledUntil")).isFalse();
    }

    @Test
    void listsRunsNewestFirstPageByPage() {
        UUID first = finished();
        UUID second = finished();
        UUID third = finished();

        String path = "/v1/sync-runs?limit=2&userIntegrationId=" + integration;
        var page = ann.get(path).expect(200).json();
        assertThat(ids(page)).containsExactly(third, second);
        page = ann.get(path + "&cursor=" + page.get("nextCursor").asString())
                .expect(200)
                .json();
        assertThat(ids(page)).containsExactly(first);
        assertThat(page.get("nextCursor").isNull()).isTrue();
        assertThat(ids(ann.get("/v1/sync-runs").expect(200).json())).containsExactly(third, second, first);
    }

    @Test
    void provesThatEverythingIsThere() {
        UUID run = run("""
            status = 'partial', spawned = 3, completed = 3, failed = 1, outputs = 3, outputs_saved = 3,
            rows_inserted = 1, rows_updated = 1, rows_unchanged = 1, finished_at = now(), dispatched_at = now()
            """);
        content(run, "a");
        content(run, "b");
        content(UUID.randomUUID(), "c");

        var proof = ann.get("/v1/sync-runs/" + run + "/proof").expect(200).json();

        assertThat(proof.toString())
                .isEqualTo("{\"balanced\":true,\"status\":\"partial\",\"spawned\":3,\"completed\":3,\"failed\":1,"
                        + "\"outputs\":3,\"outputsSaved\":3,\"outputsSetAside\":0,\"rows\":3,\"rowsInserted\":1,"
                        + "\"rowsUpdated\":1,\"rowsUnchanged\":1,\"rowsDeleted\":0,\"missing\":[]}");
    }

    @Test
    void saysWhatIsMissingInAProof() {
        UUID run = run("status = 'running', outputs = 2, outputs_saved = 1, dispatched_at = now()");

        var proof = ann.get("/v1/sync-runs/" + run + "/proof").expect(200).json();

        assertThat(proof.get("balanced").asBoolean()).isFalse();
        assertThat(proof.get("missing").size()).isEqualTo(3);
    }

    @Test
    void listsTheTasksThatFailedPageByPage() {
        UUID run = finished();
        for (int i = 0; i < 3; i++) {
            scheduler
                    .database()
                    .jdbc()
                    .sql("""
                        insert into task_failure (run_id, task_id, user_integration_id, task_type, attempts, error_code,
                                                  error_message, http_status, failed_at)
                        values (:run, gen_random_uuid(), :integration, 'greet', 3, 'hello.failed', 'No.', 503, now())
                        """)
                    .param("run", run)
                    .param("integration", integration)
                    .update();
        }

        String path = "/v1/sync-runs/" + run + "/failures?limit=2";
        var page = ann.get(path).expect(200).json();
        assertThat(page.get("items").size()).isEqualTo(2);
        var failure = page.get("items").get(0);
        assertThat(failure.get("taskType").asString()).isEqualTo("greet");
        assertThat(failure.get("attempts").asInt()).isEqualTo(3);
        assertThat(failure.get("httpStatus").asInt()).isEqualTo(503);
        assertThat(failure.get("error").get("code").asString()).isEqualTo("hello.failed");
        page = ann.get(path + "&cursor=" + page.get("nextCursor").asString())
                .expect(200)
                .json();
        assertThat(page.get("items").size()).isEqualTo(1);
        assertThat(page.get("nextCursor").isNull()).isTrue();
    }

    @Test
    void answersAnotherUserAsIfThereWereNothing() {
        UUID run = finished();
        var eve = scheduler.user("eve");

        for (String path : List.of("", "/proof", "/failures")) {
            eve.get("/v1/sync-runs/" + run + path).expectProblem(404, "api.notFound");
            scheduler.operator().get("/v1/sync-runs/" + run + path).expect(200);
        }
        assertThat(ids(eve.get("/v1/sync-runs?userIntegrationId=" + integration)
                        .expect(200)
                        .json()))
                .isEmpty();
        assertThat(ids(eve.get("/v1/sync-runs").expect(200).json())).doesNotContain(run);
        assertThat(ids(scheduler.operator().get("/v1/sync-runs?limit=1000").json()))
                .contains(run);
    }

    private UUID finished() {
        return run("status = 'succeeded', completed = 1, finished_at = now(), dispatched_at = now()");
    }

    /** A run as the sink left it; it is dispatched, so that nobody takes it. */
    private UUID run(String assignments) {
        UUID run = scheduler
                .database()
                .jdbc()
                .sql("""
                    insert into sync_run (user_integration_id, user_id, integration_domain, trigger, dispatched_at)
                    select id, user_id, integration_domain, 'manual', now() from user_integration where id = :id
                    returning id
                    """)
                .param("id", integration)
                .query(UUID.class)
                .single();
        scheduler.database().update("update sync_run set " + assignments + " where id = :id", run);
        return run;
    }

    private void content(UUID run, String externalId) {
        scheduler
                .database()
                .jdbc()
                .sql("""
                    insert into user_integration_content
                      (user_integration_id, integration_domain, external_id, content_hash, run_id, run_sequence)
                    values (:integration, 'hello', :externalId, '', :run, 1)
                    """)
                .param("integration", integration)
                .param("externalId", externalId)
                .param("run", run)
                .update();
    }

    private static List<UUID> ids(JsonNode page) {
        var ids = new ArrayList<UUID>();
        page.get("items").forEach(item -> ids.add(UUID.fromString(item.get("id").asString())));
        return ids;
    }
}
