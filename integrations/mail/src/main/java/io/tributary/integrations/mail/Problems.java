package io.tributary.integrations.mail;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The problems of decoding a message: short sentences, each once. */
final class Problems {

    private final Set<String> found = new LinkedHashSet<>();

    /** Adds a problem. {@code detail} comes from the message; it is cut to 60 characters. */
    void add(String problem, String detail) {
        add(problem + " '" + Bounds.cut(detail.strip(), 60) + "'");
    }

    void add(String problem) {
        if (found.size() < Bounds.PROBLEMS) {
            found.add(problem);
        }
    }

    List<String> list() {
        return List.copyOf(found);
    }
}
