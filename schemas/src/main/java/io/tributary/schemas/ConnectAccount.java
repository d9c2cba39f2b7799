package io.tributary.schemas;

import org.jspecify.annotations.NullMarked;

/**
 * The only task of a run that identifies the account of a user integration, for any integration. The worker calls the
 * integration's {@code identify}; the task has no payload. The final {@link RunProgress} has the account.
 */
@NullMarked
public final class ConnectAccount {

    /** Type of the task. No integration has a type of this name, since theirs have no dot. */
    public static final String TASK_TYPE = "tributary.connect";

    /**
     * Sync type of the run after a change of config or credentials, so that it is concurrent with the runs that sync.
     */
    public static final String SYNC_TYPE = "system:connect";

    private ConnectAccount() {}
}
