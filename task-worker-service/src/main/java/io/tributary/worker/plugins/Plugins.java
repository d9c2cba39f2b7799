package io.tributary.worker.plugins;

import static java.util.Objects.requireNonNull;

import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.schemas.ConnectAccount;
import io.tributary.schemas.RefreshAccess;
import io.tributary.schemas.RunAgain;
import io.tributary.schemas.TryAccount;
import io.tributary.worker.engine.TaskLabels;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The integrations that this worker can run, by domain. Does not change after the start.
 *
 * <p>During a roll-out a worker gets tasks of an integration, or of a task type, that only newer workers have. It lets
 * them wait for a while, from the first such task, since another worker will own their partition soon.
 */
public final class Plugins implements AutoCloseable {

    /** Types of tasks that every integration has and none declares. */
    private static final List<String> SYSTEM_TASKS =
            List.of(RunAgain.TASK_TYPE, RefreshAccess.TASK_TYPE, TryAccount.TASK_TYPE, ConnectAccount.TASK_TYPE);

    private final Map<String, Plugin> byDomain;
    private final Map<String, String> origins;
    private final List<String> problems;
    private final Duration wait;
    private final Map<String, Long> missingSinceNanos = new ConcurrentHashMap<>();

    /** Most things that are missing at a time; more of them wait anew. */
    private static final int MOST_MISSING = 1_000;

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

    /**
     * @param byDomain those that were loaded
     * @param origins folder, jar or file of each of them, by domain
     * @param problems the problem of each of the others, a line each
     */
    Plugins(Map<String, Plugin> byDomain, Map<String, String> origins, List<String> problems) {
        this(byDomain, origins, problems, Duration.ZERO);
    }

    private Plugins(Map<String, Plugin> byDomain, Map<String, String> origins, List<String> problems, Duration wait) {
        this.wait = wait;
        this.byDomain = new TreeMap<>(byDomain);
        this.origins = Map.copyOf(origins);
        this.problems = List.copyOf(problems);
    }

    /** The same, with tasks of what is missing waiting for this time, 0 and up, before they fail; default 0. */
    public Plugins waitingForMissing(Duration time) {
        return new Plugins(byDomain, origins, problems, time);
    }

    public Optional<Plugin> find(String domain) {
        return Optional.ofNullable(byDomain.get(domain));
    }

    /** The labels that metrics may have. */
    public TaskLabels labels() {
        return new TaskLabels(byDomain.values().stream()
                .collect(Collectors.toMap(
                        plugin -> plugin.manifest().domain(),
                        plugin -> Stream.concat(plugin.taskTypeNames().stream(), SYSTEM_TASKS.stream())
                                .collect(Collectors.toSet()))));
    }

    /** By domain in alphabetical order. */
    public Collection<Plugin> all() {
        return List.copyOf(byDomain.values());
    }

    /** The folder, jar or file that a loaded integration came from, as {@link LoadPlugins} names it in the log. */
    public String originOf(String domain) {
        return requireNonNull(origins.get(domain), domain);
    }

    /** The plugins that could not be loaded, each with the reason in one line. */
    public List<String> problems() {
        return problems;
    }

    /** Explains why a task of an unknown domain fails: the plugin is missing, or could not be loaded. */
    public TaskFailure failureOf(String domain) {
        String missing = "This worker has no integration " + domain;
        return problems.isEmpty()
                ? missing(
                        domain,
                        "polling.integrationNotFound",
                        missing + "; it has " + byDomain.keySet() + ". Put it into the plugins folder and restart.")
                : missing(
                        domain,
                        "polling.integrationLoadFailed",
                        missing + ", and could not load: " + String.join("; ", problems));
    }

    /** Explains why a task fails whose type the integration does not have: this one may be older than the task. */
    public TaskFailure failureOf(Plugin plugin, String taskType) {
        Manifest manifest = plugin.manifest();
        return missing(
                manifest.domain() + "/" + taskType,
                "polling.invalidTaskType",
                "The integration " + manifest.domain() + ", version " + manifest.version() + ", has no task type "
                        + taskType + "; it has " + plugin.taskTypeNames() + ".");
    }

    private TaskFailure missing(String what, String code, String message) {
        if (missingSinceNanos.size() >= MOST_MISSING) {
            missingSinceNanos.clear();
        }
        long now = System.nanoTime();
        Duration left = wait.minusNanos(now - missingSinceNanos.computeIfAbsent(what, unused -> now));
        return left.isPositive()
                ? new TaskFailure.RetryLater(code, message, left.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : left)
                : new TaskFailure.Permanent(code, message, null);
    }

    @Override
    public void close() {
        byDomain.values().forEach(Plugin::close);
    }
}
