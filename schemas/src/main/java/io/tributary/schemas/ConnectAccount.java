package io.tributary.schemas;

import org.jspecify.annotations.NullMarked;

/**
 * The one task of a run that asks a provider whose account a user integration is connected to, of whatever integration.
 * The worker asks the integration itself; it has no payload. What was found is in the final {@link RunProgress}.
 */
@NullMarked
public final class ConnectAccount {

    /** Type of the task. No integration has one of that name: theirs have no dot. */
    public static final String TASK_TYPE = "tributary.connect";

    /** Sync type of the run that follows a change of config or credentials, so that it goes beside the runs that sync. */
    public static final String SYNC_TYPE = "system:connect";

    private ConnectAccount() {}
}
