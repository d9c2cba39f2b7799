package io.tributary.scheduler.database;

import java.sql.SQLTransientConnectionException;
import org.jspecify.annotations.Nullable;

/** No connection for a request became free in time, while the database answers others. */
public final class AllConnectionsInUse extends SQLTransientConnectionException {

    AllConnectionsInUse(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** Whether a failure was caused by this one. */
    public static boolean caused(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof AllConnectionsInUse) {
                return true;
            }
        }
        return false;
    }
}
