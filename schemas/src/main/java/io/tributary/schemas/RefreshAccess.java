package io.tributary.schemas;

import java.time.Duration;
import org.jspecify.annotations.NullMarked;

/**
 * The one task of a system run that renews a user integration's OAuth2 access token before it expires, of whatever
 * integration. The worker that owns the partition executes it itself; it has no payload.
 */
@NullMarked
public final class RefreshAccess {

    /** Type of the task. No integration has one of that name: theirs have no dot. */
    public static final String TASK_TYPE = "tributary.refreshAccess";

    /** Sync type of the run, so that it goes beside the runs that sync. */
    public static final String SYNC_TYPE = "tributary.access";

    /** How long before its expiry an access token is renewed. */
    public static final Duration AHEAD = Duration.ofMinutes(5);

    private RefreshAccess() {}
}
