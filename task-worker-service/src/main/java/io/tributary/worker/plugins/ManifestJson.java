package io.tributary.worker.plugins;

import io.tributary.integrations.api.Limits;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.OAuth2;
import io.tributary.worker.Json;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A manifest as JSON, as it stands on the integrations topic: durations in the unit that the key names. */
public final class ManifestJson {

    private ManifestJson() {}

    private record Document(
            String domain,
            String version,
            String displayName,
            List<String> auth,
            JsonNode configSchema,
            List<SyncType> syncTypes,
            List<TaskType> taskTypes,
            Map<String, @Nullable Object> limits,
            @Nullable OAuth2 oauth2,
            boolean connects) {}

    private record SyncType(
            String name,
            String initialTask,
            long intervalSeconds,
            boolean advancesPastFailures,
            @Nullable Double maxDeletedShare) {}

    private record TaskType(String name, int priority) {}

    /** @param connects whether the integration can say whose account it is connected to */
    public static String of(Manifest manifest, boolean connects) {
        return Json.MAPPER.writeValueAsString(new Document(
                manifest.domain(),
                manifest.version(),
                manifest.displayName(),
                manifest.auth().stream().map(ManifestJson::name).sorted().toList(),
                Json.MAPPER.readTree(manifest.configSchema()),
                manifest.syncTypes().stream()
                        .map(it -> new SyncType(
                                it.name(),
                                it.initialTask(),
                                it.interval().toSeconds(),
                                it.advancesPastFailures(),
                                it.maxDeletedShare()))
                        .toList(),
                manifest.taskTypes().stream()
                        .map(it -> new TaskType(it.name(), it.priority()))
                        .toList(),
                limits(manifest.limits()),
                manifest.oauth2(),
                connects));
    }

    /** A kind of credentials as the topic and the API call it, such as {@code apiKey}. */
    public static String name(Manifest.Auth auth) {
        return switch (auth) {
            case OAUTH2 -> "oauth2";
            case API_KEY -> "apiKey";
            case BASIC -> "basic";
            case PRIVATE_KEY -> "privateKey";
        };
    }

    private static Map<String, @Nullable Object> limits(Limits limits) {
        var values = new TreeMap<String, @Nullable Object>();
        values.put("concurrency", limits.concurrency());
        values.put(
                "requestsPerSecond", Double.isFinite(limits.requestsPerSecond()) ? limits.requestsPerSecond() : null);
        values.put("burst", limits.burst());
        values.put(
                "sharedBy",
                switch (limits.sharedBy()) {
                    case USER_INTEGRATION -> "userIntegration";
                    case PROVIDER_APP -> "providerApp";
                });
        values.put("taskTimeoutSeconds", limits.taskTimeout().toSeconds());
        values.put("attempts", limits.attempts());
        values.put("backoffMillis", limits.backoff().toMillis());
        values.put("backoffCapMillis", limits.backoffCap().toMillis());
        return values;
    }
}
