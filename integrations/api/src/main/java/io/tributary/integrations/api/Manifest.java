package io.tributary.integrations.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Describes an integration.
 *
 * @param domain its identity: lower-case letters, digits and hyphens, such as {@code imap}
 * @param version its version, such as {@code 1.2.0}
 * @param displayName its name for people
 * @param auth accepted kinds of credentials, of which a user integration needs one; empty: none needed
 * @param configSchema the config as JSON Schema (2020-12), a JSON object as text
 * @param syncTypes sync types, each with its own schedule and state; the first one is the default. Empty: it has
 *     actions only, and no run is scheduled
 * @param taskTypes all types of its tasks; those of its actions are added
 * @param limits limits of its tasks
 * @param oauth2 its OAuth2 provider; null: none by default, so the config of a user integration has to name it
 * @param actions changes that it makes at its provider on request
 * @param webhook how the provider's webhooks arrive; null: it takes none
 */
public record Manifest(
        String domain,
        String version,
        String displayName,
        Set<Auth> auth,
        String configSchema,
        List<SyncType> syncTypes,
        List<TaskType> taskTypes,
        Limits limits,
        @Nullable OAuth2 oauth2,
        List<Action> actions,
        @Nullable Webhook webhook) {

    /** A kind of credentials, with the keys it needs. */
    public enum Auth {
        /** {@code accessToken}; {@code refreshToken}, {@code clientId} and {@code clientSecret} to renew it. */
        OAUTH2,
        /** {@code apiKey}. */
        API_KEY,
        /** {@code username} and {@code password}. */
        BASIC,
        /** {@code username} and {@code privateKey}; {@code password} when the key has a passphrase. */
        PRIVATE_KEY
    }

    /**
     * A part of the provider's data with its own schedule and state.
     *
     * @param name its name, such as {@code default}
     * @param initialTask the type of the task that starts a run
     * @param interval default interval, 10 seconds and up
     * @param advancesPastFailures whether the sync state of a run is saved although some of its tasks or items failed;
     *     these are in the dead letters then, and no later run syncs them again. Default false: the next run begins
     *     where this one did
     * @param maxDeletedShare largest share of the items, above 0 and up to 1, that one run may delete because it did
     *     not list them ({@link Listing}); a person has to confirm more deletions by a run with {@code force}. Null,
     *     the default: the sink's setting, 0.5
     * @param firstWindow how far back a first sync goes, before the account was connected; above 0. Null, the default:
     *     it syncs everything there is. A run with a start date, an end date or {@code force} ignores it
     */
    public record SyncType(
            String name,
            String initialTask,
            Duration interval,
            boolean advancesPastFailures,
            @Nullable Double maxDeletedShare,
            @Nullable Duration firstWindow) {
        public SyncType {
            CheckManifest.checkSyncType(interval, maxDeletedShare, firstWindow);
        }

        /** A sync type whose first sync is not bounded. */
        public SyncType(
                String name,
                String initialTask,
                Duration interval,
                boolean advancesPastFailures,
                @Nullable Double maxDeletedShare) {
            this(name, initialTask, interval, advancesPastFailures, maxDeletedShare, null);
        }

        /** A sync type with defaults for the other settings. */
        public SyncType(String name, String initialTask, Duration interval) {
            this(name, initialTask, interval, false, null);
        }

        public SyncType advancingPastFailures() {
            return new SyncType(name, initialTask, interval, true, maxDeletedShare, firstWindow);
        }

        public SyncType deletingAtMost(double share) {
            return new SyncType(name, initialTask, interval, advancesPastFailures, share, firstWindow);
        }

        /** A sync type whose first sync goes back this far. */
        public SyncType reachingBack(Duration window) {
            return new SyncType(name, initialTask, interval, advancesPastFailures, maxDeletedShare, window);
        }
    }

    /**
     * A type of task.
     *
     * @param name its name, such as {@code getEmailList}
     * @param priority 0 (first) to 9 (last) among the waiting tasks of a user integration
     */
    public record TaskType(String name, int priority) {
        public TaskType {
            if (priority < 0 || priority > 9) {
                throw new IllegalArgumentException("priority of " + name + " is " + priority + "; it must be 0 to 9");
            }
        }

        /** A task that finds work for others, with an early priority. */
        public static TaskType list(String name) {
            return new TaskType(name, 2);
        }

        /** A task that fetches listed items, with a later priority than lists. */
        public static TaskType download(String name) {
            return new TaskType(name, 5);
        }
    }

    /**
     * Begins a manifest: no credentials, any config, {@link Limits#DEFAULT}, no OAuth2 provider.
     *
     * @param domain as the record's
     */
    public static Builder builder(String domain, String version, String displayName) {
        return new Builder(domain, version, displayName);
    }

    /** Collects a manifest; {@link #build} checks it. Not thread safe. */
    public static final class Builder {

        private final String domain;
        private final String version;
        private final String name;
        private Set<Auth> auth = Set.of();
        private String configSchema = "{\"type\": \"object\"}";
        private final List<SyncType> syncTypes = new ArrayList<>();
        private final List<TaskType> taskTypes = new ArrayList<>();
        private Limits limits = Limits.DEFAULT;
        private @Nullable OAuth2 oauth2;
        private final List<Action> actions = new ArrayList<>();
        private @Nullable Webhook webhook;

        private Builder(String domain, String version, String name) {
            this.domain = domain;
            this.version = version;
            this.name = name;
        }

        /** The accepted kinds of credentials. */
        public Builder auth(Auth... kinds) {
            this.auth = Set.of(kinds);
            return this;
        }

        /** The config as JSON Schema (2020-12). */
        public Builder configSchema(String json) {
            this.configSchema = json;
            return this;
        }

        /** Adds a sync type with defaults for the other settings; the first one is the default. */
        public Builder syncType(String name, String initialTask, Duration interval) {
            return syncType(new SyncType(name, initialTask, interval));
        }

        /** Adds a sync type; the first one is the default. */
        public Builder syncType(SyncType type) {
            syncTypes.add(type);
            return this;
        }

        /** Adds task types that find work for others ({@link TaskType#list}). */
        public Builder lists(String... names) {
            return taskTypes(Stream.of(names).map(TaskType::list));
        }

        /** Adds task types that fetch listed items ({@link TaskType#download}). */
        public Builder downloads(String... names) {
            return taskTypes(Stream.of(names).map(TaskType::download));
        }

        /** Adds task types. */
        public Builder taskTypes(Stream<TaskType> types) {
            types.forEach(taskTypes::add);
            return this;
        }

        public Builder limits(Limits limits) {
            this.limits = limits;
            return this;
        }

        public Builder oauth2(@Nullable OAuth2 provider) {
            this.oauth2 = provider;
            return this;
        }

        /** Adds an action, and its task type. */
        public Builder action(Action action) {
            actions.add(action);
            return this;
        }

        /** How the provider's webhooks arrive. */
        public Builder webhook(@Nullable Webhook incoming) {
            this.webhook = incoming;
            return this;
        }

        /** @throws IllegalArgumentException when the manifest is invalid; the message names the error */
        public Manifest build() {
            return new Manifest(
                    domain, version, name, auth, configSchema, syncTypes, taskTypes, limits, oauth2, actions, webhook);
        }
    }

    /** The sync type of this name; empty: none. */
    public Optional<SyncType> syncType(String name) {
        return syncTypes.stream().filter(type -> type.name().equals(name)).findFirst();
    }

    /** The declared task type of this name; empty: none. */
    public Optional<TaskType> taskType(String name) {
        for (TaskType type : taskTypes) {
            if (type.name().equals(name)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** The action of this name; empty: none. */
    public Optional<Action> action(String name) {
        return actions.stream().filter(action -> action.name().equals(name)).findFirst();
    }

    /** A manifest without actions and webhooks. */
    public Manifest(
            String domain,
            String version,
            String displayName,
            Set<Auth> auth,
            String configSchema,
            List<SyncType> syncTypes,
            List<TaskType> taskTypes,
            Limits limits,
            @Nullable OAuth2 oauth2) {
        this(domain, version, displayName, auth, configSchema, syncTypes, taskTypes, limits, oauth2, List.of(), null);
    }

    /** A manifest without an OAuth2 provider and actions. */
    public Manifest(
            String domain,
            String version,
            String displayName,
            Set<Auth> auth,
            String configSchema,
            List<SyncType> syncTypes,
            List<TaskType> taskTypes,
            Limits limits) {
        this(domain, version, displayName, auth, configSchema, syncTypes, taskTypes, limits, null);
    }

    /** The same with an OAuth2 provider. */
    public Manifest withOAuth2(OAuth2 provider) {
        return new Manifest(
                domain,
                version,
                displayName,
                auth,
                configSchema,
                syncTypes,
                taskTypes,
                limits,
                provider,
                actions,
                webhook);
    }

    public Manifest {
        auth = Set.copyOf(auth);
        syncTypes = List.copyOf(syncTypes);
        actions = List.copyOf(actions);
        taskTypes = CheckManifest.withActions(taskTypes, actions);
        CheckManifest.check(domain, syncTypes, taskTypes, actions, webhook);
    }
}
