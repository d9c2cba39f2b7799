package io.tributary.schemas;

import org.jspecify.annotations.NullMarked;

/**
 * The initial task of a connection test, for any integration. The worker executes the initial task of the run's sync
 * type instead, with the account's config and credentials, and discards its result: the end of the run is the result of
 * the test.
 */
@NullMarked
public final class TryAccount {

    /** Type of the task. No integration has a type of this name, since theirs have no dot. */
    public static final String TASK_TYPE = "tributary.tryAccount";

    /** Sync type of the run of a connection test, so that it is concurrent with the runs that sync. */
    public static final String SYNC_TYPE = "system:test";

    private TryAccount() {}
}
