package io.tributary.deploy;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Selectors of labels, as far as we use them: {@code matchLabels} alone. */
final class Selector {

    private Selector() {}

    /** Whether all wanted labels are there; an empty selector matches everything. */
    static boolean matches(@Nullable Object selector, Map<String, Object> labels) {
        var parts = Manifest.asMap(selector);
        if (!parts.isEmpty() && !parts.keySet().equals(Set.of("matchLabels"))) {
            throw new IllegalArgumentException("only matchLabels is understood here: " + selector);
        }
        return contains(labels, Manifest.asMap(parts.get("matchLabels")));
    }

    static boolean contains(Map<String, Object> labels, Map<String, Object> wanted) {
        return labels.entrySet().containsAll(wanted.entrySet());
    }
}
