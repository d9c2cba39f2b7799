package io.tributary.integrations.api;

import static java.util.Objects.requireNonNull;

/**
 * The effect that the execution of an {@link Action} has to bring about once.
 *
 * @param key its business key, such as the id of a notification or an invoice: the same at each execution, also in a
 *     redriven or replayed task; at most {@link #MAX_KEY} characters. Send it to the provider where that ignores a
 *     repeated key.
 * @param mayHaveHappened whether an earlier execution began and its end is not known
 */
public record Effect(String key, boolean mayHaveHappened) {

    /** Most characters of a key. */
    public static final int MAX_KEY = 200;

    public Effect {
        requireNonNull(key, "key");
        if (key.isEmpty() || key.length() > MAX_KEY) {
            throw new IllegalArgumentException("the key of an effect has 1 to " + MAX_KEY + " characters");
        }
    }
}
