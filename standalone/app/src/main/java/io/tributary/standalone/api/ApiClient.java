package io.tributary.standalone.api;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls Tributary's HTTP API in the name of a user. Safe for use by several threads. */
public final class ApiClient implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int PAGE = 1000;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient http = HttpClient.newHttpClient();
    private final String base;
    private final String token;

    /**
     * A client.
     *
     * @param base such as {@code http://127.0.0.1:18080}
     * @param token that the API accepts for as long as the client is used
     */
    public ApiClient(String base, String token) {
        this.base = base;
        this.token = token;
    }

    /** Domains of the integrations that can be connected. */
    public Set<String> platforms() throws InterruptedException {
        var domains = new TreeSet<String>();
        for (JsonNode platform : call("GET", "/sync/platforms", null).required("items")) {
            domains.add(platform.required("domain").asString());
        }
        return domains;
    }

    /**
     * Connects the account. Where the user has one of that integration and name, that one is changed instead.
     *
     * @return the id of the user integration
     * @throws ApiFailure when the API refuses it: the message says what is wrong
     */
    public String connect(Account account) throws InterruptedException {
        Optional<String> existing = find(account);
        if (existing.isPresent()) {
            call("PATCH", "/v1/user-integrations/" + existing.get(), Change.to(account));
            return existing.get();
        }
        return call("POST", "/v1/user-integrations", account).required("id").asString();
    }

    /** Starts a run of a user integration; returns its id. A run that is under way is returned as it is. */
    public String trigger(String userIntegrationId) throws InterruptedException {
        return call("POST", "/v1/user-integrations/" + userIntegrationId + "/trigger", Map.of())
                .required("runId")
                .asString();
    }

    public SyncRun run(String runId) throws InterruptedException {
        return JSON.treeToValue(call("GET", "/v1/sync-runs/" + runId, null), SyncRun.class);
    }

    public Proof proof(String runId) throws InterruptedException {
        return JSON.treeToValue(call("GET", "/v1/sync-runs/" + runId + "/proof", null), Proof.class);
    }

    /**
     * What was synced for a user integration first.
     *
     * @param limit how many items at most, 1 to 1,000
     */
    public Content.Page content(String userIntegrationId, int limit) throws InterruptedException {
        String query = "?userIntegrationId=" + userIntegrationId + "&limit=" + limit;
        return JSON.treeToValue(call("GET", "/v1/user-integration-content" + query, null), Content.Page.class);
    }

    /** Asks for a replay. */
    public Replay replay(Replay.Request request) throws InterruptedException {
        return JSON.treeToValue(call("POST", "/v1/replays", request), Replay.class);
    }

    /** For operators. */
    public CredentialKeys credentialKeys() throws InterruptedException {
        return JSON.treeToValue(call("GET", "/v1/credential-keys", null), CredentialKeys.class);
    }

    public Replay replay(String id) throws InterruptedException {
        return JSON.treeToValue(call("GET", "/v1/replays/" + id, null), Replay.class);
    }

    public Replay cancelReplay(String id) throws InterruptedException {
        return JSON.treeToValue(call("POST", "/v1/replays/" + id + "/cancel", Map.of()), Replay.class);
    }

    /**
     * Drives dead letters again.
     *
     * @param which {@code fingerprint}, {@code userIntegrationId}, or {@code all} as true
     */
    public Redriven redrive(Map<String, Object> which) throws InterruptedException {
        return JSON.treeToValue(call("POST", "/v1/dead-letters:redrive", which), Redriven.class);
    }

    @Override
    public void close() {
        http.close();
    }

    /** What can be changed of an account that exists; null: it stays as it is. */
    private record Change(
            Map<String, Object> config, @Nullable Map<String, String> credentials, int pollIntervalMinutes) {

        static Change to(Account account) {
            var credentials = account.credentials().isEmpty() ? null : account.credentials();
            return new Change(account.config(), credentials, account.pollIntervalMinutes());
        }
    }

    private Optional<String> find(Account account) throws InterruptedException {
        String cursor = "";
        while (cursor != null) {
            var page = call("GET", "/v1/user-integrations?limit=" + PAGE + cursor, null);
            for (JsonNode item : page.required("items")) {
                if (item.path("userId").asString("").equals(account.userId())
                        && item.path("integrationDomain").asString("").equals(account.integrationDomain())
                        && item.path("name").asString("").equals(account.name())) {
                    return Optional.of(item.required("id").asString());
                }
            }
            String next = page.path("nextCursor").asString("");
            cursor = next.isEmpty() ? null : "&cursor=" + encode(next);
        }
        return Optional.empty();
    }

    private JsonNode call(String method, String path, @Nullable Object body) throws InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(JSON.writeValueAsString(body)))
                .build();
        try {
            HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
            if (response.statusCode() >= 400) {
                throw failure(response);
            }
            return JSON.readTree(response.body());
        } catch (IOException | JacksonException e) {
            throw new ApiFailure("api.unreachable", "no answer from " + base + ": " + e, e);
        }
    }

    /** The answer is a problem as RFC 9457 has it; {@code errors} names what is wrong with the request. */
    private static ApiFailure failure(HttpResponse<String> response) {
        try {
            JsonNode problem = JSON.readTree(response.body());
            var detail = new StringBuilder(problem.path("detail").asString("HTTP " + response.statusCode()));
            for (JsonNode error : problem.path("errors")) {
                detail.append(" [")
                        .append(error.path("path").asString(""))
                        .append(": ")
                        .append(error.path("message").asString(""))
                        .append(']');
            }
            return new ApiFailure(problem.path("code").asString("api.failed"), detail.toString(), null);
        } catch (JacksonException e) {
            return new ApiFailure("api.failed", "the API answered " + response.statusCode(), e);
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
