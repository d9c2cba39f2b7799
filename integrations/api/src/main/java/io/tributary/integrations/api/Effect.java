package io.tributary.integrations.api;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

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

    /** The effect of a task. A task to which no engine gave an effect has one of its own. */
    public static Effect of(TaskContext context) {
        return context.effect().orElseGet(() -> new Effect(context.idempotencyKey(), false));
    }

    /**
     * The SHA-256 of the key in UTF-8, as 64 hexadecimal digits: for ids at the provider that are shorter than a key or
     * take fewer characters. The same for the same key.
     */
    public String keyHash() {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // Every JDK has it.
        }
    }
}
