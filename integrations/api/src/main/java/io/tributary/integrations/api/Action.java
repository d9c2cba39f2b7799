package io.tributary.integrations.api;

import static java.util.Objects.requireNonNull;

/**
 * A change that an integration makes at its provider when a user or a processor requests it, such as sending a message.
 * An action is a type of task too: its input is the task's payload. The engine executes it once for each business key
 * ({@link Effect#key}), and commits that it began before it executes it, so that a crash never repeats it unnoticed.
 *
 * @param name its name, such as {@code send}; the name of its task type
 * @param inputSchema its input as JSON Schema (2020-12), a JSON object as text; the scheduler checks the input before
 *     it queues the action
 * @param priority 0 (first) to 9 (last) among the waiting tasks of a user integration
 * @param repeat how the engine finds out whether an interrupted execution took effect
 */
public record Action(String name, String inputSchema, int priority, Repeat repeat) {

    /** How the engine goes on with an action that began and whose end is unknown. */
    public enum Repeat {
        /** It is executed again with the same {@link Effect#key}: the provider ignores a repeated key. */
        KEY,
        /**
         * {@link Integration#lookUp} searches at the provider; the action is executed again only if it finds nothing.
         */
        LOOK_UP,
        /** It is executed again, and may take effect twice. */
        REPEAT,
        /** It is dead-lettered as {@code effects.uncertain}; a person decides whether it is executed again. */
        ASK
    }

    public Action {
        requireNonNull(name, "name");
        requireNonNull(inputSchema, "inputSchema");
        requireNonNull(repeat, "repeat");
        if (priority < 0 || priority > 9) {
            throw new IllegalArgumentException("priority of " + name + " is " + priority + "; it must be 0 to 9");
        }
    }

    /** An action with priority 2. */
    public Action(String name, String inputSchema, Repeat repeat) {
        this(name, inputSchema, 2, repeat);
    }
}
