package io.tributary.schemas;

import org.jspecify.annotations.NullMarked;

/**
 * Runs that execute the actions of an integration on request, rather than sync. Their initial task is a {@link
 * RunAgain}; the payload of each of its tasks is {@code {"key": "...", "input": {...}}} with the key of the effect. Any
 * number of them are live at a time.
 */
@NullMarked
public final class ActionRuns {

    /** Their sync type. No integration has one of this name, since theirs have no colon. */
    public static final String SYNC_TYPE = "system:actions";

    /** Key of the effect, in the payload of a task. */
    public static final String KEY = "key";

    /** Input of the action, in the payload of a task. */
    public static final String INPUT = "input";

    private ActionRuns() {}
}
