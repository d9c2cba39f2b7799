package io.tributary.schemas;

import org.jspecify.annotations.NullMarked;

/**
 * The initial task of a run that executes tasks again, of whatever integration. The worker turns it into them: its
 * payload is {@code {"tasks": [{"type": "...", "payload": {...}}, ...]}}, and each becomes a follow-up task with an id of
 * its own. So they are in the run together and once, whatever crashes.
 */
@NullMarked
public final class RunAgain {

    /** Type of the task. No integration has one of that name: theirs have no dot. */
    public static final String TASK_TYPE = "tributary.runAgain";

    /** Tasks in one run at most. */
    public static final int MAX_TASKS = 500;

    /** Payloads of one run's tasks at most, characters; a run of one task may have more. */
    public static final int MAX_PAYLOAD_CHARACTERS = 512 * 1024;

    private RunAgain() {}
}
