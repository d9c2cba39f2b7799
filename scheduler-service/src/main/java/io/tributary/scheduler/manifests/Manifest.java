package io.tributary.scheduler.manifests;

import static java.util.Objects.requireNonNull;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.PathType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An integration that the workers can run, as far as the scheduler needs to know it.
 *
 * @param domain its identity, such as {@code imap}
 * @param version its version
 * @param displayName what a person calls it
 * @param auth the kinds of credentials it takes, such as {@code basic}; one of them is needed; empty: none
 * @param configSchema what a config must look like, JSON Schema 2020-12
 * @param configCheck the same, ready to validate with; safe to use from several threads
 * @param syncTypes what can be synced; not empty, the first one is the default
 * @param taskTypes the types of its tasks
 * @param oauth2 where its OAuth2 provider is by default; null: nowhere
 * @param connects whether it can say whose account it is connected to; an older worker does not say, and then it cannot
 */
public record Manifest(
        String domain,
        String version,
        String displayName,
        List<String> auth,
        JsonNode configSchema,
        Schema configCheck,
        List<SyncType> syncTypes,
        List<TaskType> taskTypes,
        @Nullable OAuth2 oauth2,
        boolean connects) {

    /**
     * Where accounts are connected by OAuth2, and access is renewed.
     *
     * @param scopeSeparator between two scopes
     * @param authorizeParameters further parameters of the authorization request
     */
    public record OAuth2(
            @Nullable String authorizeUrl,
            @Nullable String tokenUrl,
            List<String> scopes,
            String scopeSeparator,
            Map<String, String> authorizeParameters) {
        public OAuth2 {
            scopes = scopes == null ? List.of() : List.copyOf(scopes);
            scopeSeparator = scopeSeparator == null ? " " : scopeSeparator;
            authorizeParameters = authorizeParameters == null ? Map.of() : Map.copyOf(authorizeParameters);
        }
    }

    /** What can be synced on its own, the task type that starts a run of it, and how often by default, seconds. */
    public record SyncType(String name, String initialTask, long intervalSeconds) {
        public SyncType {
            requireNonNull(name, "name of a sync type");
            requireNonNull(initialTask, "initialTask of a sync type");
        }
    }

    /** A type of task, and its priority from 0 (first) to 9 (last). */
    public record TaskType(String name, int priority) {
        public TaskType {
            requireNonNull(name, "name of a task type");
        }
    }

    // Newer workers may say more than this scheduler understands.
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
            var announced = JSON.readValue(json, Announced.class);
            if (announced == null) {
                throw new IllegalArgumentException("the manifest is null");
            }
            return announced.toManifest();
        } catch (JacksonException | SchemaException e) {
            throw new IllegalArgumentException("the manifest cannot be read: " + e.getMessage(), e);
        }
    }

    /** The sync type of a run that asks for none in particular. */
    public SyncType defaultSyncType() {
        return syncTypes.getFirst();
    }

    /** The sync type of that name, or the default one where a newer version of the integration has none of that name. */
    public SyncType syncType(String name) {
        return syncTypes.stream()
                .filter(type -> type.name().equals(name))
                .findFirst()
                .orElseGet(this::defaultSyncType);
    }

    /** Priority of a task type, 0 to 9. */
    public int priority(String taskType) {
        return taskTypes.stream()
                .filter(type -> type.name().equals(taskType))
                .mapToInt(TaskType::priority)
                .findFirst()
                .orElse(5);
    }

    /** The JSON of the topic. */
    private record Announced(
            @Nullable String domain,
            @Nullable String version,
            @Nullable String displayName,
            @Nullable List<String> auth,
            @Nullable JsonNode configSchema,
            @Nullable List<SyncType> syncTypes,
            @Nullable List<TaskType> taskTypes,
            @Nullable OAuth2 oauth2,
            @Nullable Boolean connects) {

        Manifest toManifest() {
            if (domain == null || domain.isBlank()) {
                throw new IllegalArgumentException("the manifest has no domain");
            }
            if (configSchema == null || !configSchema.isObject()) {
                throw new IllegalArgumentException("the manifest of " + domain + " has no configSchema");
            }
            if (syncTypes == null || syncTypes.isEmpty()) {
                throw new IllegalArgumentException("the manifest of " + domain + " has no sync type");
            }
            // A registry of its own: a newer version of a schema with an $id must not find the older one in a cache.
            // It fetches no $ref from another host: a manifest stands alone.
            var check = SchemaRegistry.withDefaultDialect(
                            SpecificationVersion.DRAFT_2020_12, registry -> registry.schemaRegistryConfig(CHECKS))
                    .getSchema(configSchema);
            check.initializeValidators();
            return new Manifest(
                    domain,
                    version == null ? "" : version,
                    displayName == null ? domain : displayName,
                    auth == null ? List.of() : List.copyOf(auth),
                    configSchema,
                    check,
                    List.copyOf(syncTypes),
                    taskTypes == null ? List.of() : List.copyOf(taskTypes),
                    oauth2,
                    Boolean.TRUE.equals(connects));
        }
    }
}
