package io.tributary.scheduler.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.testing.Api;
import io.tributary.scheduler.testing.RunningScheduler;
import io.tributary.scheduler.testing.SharedScheduler;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

@ExtendWith(SharedScheduler.class)
class AuditLogIT {

    private final RunningScheduler scheduler;
    private final String user = "ann-" + UUID.randomUUID();
    private final Api ann;

    AuditLogIT(RunningScheduler scheduler) {
        this.scheduler = scheduler;
        this.ann = scheduler.user(user);
    }

    @Test
    void notesWhoChangedWhatAndHowItEnded() {
        String id = ann.post("/v1/user-integrations", "{\"integrationDomain\": \"hello\"}")
                .expect(201)
                .text("id");
        ann.get("/v1/user-integrations/" + id).expect(200);
        ann.patch("/v1/user-integrations/" + id, "{\"name\": \"\"}").expect(400);
        ann.post("/sync/pause/" + id).expect(200);

        var entries = entries();

        assertThat(entries)
                .extracting(entry -> entry.get("action").asString()
                        + " " + entry.get("target").asString() + " "
                        + entry.get("status").asInt())
                .containsExactly(
                        "pause /sync/pause/" + id + " 200",
                        "changeUserIntegration /v1/user-integrations/" + id + " 400",
                        "createUserIntegration /v1/user-integrations/" + id + " 201");
        JsonNode entry = entries.getFirst();
        assertThat(entry.get("userId").asString()).isEqualTo(user);
        assertThat(entry.get("operator").asBoolean()).isFalse();
        assertThat(entry.get("remoteAddress").asString()).isEqualTo("127.0.0.1");
        assertThat(entry.get("at").asString()).isNotBlank();
    }

    @Test
    void isReadPageByPage() {
        ann.post("/sync/purge").expect(202);
        ann.post("/sync/trigger").expect(202);

        var first = scheduler
                .operator()
                .get("/v1/audit-log?limit=1&userId=" + user)
                .expect(200)
                .json();
        var rest = scheduler
                .operator()
                .get("/v1/audit-log?userId=" + user + "&cursor="
                        + first.get("nextCursor").asString())
                .expect(200)
                .json();

        assertThat(first.get("items").get(0).get("action").asString()).isEqualTo("triggerAll");
        assertThat(rest.get("items").get(0).get("action").asString()).isEqualTo("purge");
        assertThat(rest.get("nextCursor").isNull()).isTrue();
    }

    private List<JsonNode> entries() {
        return scheduler
                .operator()
                .get("/v1/audit-log?userId=" + user)
                .expect(200)
                .json()
                .get("items")
                .valueStream()
                .toList();
    }
}
