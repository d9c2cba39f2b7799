package io.tributary.schemas;

import java.util.Set;
import org.jspecify.annotations.NullMarked;

/**
 * The runs whose end shows whether an account works. Each has one task: {@link ConnectAccount#TASK_TYPE} where the
 * integration can identify an account, else {@link TryAccount#TASK_TYPE}.
 */
@NullMarked
public final class HealthCheck {

    /** Sync type of the periodic check, so that it is concurrent with the runs that sync. */
    public static final String SYNC_TYPE = "system:health";

    /** Sync types of all runs that check an account: the periodic ones, connection tests, and those after a change. */
    public static final Set<String> SYNC_TYPES = Set.of(SYNC_TYPE, TryAccount.SYNC_TYPE, ConnectAccount.SYNC_TYPE);

    private HealthCheck() {}
}
