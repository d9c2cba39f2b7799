package io.tributary.integrations.api;

import io.tributary.integrations.api.Manifest.SyncType;
import io.tributary.integrations.api.Manifest.TaskType;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The rules of manifests; each violation is an {@link IllegalArgumentException} that names it. */
final class CheckManifest {

    private static final Pattern DOMAIN = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    private CheckManifest() {}

    static void check(
            String domain,
            List<SyncType> syncTypes,
            List<TaskType> taskTypes,
            List<Action> actions,
            @Nullable Webhook webhook) {
        if (!DOMAIN.matcher(domain).matches()) {
            throw new IllegalArgumentException(
                    "domain '" + domain + "' must be lower-case letters, digits and hyphens, 63 at most");
        }
        if (syncTypes.isEmpty() && actions.isEmpty()) {
            throw new IllegalArgumentException(
                    domain + " has no sync type and no action: name at least one sync type, with its initial task");
        }
        Set<String> declared = names(taskTypes);
        Set<String> acting = namesOnce(domain, actions);
        syncTypes.stream().map(SyncType::initialTask).forEach(type -> checkInitialTask(domain, type, declared, acting));
        if (webhook != null) {
            webhook.run().check(declared, syncTypes);
            String first = webhook.run().taskType();
            if (first != null) {
                checkInitialTask(domain, first, declared, acting);
            }
        }
    }

    private static Set<String> namesOnce(String domain, List<Action> actions) {
        Set<String> names = new HashSet<>();
        for (Action action : actions) {
            if (!names.add(action.name())) {
                throw new IllegalArgumentException(
                        "action " + action.name() + " of " + domain + " is there twice; name one of them differently");
            }
        }
        return names;
    }

    /** A run of a sync type begins with a task that reads: it is executed by each schedule and each connection test. */
    private static void checkInitialTask(String domain, String type, Set<String> declared, Set<String> actions) {
        if (!declared.contains(type)) {
            throw new IllegalArgumentException(
                    "initial task " + type + " of " + domain + " is not among its task types");
        }
        if (actions.contains(type)) {
            throw new IllegalArgumentException("initial task " + type + " of " + domain
                    + " is an action; begin runs with a task that is not, and return the action as a follow-up task");
        }
    }

    static void checkSyncType(Duration interval, @Nullable Double maxDeletedShare, @Nullable Duration firstWindow) {
        if (interval.toSeconds() < 10) {
            throw new IllegalArgumentException("interval is " + interval + "; the least is 10 seconds");
        }
        if (maxDeletedShare != null && !(maxDeletedShare > 0 && maxDeletedShare <= 1)) {
            throw new IllegalArgumentException(
                    "maxDeletedShare is " + maxDeletedShare + "; it must be above 0 and at most 1");
        }
        if (firstWindow != null && !firstWindow.isPositive()) {
            throw new IllegalArgumentException("firstWindow is " + firstWindow + "; it must be above 0");
        }
    }

    /** The task types with those of the actions. */
    static List<TaskType> withActions(List<TaskType> taskTypes, List<Action> actions) {
        Set<String> declared = names(taskTypes);
        return Stream.concat(
                        taskTypes.stream(),
                        actions.stream()
                                .filter(action -> !declared.contains(action.name()))
                                .map(action -> new TaskType(action.name(), action.priority())))
                .toList();
    }

    private static Set<String> names(List<TaskType> types) {
        return types.stream().map(TaskType::name).collect(Collectors.toSet());
    }
}
