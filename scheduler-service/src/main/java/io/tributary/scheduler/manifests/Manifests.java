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

/**
 * The integrations that the workers can run, kept in step with the topic integrations. Safe to use from several
 * threads.
 */
public final class Manifests {

    /** Code of the failure of naming an integration that no worker has announced; stable. */
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

    /** Why nothing can be done with an integration that is not known, for a person. */
    public String explainUnknown(String domain) {
        var known = new TreeSet<>(byDomain.keySet());
        return "No worker has announced the integration '" + domain + "'. "
                + (known.isEmpty()
                        ? "None is known yet: start a worker."
                        : "Known are: " + String.join(", ", known) + ".");
    }

    /** All of them, by domain in alphabetical order. */
    public Collection<Manifest> all() {
        return new TreeMap<>(byDomain).values();
    }

    /**
     * Whether everything that was on the topic at the start has been read. Before that, an unknown domain says nothing:
     * no cycle picks, no run is dispatched, and the service is not ready.
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
