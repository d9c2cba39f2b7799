package io.tributary.integrations.api;

import static java.util.Objects.requireNonNull;

/**
 * A task to execute after the one that returns it.
 *
 * @param type one of the task types that the manifest declares; another one fails the returning task for good
 * @param payload what to work on, at most 64 KB as JSON; keep it to ids and page tokens
 */
public record FollowUp(String type, JsonObject payload) {

    public FollowUp {
        requireNonNull(type, "type");
        requireNonNull(payload, "payload");
    }

    /** A follow-up task whose payload has one value. */
    public static FollowUp of(String type, String key, Object value) {
        return new FollowUp(type, JsonObject.of(key, value));
    }
}
