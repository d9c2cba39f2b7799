package io.tributary.scheduler.manifests;

import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Problem;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * The integrations that the workers can run, kept in step with the topic integrations. Safe to use from several
 * threads.
 */
@Component
public final class Manifests {

    /** Code of the problem that no worker has announced an integration; stable. */
    public static final String UNKNOWN = "polling.integrationNotFound";

    private final Map<String, Manifest> byDomain = new ConcurrentHashMap<>();
    private volatile boolean caughtUp;

    public Optional<Manifest> find(String domain) {
        return Optional.ofNullable(byDomain.get(domain));
    }

    /**
     * The manifest of an integration that a request names.
     *
     * @throws ApiException {@link #UNKNOWN}, listing the known ones
     */
    public Manifest require(String domain) {
        return find(domain)
                .orElseThrow(() -> new ApiException(
                        Problem.of(HttpStatus.UNPROCESSABLE_CONTENT, UNKNOWN, explainUnknown(domain))));
    }

    /** Explains to a person that an integration is not known. */
    public String explainUnknown(String domain) {
        var known = new TreeSet<>(byDomain.keySet());
        return "No worker has announced the integration '" + domain + "'. "
                + (known.isEmpty()
                        ? "None is known yet. Start a worker."
                        : "Known are: " + String.join(", ", known) + ".");
    }

    /** All manifests, in the order of their domains. */
    public Collection<Manifest> all() {
        return new TreeMap<>(byDomain).values();
    }

    /**
     * Whether the manifests that were on the topic at the start have been read. Before that, a domain may be unknown by
     * mistake: no cycle picks, no run is dispatched, and the service is not ready.
     */
    public boolean caughtUp() {
        return caughtUp;
    }

    void put(Manifest manifest) {
        byDomain.put(manifest.domain(), manifest);
    }

    void remove(String domain) {
        byDomain.remove(domain);
    }

    void markCaughtUp() {
        caughtUp = true;
    }
}
