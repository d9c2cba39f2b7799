package io.tributary.scheduler.testing;

import com.zaxxer.hikari.HikariDataSource;
import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.quotas.LiveRunQuota;
import io.tributary.scheduler.quotas.Quota;
import io.tributary.scheduler.quotas.QuotaProperties;
import io.tributary.scheduler.quotas.Quotas;
import io.tributary.scheduler.runs.QueueRun;
import io.tributary.scheduler.runs.TraceTriggers;
import io.tributary.schemas.Migrations;
import io.tributary.standalone.servers.TestServers;
import io.tributary.telemetry.Traces;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A database of a test, with the tables, and sentences about their rows. */
public record Database(String url, HikariDataSource pool) implements AutoCloseable {

    /** A new, empty one, with the tables. */
    public static Database migrated() {
        var database = empty();
        Flyway.configure()
                .configuration(Migrations.SETTINGS)
                .dataSource(database.pool)
                .load()
                .migrate();
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

    public JdbcClient jdbc() {
        return JdbcClient.create(pool);
    }

    public TransactionTemplate transaction() {
        return new TransactionTemplate(new JdbcTransactionManager(pool));
    }

    /** The quota of live runs, 20,000 of a user and an organisation. */
    public LiveRunQuota liveRunQuota() {
        var limits = Arrays.stream(Quota.values())
                .collect(Collectors.toMap(quota -> quota, _ -> new QuotaProperties.Limit(20_000, 20_000)));
        return new LiveRunQuota(new Quotas(jdbc(), new QuotaProperties(Duration.ofSeconds(10), limits)));
    }

    /** Queues runs whose spans are not recorded. */
    public QueueRun queueRun() {
        return new QueueRun(jdbc(), new TraceTriggers(Traces.off("scheduler")));
    }

    /** Deletes all rows of tables. */
    public void deleteAll(String... tables) {
        for (String table : tables) {
            jdbc().sql("delete from " + table).update();
            if (table.equals("user_integration")) {
                deleteAll("sync_run", "user_integration_content", "one_off_task", "requested_run", "erasure");
            }
        }
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
