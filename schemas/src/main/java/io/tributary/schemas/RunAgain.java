package io.tributary.schemas;

import org.jspecify.annotations.NullMarked;

/**
 * The initial task of a run that executes tasks again, for any integration. Its payload is {@code {"tasks": [{"type":
 * "...", "payload": {...}}, ...]}}; the worker turns each of them into a follow-up task with a new id. So all of them
 * are in the run once, whatever crashes.
 */
@NullMarked
public final class RunAgain {

    /** Type of the task. No integration has a type of this name, since theirs have no dot. */
    public static final String TASK_TYPE = "tributary.runAgain";

    /** Most tasks of one run. */
    public static final int MAX_TASKS = 500;

    /** Largest sum of the payloads of one run, characters; a run of a single task may have more. */
    public static final int MAX_PAYLOAD_CHARACTERS = 512 * 1024;

    private RunAgain() {}
}
