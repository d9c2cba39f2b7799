package io.tributary.integrations.api;

import static java.util.Objects.requireNonNull;

/**
 * One unit of work.
 *
 * @param type one of the task types that the manifest declares
 * @param payload input of the task; empty for an initial task
 * @param attempt number of this attempt, 1 and up
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
