package io.tributary.scheduler.manifests;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.PathType;
import io.tributary.schemas.ManifestDocument;
import io.tributary.schemas.ManifestDocument.Action;
import io.tributary.schemas.ManifestDocument.OAuth2;
import io.tributary.schemas.ManifestDocument.SyncType;
import io.tributary.schemas.ManifestDocument.TaskType;
import io.tributary.schemas.WebhookDocument;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * An integration that the workers can run.
 *
 * @param document the manifest as a worker announced it
 * @param configSchema its JSON Schema of a config
 * @param configCheck the same schema, ready to validate with; safe to use from several threads
 * @param inputChecks the JSON Schemas of the inputs of its actions, by action
 * @param webhook how its webhooks arrive; null: it takes none
 */
public record Manifest(
        ManifestDocument document,
        JsonNode configSchema,
        Schema configCheck,
        Map<String, Schema> inputChecks,
        @Nullable WebhookDocument webhook) {

    // Newer workers may announce more than this scheduler understands.
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private static final SchemaRegistryConfig CHECKS = SchemaRegistryConfig.builder()
            .formatAssertionsEnabled(true)
            .pathType(PathType.JSON_POINTER)
            .locale(Locale.ENGLISH)
            .build();

    /**
     * Reads a manifest as a worker announces it.
     *
     * @throws IllegalArgumentException when it cannot be used; the message says why
     */
    public static Manifest parse(String json) {
        try {
            var document = JSON.readValue(json, ManifestDocument.class);
            if (document == null) {
                throw new IllegalArgumentException("the manifest is null");
            }
            JsonNode configSchema = JSON.valueToTree(document.configSchema());
            Map<String, Schema> inputChecks = new HashMap<>();
            for (Action action : document.actions()) {
                if (inputChecks.put(action.name(), check(JSON.valueToTree(action.inputSchema()))) != null) {
                    throw new IllegalArgumentException("the action " + action.name() + " is there twice");
                }
            }
            return new Manifest(
                    document,
                    configSchema,
                    check(configSchema),
                    Map.copyOf(inputChecks),
                    JSON.readValue(json, WebhookDocument.OfManifest.class).webhook());
        } catch (JacksonException | SchemaException e) {
            throw new IllegalArgumentException("the manifest cannot be read: " + e.getMessage(), e);
        }
    }

    private static Schema check(JsonNode schema) {
        // A registry of its own: a newer version of a schema with an $id must not find the older one in a cache.
        // It fetches no $ref from another host: a manifest stands alone.
        var check = SchemaRegistry.withDefaultDialect(
                        SpecificationVersion.DRAFT_2020_12, registry -> registry.schemaRegistryConfig(CHECKS))
                .getSchema(schema);
        check.initializeValidators();
        return check;
    }

    public String domain() {
        return document.domain();
    }

    public String version() {
        return document.version();
    }

    public String displayName() {
        return document.displayName();
    }

    public List<String> auth() {
        return document.auth();
    }

    public List<SyncType> syncTypes() {
        return document.syncTypes();
    }

    public List<TaskType> taskTypes() {
        return document.taskTypes();
    }

    public @Nullable OAuth2 oauth2() {
        return document.oauth2();
    }

    /** A config with the integration's defaults for its missing keys, as the worker gives it to the integration. */
    public ObjectNode withDefaults(JsonNode config) {
        ObjectNode all = JSON.valueToTree(document.configDefaults());
        config.forEachEntry(all::set);
        return all;
    }

    /** Whether it can identify the account that it is connected to. */
    public boolean connects() {
        return document.connects();
    }

    /** Changes that it makes at its provider on request. */
    public List<Action> actions() {
        return document.actions();
    }

    /** The sync type of a run that names none; empty: it has actions only. */
    public Optional<SyncType> defaultSyncType() {
        return syncTypes().stream().findFirst();
    }

    /** The sync type of that name, or the default one if a newer version of the integration has dropped that name. */
    public Optional<SyncType> syncType(String name) {
        return syncTypes().stream()
                .filter(type -> type.name().equals(name))
                .findFirst()
                .or(this::defaultSyncType);
    }

    /** Priority of a task type, 0 to 9. */
    public int priority(String taskType) {
        return taskTypes().stream()
                .filter(type -> type.name().equals(taskType))
                .mapToInt(TaskType::priority)
                .findFirst()
                .orElse(5);
    }
}
