package io.tributary.scheduler.actions;

import static java.util.Objects.requireNonNull;

/**
 * An effect to bring about once.
 *
 * @param action name of the integration's action
 * @param key business key of the effect, unique for its account: 1 to {@link #MAX_KEY} characters
 * @param inputJson input of the action, a JSON object as text
 */
public record RequestedEffect(String action, String key, String inputJson) {

    /** Most characters of a key. */
    public static final int MAX_KEY = 200;

    public RequestedEffect {
        requireNonNull(action, "action");
        requireNonNull(inputJson, "inputJson");
        if (key.isEmpty() || key.length() > MAX_KEY) {
            throw new IllegalArgumentException("the key of an effect has 1 to " + MAX_KEY + " characters");
        }
    }
}
