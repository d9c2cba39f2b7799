package io.tributary.schemas;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A manifest as JSON on the topic integrations ({@link IntegrationManifest}): the worker writes this record, the
 * scheduler reads it, and the components are the keys. A reader ignores unknown keys, since a worker may be newer; a
 * key that an older worker leaves out has the default below.
 *
 * @param domain identity of the integration, such as {@code imap}
 * @param version its version; default empty
 * @param displayName its name for people; default the domain
 * @param auth kinds of credentials, such as {@code basic}, of which an account needs one; default none
 * @param configSchema JSON Schema 2020-12 of a config, as an object
 * @param syncTypes its sync types, the first one is the default; empty: it has actions only
 * @param taskTypes types of its tasks; default none
 * @param limits limits of its tasks; null: an older worker
 * @param oauth2 its OAuth2 provider by default; null: none
 * @param connects whether it can identify the account that it is connected to; default false
 * @param configDefaults values of a config's missing keys, which the worker applies as well; default none
 * @param actions changes that it makes at its provider on request; default none
 */
public record ManifestDocument(
        String domain,
        String version,
        String displayName,
        List<String> auth,
        Map<String, @Nullable Object> configSchema,
        List<SyncType> syncTypes,
        List<TaskType> taskTypes,
        @Nullable Limits limits,
        @Nullable OAuth2 oauth2,
        boolean connects,
        Map<String, @Nullable Object> configDefaults,
        List<Action> actions) {

    /**
     * @throws IllegalArgumentException when the domain or the schema is missing, or it has neither sync types nor
     * actions
     */
    public ManifestDocument {
        require(domain != null && !domain.isBlank(), "the manifest has no domain");
        require(configSchema != null, "the manifest of " + domain + " has no configSchema");
        syncTypes = orEmpty(syncTypes);
        actions = orEmpty(actions);
        require(!syncTypes.isEmpty() || !actions.isEmpty(), "the manifest of " + domain + " has no sync type");
        version = Objects.requireNonNullElse(version, "");
        displayName = Objects.requireNonNullElse(displayName, domain);
        auth = orEmpty(auth);
        taskTypes = orEmpty(taskTypes);
        configDefaults = Objects.requireNonNullElse(configDefaults, Map.of());
    }

    /**
     * A sync type.
     *
     * @param initialTask type of the task that starts its runs
     * @param intervalSeconds default time between runs
     * @param advancesPastFailures whether its state advances although tasks failed; default false
     * @param maxDeletedShare share of the rows that one run may delete without confirmation, 0 to 1; null: the sink's
     *     own
     * @param firstWindowSeconds how far back a first sync goes, seconds before the account was connected; null: no
     *     bound
     */
    public record SyncType(
            String name,
            String initialTask,
            long intervalSeconds,
            boolean advancesPastFailures,
            @Nullable Double maxDeletedShare,
            @Nullable Long firstWindowSeconds) {

        public SyncType {
            require(name != null, "a sync type has no name");
            require(initialTask != null, "the sync type " + name + " has no initialTask");
        }
    }

    /**
     * An action.
     *
     * @param inputSchema JSON Schema 2020-12 of its input, as an object
     * @param repeat what happens after an interruption: {@code key}, {@code lookUp}, {@code repeat} or {@code ask};
     *     null: unknown
     */
    public record Action(
            String name,
            Map<String, @Nullable Object> inputSchema,
            @Nullable String repeat) {

        public Action {
            require(name != null, "an action has no name");
            require(inputSchema != null, "the action " + name + " has no inputSchema");
        }
    }

    /** A type of task, and its priority from 0 (first) to 9 (last). */
    public record TaskType(String name, int priority) {

        public TaskType {
            require(name != null, "a task type has no name");
        }
    }

    /**
     * Limits of the tasks.
     *
     * @param requestsPerSecond null: no limit
     * @param sharedBy {@code userIntegration} or {@code providerApp}
     */
    public record Limits(
            int concurrency,
            @Nullable Double requestsPerSecond,
            int burst,
            @Nullable String sharedBy,
            long taskTimeoutSeconds,
            int attempts,
            long backoffMillis,
            long backoffCapMillis) {}

    /**
     * The OAuth2 provider, which connects accounts and renews their access.
     *
     * @param scopes requested scopes; default none
     * @param scopeSeparator between two scopes; default a space
     * @param authorizeParameters further parameters of the authorization request; default none
     * @param clientAuthentication {@code basic} or {@code post}; null: unknown
     */
    public record OAuth2(
            @Nullable String authorizeUrl,
            @Nullable String tokenUrl,
            List<String> scopes,
            String scopeSeparator,
            Map<String, String> authorizeParameters,
            @Nullable String clientAuthentication) {

        public OAuth2 {
            scopes = orEmpty(scopes);
            scopeSeparator = Objects.requireNonNullElse(scopeSeparator, " ");
            authorizeParameters = authorizeParameters == null ? Map.of() : Map.copyOf(authorizeParameters);
        }
    }

    private static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : List.copyOf(list);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
