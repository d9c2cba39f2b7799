package io.tributary.worker.testing;

import io.tributary.standalone.servers.TestServers;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A new database with the view that the worker reads accounts from, and one account in it. */
public final class AccountRow {

    public static final UUID ID = new UUID(0, 1);

    private AccountRow() {}

    /** Makes the database; the account has no credentials. */
    public static JdbcClient with(String config) {
        var postgres = TestServers.postgres();
        String url = postgres.createDatabase("account_" + Long.toHexString(System.nanoTime()));
        var database = JdbcClient.create(new DriverManagerDataSource(url, postgres.username(), postgres.password()));
        database.sql("create table worker_user_integration (id uuid, config jsonb, credentials bytea)")
                .update();
        database.sql("insert into worker_user_integration values (?, ?::jsonb, null)")
                .params(ID, config)
                .update();
        return database;
    }
}
