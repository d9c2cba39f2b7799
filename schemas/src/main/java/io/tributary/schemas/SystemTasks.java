package io.tributary.schemas;

import org.jspecify.annotations.NullMarked;

/**
 * Tasks about the access to an account rather than its content: {@link RefreshAccess}, {@link ConnectAccount} and
 * {@link TryAccount}. They are about the moment at which the scheduler queues them, so nobody executes one again.
 */
@NullMarked
public final class SystemTasks {

    /** Their types begin with it. No integration has a type with a dot. */
    public static final String PREFIX = "tributary.";

    private SystemTasks() {}

    /** Whether the type is of a system task, of this version or a newer one. */
    public static boolean contain(String taskType) {
        return taskType.startsWith(PREFIX) && !taskType.equals(RunAgain.TASK_TYPE);
    }
}
