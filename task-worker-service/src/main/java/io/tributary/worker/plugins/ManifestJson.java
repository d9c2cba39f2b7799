package io.tributary.worker.plugins;

import io.tributary.integrations.api.Action;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Limits;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.OAuth2;
import io.tributary.schemas.ManifestDocument;
import io.tributary.worker.codec.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.node.ObjectNode;

/** Writes a manifest as JSON for the integrations topic. */
public final class ManifestJson {

    private static final TypeReference<Map<String, @Nullable Object>> OBJECT = new TypeReference<>() {};

    private ManifestJson() {}

    /** @param connects whether the integration can identify the account that it is connected to */
    public static String of(Manifest manifest, boolean connects) {
        ObjectNode json = Json.MAPPER.valueToTree(document(manifest, connects));
        if (manifest.webhook() != null) {
            json.set("webhook", Json.MAPPER.valueToTree(WebhookJson.of(manifest.webhook())));
        }
        return json.toString();
    }

    private static ManifestDocument document(Manifest manifest, boolean connects) {
        return new ManifestDocument(
                manifest.domain(),
                manifest.version(),
                manifest.displayName(),
                manifest.auth().stream().map(ManifestJson::name).sorted().toList(),
                Json.MAPPER.readValue(manifest.configSchema(), OBJECT),
                manifest.syncTypes().stream()
                        .map(it -> new ManifestDocument.SyncType(
                                it.name(),
                                it.initialTask(),
                                it.interval().toSeconds(),
                                it.advancesPastFailures(),
                                it.maxDeletedShare(),
                                it.firstWindow() == null
                                        ? null
                                        : it.firstWindow().toSeconds()))
                        .toList(),
                manifest.taskTypes().stream()
                        .map(it -> new ManifestDocument.TaskType(it.name(), it.priority()))
                        .toList(),
                limits(manifest.limits()),
                manifest.oauth2() == null
                        ? null
                        : new ManifestDocument.OAuth2(
                                manifest.oauth2().authorizeUrl(),
                                manifest.oauth2().tokenUrl(),
                                manifest.oauth2().scopes(),
                                manifest.oauth2().scopeSeparator(),
                                manifest.oauth2().authorizeParameters(),
                                name(manifest.oauth2().clientAuthentication())),
                connects,
                JsonObject.EMPTY
                        .withDefaultsOf(Json.readObject(manifest.configSchema()))
                        .values(),
                manifest.actions().stream()
                        .map(it -> new ManifestDocument.Action(
                                it.name(), Json.MAPPER.readValue(it.inputSchema(), OBJECT), name(it.repeat())))
                        .toList());
    }

    private static String name(Action.Repeat repeat) {
        return switch (repeat) {
            case KEY -> "key";
            case LOOK_UP -> "lookUp";
            case REPEAT -> "repeat";
            case ASK -> "ask";
        };
    }

    private static @Nullable String name(OAuth2.@Nullable ClientAuthentication way) {
        return switch (way) {
            case BASIC -> "basic";
            case POST -> "post";
            case null -> null;
        };
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

    private static ManifestDocument.Limits limits(Limits limits) {
        return new ManifestDocument.Limits(
                limits.concurrency(),
                Double.isFinite(limits.requestsPerSecond()) ? limits.requestsPerSecond() : null,
                limits.burst(),
                switch (limits.sharedBy()) {
                    case USER_INTEGRATION -> "userIntegration";
                    case PROVIDER_APP -> "providerApp";
                },
                limits.taskTimeout().toSeconds(),
                limits.attempts(),
                limits.backoff().toMillis(),
                limits.backoffCap().toMillis());
    }
}
