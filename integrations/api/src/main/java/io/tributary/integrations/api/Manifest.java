package io.tributary.integrations.api;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Describes an integration.
 *
 * @param domain its identity: lower-case letters, digits and hyphens, such as {@code imap}
 * @param version its version, such as {@code 1.2.0}
 * @param displayName what a person calls it
 * @param auth the kinds of credentials it takes, one of which a user integration needs; empty: none needed
 * @param configSchema the config as JSON Schema (2020-12), a JSON object as text
 * @param syncTypes what can be synced, each on its own; the first one is the default
 * @param taskTypes every type its tasks can have
 * @param limits how hard it may work for one user integration
 * @param oauth2 where its OAuth2 provider is; null: nowhere by default, a user integration's config has to say it
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
        @Nullable OAuth2 oauth2) {

    private static final Pattern DOMAIN = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

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
     * Something that can be synced on its own cadence, with its own state.
     *
     * @param name its name, such as {@code default}
     * @param initialTask the type of the task that starts a run
     * @param interval how often by default, 10 seconds and up
     * @param advancesPastFailures whether the sync state of a run becomes the user integration's although some of its
     *     tasks or items failed; these are in the dead letters then, and no later run comes back to them. Default false:
     *     the next run begins where this one did
     * @param maxDeletedShare share of the items, above 0 and up to 1, that may be deleted at once for not being on the
     *     lists of a run ({@link Listing}); when more would be, somebody has to confirm it by a run with {@code force}.
     *     Null, the default: as the sink is configured, 0.5
     */
    public record SyncType(
            String name,
            String initialTask,
            Duration interval,
            boolean advancesPastFailures,
            @Nullable Double maxDeletedShare) {
        public SyncType {
            if (interval.toSeconds() < 10) {
                throw new IllegalArgumentException("interval is " + interval + "; the least is 10 seconds");
            }
            if (maxDeletedShare != null && !(maxDeletedShare > 0 && maxDeletedShare <= 1)) {
                throw new IllegalArgumentException(
                        "maxDeletedShare is " + maxDeletedShare + "; it must be above 0 and at most 1");
            }
        }

        /** With the defaults of all else. */
        public SyncType(String name, String initialTask, Duration interval) {
            this(name, initialTask, interval, false, null);
        }

        public SyncType advancingPastFailures() {
            return new SyncType(name, initialTask, interval, true, maxDeletedShare);
        }

        public SyncType deletingAtMost(double share) {
            return new SyncType(name, initialTask, interval, advancesPastFailures, share);
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

        /** Finds work for others: goes first. */
        public static TaskType list(String name) {
            return new TaskType(name, 2);
        }

        /** Fetches what a list found: goes after the lists. */
        public static TaskType download(String name) {
            return new TaskType(name, 5);
        }
    }

    /** One without an OAuth2 provider of its own. */
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
        return new Manifest(domain, version, displayName, auth, configSchema, syncTypes, taskTypes, limits, provider);
    }

    public Manifest {
        if (!DOMAIN.matcher(domain).matches()) {
            throw new IllegalArgumentException(
                    "domain '" + domain + "' must be lower-case letters, digits and hyphens, 63 at most");
        }
        auth = Set.copyOf(auth);
        syncTypes = List.copyOf(syncTypes);
        taskTypes = List.copyOf(taskTypes);
        if (syncTypes.isEmpty()) {
            throw new IllegalArgumentException(domain + " has no sync type: name at least one, with its initial task");
        }
        Set<String> declared = taskTypes.stream().map(TaskType::name).collect(Collectors.toSet());
        Stream<String> initial = syncTypes.stream().map(SyncType::initialTask);
        initial.filter(type -> !declared.contains(type)).findFirst().ifPresent(type -> {
            throw new IllegalArgumentException(
                    "initial task " + type + " of " + domain + " is not among its task types");
        });
    }
}
