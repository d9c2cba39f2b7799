package io.tributary.integrations.declarative;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Options;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.workbench.ConnectedAccount;
import io.tributary.integrations.workbench.SettableClock;
import io.tributary.integrations.workbench.server.ScriptedAnswer;
import io.tributary.integrations.workbench.server.ScriptedHttpServer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sync types of shipped files whose items are no list of a described provider, after the examples of the providers. */
class FiguresIT {

    private static final Path EXAMPLES =
            Path.of(System.getProperty("tributary.home"), "integrations/declarative/examples");
    private static final Instant NOON = Instant.parse("2026-05-01T12:00:00Z");
    private static final String POST = "urn:li:share:6844785523593134080";

    private final ScriptedHttpServer provider = ScriptedHttpServer.start();

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void readsCommentsAndFiguresOfLinkedInPosts() throws Exception {
        provider.get("/rest/posts", request -> {
            assertThat(request.header("LinkedIn-Version")).contains("202603");
            assertThat(request.query("author")).contains("urn:li:organization:2414183");
            return list("elements", Map.of("id", POST, "createdAt", NOON.toEpochMilli()));
        });
        provider.get(
                "/rest/socialMetadata/" + POST,
                request -> ScriptedAnswer.json(new JsonObject(Map.of(
                        "reactionSummaries", Map.of("LIKE", Map.of("count", 3), "PRAISE", Map.of("count", 2)),
                        "commentSummary", Map.of("count", 4, "topLevelCount", 1)))));
        provider.get(
                "/rest/socialActions/" + POST + "/comments",
                request -> list(
                        "elements",
                        Map.of(
                                "id",
                                "6846",
                                "object",
                                POST,
                                "actor",
                                "urn:li:person:ada",
                                "created",
                                Map.of("time", NOON.toEpochMilli()),
                                "message",
                                Map.of("text", "Well done"))));
        var account = account("linkedin", Map.of("organization", "2414183"), Map.of("accessToken", "t"));

        Output figures = only(account, "metrics");
        Output comment = only(account, "comments");

        assertThat(figures.externalId()).isEqualTo("metrics:" + POST);
        assertThat(figures.metadata().values()).containsEntry("reactions", 5).containsEntry("comments", 4);
        assertThat(comment.externalId()).isEqualTo("urn:li:comment:(" + POST + ",6846)");
        assertThat(Objects.requireNonNull(comment.unified()).toJson().text("text"))
                .contains("Well done");
        assertThat(comment.metadata().values()).containsEntry("thread", POST);
    }

    @Test
    void readsTheStatsOfSnapchatCampaignsAndAds() throws Exception {
        provider.get("/v1/adaccounts/acc/stats", request -> {
            String breakdown = request.query("breakdown").orElseThrow();
            Map<String, Object> stat = Map.of("id", breakdown + "-1", "type", "X", "stats", Map.of("impressions", 7));
            return list(
                    "total_stats", Map.of("total_stat", Map.of("breakdown_stats", Map.of(breakdown, List.of(stat)))));
        });
        var account = account("snapchat", Map.of("adAccountId", "acc"), Map.of("accessToken", "t"));

        assertThat(account.sync("metrics", Options.NONE).outputs())
                .extracting(Output::externalId)
                .containsExactlyInAnyOrder(
                        "metrics:campaign-1",
                        "metric:stats.impressions{campaign=campaign-1}@2026-05-01T12:00:00Z",
                        "metrics:ad-1",
                        "metric:stats.impressions{ad=ad-1}@2026-05-01T12:00:00Z");
    }

    @Test
    void readsTheInsightsOfInstagramMediaAndLeavesOutThoseWithoutAny() throws Exception {
        provider.get(
                "/v25.0/me/media",
                request -> ScriptedAnswer.json(JsonObject.of("data", List.of(medium("1"), medium("2")))));
        provider.get("/v25.0/1/insights", request -> list("data", insight("reach", 12)));
        provider.get(
                "/v25.0/2/insights",
                request -> ScriptedAnswer.json(JsonObject.of("error", Map.of("code", 100, "message", "no insights")))
                        .withStatus(400));
        var account = account("instagram", Map.of(), Map.of("accessToken", "t"));

        var run = account.sync("metrics", Options.NONE);

        assertThat(run.succeeded()).isTrue();
        assertThat(run.outputs())
                .extracting(Output::externalId)
                .containsExactlyInAnyOrder(
                        "metrics:1",
                        "metric:likes{post=1}@2026-05-01T12:00:00Z",
                        "metric:comments{post=1}@2026-05-01T12:00:00Z",
                        "metrics:2",
                        "metric:likes{post=2}@2026-05-01T12:00:00Z",
                        "metric:comments{post=2}@2026-05-01T12:00:00Z",
                        "metrics:insights:1",
                        "metric:insights.reach{post=1}@2026-05-01T12:00:00Z");
    }

    @Test
    void readsViewersAndFollowersOfATwitchChannel() throws Exception {
        provider.get("/users", request -> list("data", Map.of("id", "141")));
        provider.get(
                "/streams",
                request -> list(
                        "data", Map.of("id", "s9", "started_at", NOON.toString(), "title", "Live", "viewer_count", 5)));
        provider.get(
                "/channels/followers",
                request -> ScriptedAnswer.json(JsonObject.of("total", 8).with("data", List.of())));
        var account = account("twitch", Map.of(), Map.of("accessToken", "t", "clientId", "c"));

        assertThat(account.sync("audience", Options.NONE).outputs())
                .extracting(Output::externalId)
                .containsExactlyInAnyOrder(
                        "metrics:stream:s9",
                        "metric:viewers{stream=s9}@2026-05-01T12:00:00Z",
                        "metrics:141",
                        "metric:followers{user=141}@2026-05-01T12:00:00Z");
    }

    private ConnectedAccount account(String domain, Map<String, Object> config, Map<String, String> credentials)
            throws Exception {
        var account = ConnectedAccount.of(DeclarativeIntegration.read(EXAMPLES.resolve(domain + ".yaml")))
                .config("baseUrl", provider.uri().toString())
                .credentials(credentials)
                .clock(SettableClock.at(NOON.plusSeconds(60)));
        config.forEach(account::config);
        return account;
    }

    private static Output only(ConnectedAccount account, String syncType) throws InterruptedException {
        List<Output> outputs = account.sync(syncType, Options.NONE).outputs().stream()
                .filter(output -> output.kind() != Output.Kind.METRIC)
                .toList();
        assertThat(outputs).hasSize(1);
        return outputs.getFirst();
    }

    private static ScriptedAnswer list(String key, Map<String, Object> record) {
        return ScriptedAnswer.json(JsonObject.of(key, List.of(record)));
    }

    private static Map<String, Object> medium(String id) {
        return Map.of("id", id, "timestamp", NOON.toString(), "username", "ada", "like_count", 2, "comments_count", 0);
    }

    private static Map<String, Object> insight(String name, int value) {
        return Map.of("name", name, "period", "lifetime", "values", List.of(Map.of("value", value)));
    }
}
