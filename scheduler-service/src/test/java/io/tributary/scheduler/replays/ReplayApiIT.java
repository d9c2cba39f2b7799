package io.tributary.scheduler.replays;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.testing.HelloApiTest;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplayApiIT extends HelloApiTest {

    @Test
    void queuesAReplayOfOnesOwnAccount() {
        var answer = ann.post("/v1/replays", """
            {"kind": "outputs", "userIntegrationId": "%s", "fromTime": "2026-04-01T00:00:00+02:00"}
            """.formatted(integration)).expect(202);

        assertThat(answer.response().headers().firstValue("Location")).hasValue("/v1/replays/" + answer.text("id"));
        var json = ann.get("/v1/replays/" + answer.text("id")).expect(200).json();
        assertThat(json.get("status").asString()).isEqualTo("queued");
        assertThat(json.get("userIntegrationId").asString()).isEqualTo(integration.toString());
        assertThat(json.get("fromTime").asString()).isEqualTo("2026-03-31T22:00:00Z");
        assertThat(json.get("records").toString()).isEqualTo("{\"total\":0,\"read\":0}");
        assertThat(json.has("etaSeconds")).isFalse();
        scheduler.user("bob").get("/v1/replays/" + answer.text("id")).expect(404);
        scheduler.operator().get("/v1/replays/" + answer.text("id")).expect(200);
    }

    @Test
    void rebuildsInAnotherSchemaForOperatorsAndNotInALiveOne() {
        var answer = scheduler
                .operator()
                .post("/v1/replays", "{\"kind\": \"outputs\", \"targetSchema\": \"rebuild_x\"}")
                .expect(202);

        assertThat(answer.text("targetSchema")).isEqualTo("rebuild_x");
        scheduler
                .operator()
                .post("/v1/replays/" + answer.text("id") + "/cancel")
                .expect(200);
        scheduler
                .operator()
                .post("/v1/replays", "{\"kind\": \"outputs\", \"targetSchema\": \"public\"}")
                .expectProblem(409, "replay.schemaTaken");
        for (String name : List.of("pg_x", "information_schema", "X", "a-b", "a\\\"b", "1a", "", "a".repeat(64))) {
            scheduler
                    .operator()
                    .post("/v1/replays", "{\"kind\": \"outputs\", \"targetSchema\": \"" + name + "\"}")
                    .expectError("/targetSchema");
        }
        scheduler
                .operator()
                .post("/v1/replays", "{\"kind\": \"tasks\", \"targetSchema\": \"rebuild_x\"}")
                .expectError("/targetSchema");
        ann.post(
                        "/v1/replays",
                        "{\"kind\": \"outputs\", \"userIntegrationId\": \"" + integration
                                + "\", \"targetSchema\": \"rebuild_x\"}")
                .expectError("/targetSchema");
    }

    @Test
    void showsHowFarItIsAndWhatCameOfIt() {
        String id = queued();
        scheduler.database().jdbc().sql("""
            update replay set status = 'running', started_at = now() - interval '30 seconds', matched = 20,
                              rows_inserted = 12, rows_unchanged = 7, skipped = 1 where id = :id::uuid
            """).param("id", id).update();
        scheduler.database().jdbc().sql("""
            insert into replay_position (replay_id, kafka_partition, first_offset, next_offset, end_offset)
            values (:id::uuid, 0, 100, 150, 200), (:id::uuid, 1, 0, 25, 200)
            """).param("id", id).update();

        var json = ann.get("/v1/replays/" + id).expect(200).json();

        assertThat(json.get("records").toString()).isEqualTo("{\"total\":300,\"read\":75}");
        assertThat(json.get("results").toString())
                .isEqualTo("{\"matched\":20,\"rowsInserted\":12,\"rowsUpdated\":0,\"rowsUnchanged\":7,"
                        + "\"tasksQueued\":0,\"skipped\":1}");
        assertThat(json.get("etaSeconds").asInt()).isBetween(88, 100);
    }

    @Test
    void cancelsOnceAndForAll() {
        String id = queued();

        assertThat(ann.post("/v1/replays/" + id + "/cancel").expect(200).text("status"))
                .isEqualTo("cancelled");
        assertThat(ann.post("/v1/replays/" + id + "/cancel").expect(200).text("status"))
                .isEqualTo("cancelled");
        scheduler.user("bob").post("/v1/replays/" + id + "/cancel").expect(404);
    }

    @Test
    void listsThemNewestFirstPageByPage() {
        String first = queued();
        String second = queued();

        var page = ann.get("/v1/replays?limit=1").expect(200).json();
        var next = ann.get(
                        "/v1/replays?limit=1&cursor=" + page.get("nextCursor").asString())
                .expect(200)
                .json();

        assertThat(page.get("items").get(0).get("id").asString()).isEqualTo(second);
        assertThat(next.get("items").get(0).get("id").asString()).isEqualTo(first);
        assertThat(next.get("nextCursor").isNull()).isTrue();
    }

    @Test
    void limitsTheReplaysOfAUserWhichKeepNobodyElseFromRequestingOne() {
        for (int i = 0; i < 5; i++) {
            queued();
        }

        ann.post("/v1/replays", body("\"fromOffset\": 5")).expectProblem(429, "quota.replays");

        var operators = scheduler.operator().post("/v1/replays", body("\"fromOffset\": 5"));
        operators.expect(202);
        assertThat(scheduler
                        .database()
                        .jdbc()
                        .sql("select by_operator from replay where id = ?::uuid")
                        .param(operators.text("id"))
                        .query(Boolean.class)
                        .single())
                .isTrue();
    }

    @Test
    void appliesTheQuotaOfTheOrganisationAndShowsTheSameLimit() {
        scheduler
                .database()
                .update(
                        "insert into org_quota (org_id, quota, per_user)"
                                + " select org_id, 'replays', 1 from user_integration where id = :id",
                        integration);
        try {
            queued();

            ann.post("/v1/replays", body("\"fromOffset\": 5")).expectProblem(429, "quota.replays");

            var shown = ann.get("/sync/info").expect(200).json().get("quotas");
            assertThat(shown.toString()).contains("{\"name\":\"replays\",\"scope\":\"user\",\"used\":1,\"limit\":1}");
        } finally {
            scheduler
                    .database()
                    .jdbc()
                    .sql("delete from org_quota where quota = 'replays'")
                    .update();
        }
    }

    @Test
    void refusesWhatMakesNoSense() {
        ann.post("/v1/replays", "{\"kind\": \"outputs\"}").expectError("/userIntegrationId");
        ann.post("/v1/replays", "{\"kind\": \"everything\"}").expectError("/kind");
        ann.post("/v1/replays", body("\"fromTime\": \"yesterday\"")).expectError("/fromTime");
        ann.post("/v1/replays", body("\"fromOffset\": -1")).expectError("/fromOffset");
        ann.post("/v1/replays", body("\"taskType\": \"list\"")).expectError("/taskType");
        ann.post("/v1/replays", body("\"fromOffset\": 1, \"fromTime\": \"2026-04-01T00:00:00Z\""))
                .expectError("/fromOffset");
        scheduler
                .user("bob")
                .post("/v1/replays", "{\"kind\": \"tasks\", \"userIntegrationId\": \"" + integration + "\"}")
                .expect(404);
    }

    private String queued() {
        return ann.post("/v1/replays", body("\"fromOffset\": 5")).expect(202).text("id");
    }

    private String body(String more) {
        return "{\"kind\": \"outputs\", \"userIntegrationId\": \"" + integration + "\", " + more + "}";
    }
}
