package io.tributary.scheduler.audit;

import io.tributary.scheduler.SqlTime;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A change that someone asked for by the API, as answers have it.
 *
 * @param userId who asked
 * @param operator whether they asked as an operator
 * @param action the operation, as the description of the API names it
 * @param target of what: the path, or that of what was created
 * @param status the answer's HTTP status; null: the process died before there was one
 * @param remoteAddress from where
 */
record AuditEntry(
        long id,
        Instant at,
        String userId,
        boolean operator,
        String action,
        String target,
        @Nullable Integer status,
        String remoteAddress) {

    static AuditEntry read(ResultSet row) throws SQLException {
        return new AuditEntry(
                row.getLong("id"),
                SqlTime.read(row, "at"),
                row.getString("user_id"),
                row.getBoolean("operator"),
                row.getString("action"),
                row.getString("target"),
                row.getObject("status", Integer.class),
                row.getString("remote_address"));
    }
}
