package io.tributary.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The HTTP API with one user's token; answers are JSON as it came. */
record Api(String base, String token) {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Set<String> LIVE = Set.of("queued", "running");

    record Answer(int status, JsonNode body) {}

    String connect(String domain, String name, Map<String, Object> config, Map<String, String> credentials) {
        Answer answer = tryConnect(domain, name, config, credentials);
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
        return answer.body().get("id").asString();
    }

    Answer tryConnect(String domain, String name, Map<String, Object> config, Map<String, String> credentials) {
        return post(
                "/v1/user-integrations",
                Map.of(
                        "integrationDomain", domain,
                        "name", name,
                        "config", config,
                        "credentials", credentials,
                        "pollIntervalMinutes", 60));
    }

    String trigger(String userIntegrationId) {
        Answer answer = post("/v1/user-integrations/" + userIntegrationId + "/trigger", Map.of());
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(202);
        return answer.body().get("runId").asString();
    }

    JsonNode run(String runId) {
        return get("/v1/sync-runs/" + runId).body();
    }

    JsonNode proof(String runId) {
        return get("/v1/sync-runs/" + runId + "/proof").body();
    }

    /** Waits until a run is over. */
    JsonNode awaitEnd(String runId, Duration atMost) {
        return await("the end of run " + runId)
                .atMost(atMost)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> run(runId), run -> !LIVE.contains(run.get("status").asString()));
    }

    /** Triggers a sync and waits for its end. */
    String sync(String userIntegrationId, Duration atMost) {
        String run = trigger(userIntegrationId);
        awaitEnd(run, atMost);
        return run;
    }

    List<JsonNode> content(String userIntegrationId) {
        var items = new ArrayList<JsonNode>();
        String cursor = "";
        do {
            JsonNode page = get("/v1/user-integration-content?userIntegrationId=" + userIntegrationId + "&limit=1000"
                            + cursor)
                    .body();
            page.get("items").forEach(items::add);
            JsonNode next = page.get("nextCursor");
            cursor = next == null || next.isNull() ? "" : "&cursor=" + next.asString();
        } while (!cursor.isEmpty());
        return items;
    }

    Answer get(String path) {
        return send(HttpRequest.newBuilder(URI.create(base + path)));
    }

    Answer post(String path, Object body) {
        return post(path, body, Map.of());
    }

    Answer post(String path, Object body, Map<String, String> headers) {
        var request = HttpRequest.newBuilder(URI.create(base + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)));
        headers.forEach(request::header);
        return send(request);
    }

    Answer patch(String path, Object body) {
        return send(HttpRequest.newBuilder(URI.create(base + path))
                .header("Content-Type", "application/json")
                .method("PATCH", HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body))));
    }

    private Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = Http.send(request.header("Authorization", "Bearer " + token));
            return new Answer(response.statusCode(), JSON.readTree(response.body()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
