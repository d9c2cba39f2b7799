package io.tributary.scheduler.maintenance;

import io.tributary.scheduler.tables.RunTable;
import java.time.Clock;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The maintenance jobs, except those of keys, which {@code credentials} declares. */
@Configuration(proxyBeanMethods = false)
record MaintenanceConfiguration(JdbcClient jdbc, MaintenanceProperties properties, Clock clock) {

    /** As long as a response is repeated; see {@code IdempotencyStore}. */
    private static final Duration KEEP_IDEMPOTENCY_KEYS = Duration.ofHours(24);

    @Bean
    MaintenanceJob rollUpStats() {
        return new MaintenanceJob("stats", Duration.ofMinutes(5), Duration.ofMinutes(4), new RollUpStats(jdbc));
    }

    @Bean
    MaintenanceJob flagUntakenRuns(RunTable runs) {
        var flag = new FlagUntakenRuns(runs, properties.untakenAfter(), clock);
        return new MaintenanceJob("untaken-runs", Duration.ofSeconds(30), Duration.ofMinutes(1), flag);
    }

    @Bean
    MaintenanceJob purgeRuns() {
        return purge("purge-runs", PurgeOldRows.runs(jdbc, properties.keepRuns(), clock));
    }

    @Bean
    MaintenanceJob purgeOneOffTasks() {
        return purge("purge-one-off-tasks", PurgeOldRows.oneOffTasks(jdbc, properties.keepRuns(), clock));
    }

    @Bean
    MaintenanceJob purgeDeadLetters() {
        return purge("purge-dead-letters", rows("dead_letter", "id", "created_at", properties.keepDeadLetters()));
    }

    @Bean
    MaintenanceJob purgeReplays() {
        return purge("purge-replays", rows("replay", "id", "finished_at", properties.keepReplays()));
    }

    @Bean
    MaintenanceJob purgeUsage() {
        return purge("purge-usage", rows("usage_event", "org_id, id", "received_at", properties.keepUsage()));
    }

    @Bean
    MaintenanceJob archiveAuditLog() {
        return purge("archive-audit-log", PurgeOldRows.auditLog(jdbc, properties.archiveAuditAfter(), clock));
    }

    @Bean
    MaintenanceJob purgeAuditArchive() {
        return purge("purge-audit-archive", PurgeOldRows.auditArchive(jdbc, properties.keepAuditArchive(), clock));
    }

    @Bean
    MaintenanceJob purgeEvents() {
        return purge("purge-events", rows("event_outbox", "id", "published_at", properties.keepEvents()));
    }

    @Bean
    MaintenanceJob purgeWebhookDeliveries() {
        return purge(
                "purge-webhook-deliveries", rows("webhook_delivery", "id", "ended_at", properties.keepDeliveries()));
    }

    @Bean
    MaintenanceJob purgeWebhookReceipts() {
        return purge(
                "purge-webhook-receipts",
                rows("webhook_receipt", "endpoint_id, key", "received_at", properties.keepWebhookReceipts()));
    }

    /** Of accounts that cannot sync for so long: they sync from the start of their schedule when they can again. */
    @Bean
    MaintenanceJob purgeWebhookTriggers() {
        return purge(
                "purge-webhook-triggers",
                rows("webhook_trigger", "id", "received_at", properties.keepWebhookReceipts()));
    }

    @Bean
    MaintenanceJob purgeIdempotencyKeys() {
        return purge(
                "purge-idempotency-keys", rows("idempotency_key", "user_id, key", "created_at", KEEP_IDEMPOTENCY_KEYS));
    }

    @Bean
    MaintenanceJob purgeNotifications() {
        return purge("purge-notifications", rows("notification", "id", "ended_at", properties.keepNotifications()));
    }

    @Bean
    MaintenanceJob purgeEffects() {
        return purge(
                "purge-effects",
                rows("effect", "user_integration_id, effect_key", "happened_at", properties.keepEffects()));
    }

    @Bean
    MaintenanceJob purgeRequestedEffects() {
        return purge(
                "purge-requested-effects",
                rows("requested_effect", "user_integration_id, effect_key", "requested_at", properties.keepEffects()));
    }

    private PurgeOldRows rows(String table, String key, String time, Duration keep) {
        return PurgeOldRows.of(table, key, time, jdbc, keep, clock);
    }

    /**
     * Each minute for up to half of it: old rows leave as fast as they come, and other jobs are never held up for long.
     */
    private static MaintenanceJob purge(String name, Runnable work) {
        return new MaintenanceJob(name, Duration.ofMinutes(1), PurgeOldRows.LONGEST.multipliedBy(4), work);
    }
}
