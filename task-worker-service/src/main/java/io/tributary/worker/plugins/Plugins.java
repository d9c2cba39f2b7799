package io.tributary.worker.plugins;

import io.tributary.worker.engine.Outcome;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The integrations that this worker can run, by domain. Does not change after the start. */
public final class Plugins implements AutoCloseable {

    private final Map<String, Plugin> byDomain;
    private final List<String> problems;

    /**
     * @param byDomain those that were loaded
     * @param problems what went wrong with the others, a line each
     */
    Plugins(Map<String, Plugin> byDomain, List<String> problems) {
        this.byDomain = new TreeMap<>(byDomain);
        this.problems = List.copyOf(problems);
    }

    public Optional<Plugin> find(String domain) {
        return Optional.ofNullable(byDomain.get(domain));
    }

    /** By domain in alphabetical order. */
    public Collection<Plugin> all() {
        return List.copyOf(byDomain.values());
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
