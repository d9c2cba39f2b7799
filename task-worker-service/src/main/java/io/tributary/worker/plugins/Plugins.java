package io.tributary.worker.plugins;

import static java.util.Objects.requireNonNull;

import io.tributary.worker.engine.Outcome;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The integrations that this worker can run, by domain. Does not change after the start. */
public final class Plugins implements AutoCloseable {

    private final Map<String, Plugin> byDomain;
    private final Map<String, String> origins;
    private final List<String> problems;

    /**
     * @param byDomain those that were loaded
     * @param origins where each of them came from, by domain
     * @param problems what went wrong with the others, a line each
     */
    Plugins(Map<String, Plugin> byDomain, Map<String, String> origins, List<String> problems) {
        this.byDomain = new TreeMap<>(byDomain);
        this.origins = Map.copyOf(origins);
        this.problems = List.copyOf(problems);
    }

    public Optional<Plugin> find(String domain) {
        return Optional.ofNullable(byDomain.get(domain));
    }

    /** By domain in alphabetical order. */
    public Collection<Plugin> all() {
        return List.copyOf(byDomain.values());
    }

    /** The folder, jar or file that a loaded integration came from, as {@link LoadPlugins} names it in the log. */
    public String originOf(String domain) {
        return requireNonNull(origins.get(domain), domain);
    }

    /** What was found and could not be loaded, and why, a line each. */
    public List<String> problems() {
        return problems;
    }

    /** Why a task of a domain that is not here fails: it is missing, or it may be the one that is broken. */
    public Outcome failureOf(String domain) {
        if (problems.isEmpty()) {
            return new Outcome.Failed(
                    Outcome.Kind.PERMANENT,
                    "polling.integrationNotFound",
                    "This worker has no integration " + domain + "; it has " + byDomain.keySet()
                            + ". Put it into the plugins folder and restart.");
        }
        return new Outcome.Failed(
                Outcome.Kind.PERMANENT,
                "polling.integrationLoadFailed",
                "This worker has no integration " + domain + ", and could not load: " + String.join("; ", problems));
    }

    @Override
    public void close() {
        byDomain.values().forEach(Plugin::close);
    }
}
