package io.tributary.worker.engine;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The integrations that an operator paused as a whole: none of their tasks start; executing tasks run to their end.
 *
 * @param everything all integrations
 * @param domains these integrations
 */
public record Pauses(boolean everything, Set<String> domains) {

    /** Nothing is paused. */
    public static final Pauses NONE = new Pauses(false, Set.of());

    /** Until the pauses are known. */
    public static final Pauses EVERYTHING = new Pauses(true, Set.of());

    public Pauses {
        domains = Set.copyOf(domains);
    }

    boolean cover(@Nullable String domain) {
        return everything || (domain != null && domains.contains(domain));
    }
}
