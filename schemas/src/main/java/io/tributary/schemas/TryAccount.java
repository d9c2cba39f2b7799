package io.tributary.schemas;

import org.jspecify.annotations.NullMarked;

/**
 * The initial task of a run that finds out whether an account works, of whatever integration. The worker executes the
 * initial task of the run's sync type for it, with the account's config and credentials, and keeps nothing of what that
 * returns: the run's end is the answer.
 */
@NullMarked
public final class TryAccount {

    /** Type of the task. No integration has one of that name: theirs have no dot. */
    public static final String TASK_TYPE = "tributary.tryAccount";

    private TryAccount() {}
}
