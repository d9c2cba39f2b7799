package io.tributary.worker.engine;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an operator paused as a whole: nothing of it is started; what executes comes to its end.
 *
 * @param everything all integrations
 * @param domains these integrations
 */
public record Pauses(boolean everything, Set<String> domains) {

    /** Nothing is paused. */
    public static final Pauses NONE = new Pauses(false, Set.of());

    /** Until it is known what is paused. */
    public static final Pauses EVERYTHING = new Pauses(true, Set.of());

    public Pauses {
        domains = Set.copyOf(domains);
    }

    boolean cover(@Nullable String domain) {
        return everything || (domain != null && domains.contains(domain));
    }
}
