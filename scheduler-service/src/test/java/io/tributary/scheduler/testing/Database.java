package io.tributary.scheduler.testing;

import com.zaxxer.hikari.HikariDataSource;
import io.tributary.scheduler.SqlTime;
import io.tributary.standalone.servers.TestServers;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A database of a test, with the tables, and sentences about their rows. */
public final class Database implements AutoCloseable {

    private final String url;
    private final HikariDataSource pool;

    private Database(String url, HikariDataSource pool) {
        this.url = url;
        this.pool = pool;
    }

    /** A new, empty one, with the tables. */
    public static Database migrated() {
        var database = empty();
        Flyway.configure().dataSource(database.pool).load().migrate();
        return database;
    }

    /** A new one, without tables. */
    public static Database empty() {
        var postgres = TestServers.postgres();
        return at(postgres.createDatabase(
                "scheduler_" + UUID.randomUUID().toString().replace("-", "")));
    }

    /** Another set of connections to the same one, as another replica has them. */
    public Database another() {
        return at(url);
    }

    private static Database at(String url) {
        var pool = new HikariDataSource();
        pool.setJdbcUrl(url);
        pool.setUsername(TestServers.postgres().username());
        pool.setPassword(TestServers.postgres().password());
        pool.setMaximumPoolSize(4);
        return new Database(url, pool);
    }

    public String url() {
        return url;
    }

    public JdbcClient jdbc() {
        return JdbcClient.create(pool);
    }

    public TransactionTemplate transaction() {
        return new TransactionTemplate(new JdbcTransactionManager(pool));
    }

    /** An active user integration of the hello domain that is due at a time. */
    public UUID integration(@Nullable Instant nextSyncAt) {
        return integration("hello", "active", nextSyncAt);
    }

    public UUID integration(String domain, String status, @Nullable Instant nextSyncAt) {
        return jdbc().sql("""
                insert into user_integration (user_id, integration_domain, name, sync_status, next_sync_at, sync_state)
                values ('ann', :domain, 'Test', :status, :next::timestamptz, '{"seen": 7}')
                returning id
                """)
                .param("domain", domain)
                .param("status", status)
                .param("next", nextSyncAt == null ? null : SqlTime.of(nextSyncAt))
                .query(UUID.class)
                .single();
    }

    /** A queued run. */
    public UUID run(UUID userIntegrationId, String trigger) {
        return jdbc().sql("""
                insert into sync_run (user_integration_id, user_id, integration_domain, trigger)
                select id, user_id, integration_domain, :trigger from user_integration where id = :id
                returning id
                """)
                .param("id", userIntegrationId)
                .param("trigger", trigger)
                .query(UUID.class)
                .single();
    }

    /** Runs a statement with one id. */
    public int update(String sql, UUID id) {
        return jdbc().sql(sql).param("id", id).update();
    }

    /** One value of a row. */
    public <T> @Nullable T value(String sql, UUID id, Class<T> type) {
        return jdbc().sql(sql).param("id", id).query(type).optional().orElse(null);
    }

    public List<UUID> ids(String sql) {
        return jdbc().sql(sql).query(UUID.class).list();
    }

    public long count(String sql) {
        return jdbc().sql(sql).query(Long.class).single();
    }

    @Override
    public void close() {
        pool.close();
    }
}
