package io.tributary.schemas;

import org.jspecify.annotations.NullMarked;

/**
 * The only task of a system run that renews a user integration's OAuth2 access token before it expires, for any
 * integration. The worker that owns the partition executes it itself; it has no payload. With the option {@code force}
 * it renews the token whatever its age.
 */
@NullMarked
public final class RefreshAccess {

    /** Type of the task. No integration has a type of this name, since theirs have no dot. */
    public static final String TASK_TYPE = "tributary.refreshAccess";

    /** Sync type of the run, so that it is concurrent with the runs that sync. */
    public static final String SYNC_TYPE = "tributary.access";

    private RefreshAccess() {}
}
