package io.tributary.scheduler.stats;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.testing.ApiTest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class StatsApiIT extends ApiTest {

    @Test
    void listsTheNewestSumsFirstPageByPage() {
        add("stats-a", "1999-04-01T00:05:00Z");
        add("stats-b", "1999-04-01T00:05:00Z");
        add("stats-a", "1999-04-01T00:00:00Z");
        String path = "/v1/sync-stats?since=1999-04-01T00:00:00Z&until=1999-04-02T00:00:00Z&limit=1";

        List<JsonNode> found = all(path);

        assertThat(found)
                .extracting(item -> item.get("integrationDomain").asString() + " "
                        + item.get("from").asString())
                .containsExactly(
                        "stats-a 1999-04-01T00:05:00Z", "stats-b 1999-04-01T00:05:00Z", "stats-a 1999-04-01T00:00:00Z");
        assertThat(found.getFirst().toString())
                .isEqualTo(
                        "{\"integrationDomain\":\"stats-a\",\"from\":\"1999-04-01T00:05:00Z\",\"runs\":4,"
                                + "\"succeeded\":3,\"tasksCompleted\":20,\"tasksFailed\":1,\"outputs\":100,\"runSeconds\":2.5}");
        assertThat(all(path + "&integrationDomain=stats-b")).hasSize(1);
    }

    @Test
    void isForOperators() {
        ann.get("/v1/sync-stats").expectProblem(403, "api.forbidden");
        scheduler.orgAdmin("ada", "acme").get("/v1/sync-stats").expectProblem(403, "api.forbidden");
        scheduler.operator().get("/v1/sync-stats?cursor=x").expectError("cursor");
    }

    private List<JsonNode> all(String firstPage) {
        var found = new ArrayList<JsonNode>();
        String next = firstPage;
        while (!next.isEmpty()) {
            JsonNode page = scheduler.operator().get(next).expect(200).json();
            page.get("items").forEach(found::add);
            next = page.get("nextCursor").isNull()
                    ? ""
                    : firstPage + "&cursor=" + page.get("nextCursor").asString();
        }
        return found;
    }

    private void add(String domain, String bucket) {
        scheduler
                .database()
                .jdbc()
                .sql("""
                    insert into sync_stats (integration_domain, bucket, runs, succeeded, tasks_completed, tasks_failed,
                      outputs, run_seconds)
                    values (:domain, :bucket::timestamptz, 4, 3, 20, 1, 100, 2.5) on conflict do nothing
                    """)
                .param("domain", domain)
                .param("bucket", bucket)
                .update();
    }
}
