package io.tributary.scheduler.accounts;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;

/** The identity of a user integration: its id, its owner and its integration. */
public record Account(UUID id, String userId, String integrationDomain) {

    /** Reads id, user_id and integration_domain. */
    public static Account read(ResultSet row) throws SQLException {
        return read(row, "id");
    }

    /** The same where the id is in another column. */
    public static Account read(ResultSet row, String id) throws SQLException {
        return new Account(
                row.getObject(id, UUID.class), row.getString("user_id"), row.getString("integration_domain"));
    }
}
