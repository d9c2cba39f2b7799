package io.tributary.integrations.api;

import static java.util.Objects.requireNonNull;

/**
 * One unit of work.
 *
 * @param type one of the task types that the manifest declares
 * @param payload what to work on; empty for an initial task unless the manifest says otherwise
 * @param attempt which try this is, 1 and up
 */
public record Task(String type, JsonObject payload, int attempt) {

    public Task {
        requireNonNull(type, "type");
        requireNonNull(payload, "payload");
        if (attempt < 1) {
            throw new IllegalArgumentException("attempt is " + attempt + ", it starts at 1");
        }
    }
}
