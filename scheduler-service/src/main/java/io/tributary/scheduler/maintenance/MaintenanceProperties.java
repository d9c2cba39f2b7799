package io.tributary.scheduler.maintenance;

import io.tributary.scheduler.settings.Range;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Periods of the maintenance jobs.
 *
 * @param keepRuns how long after its end a run is kept, with its log and its one-off task, a day and up; default 90
 *     days. Its content stays
 * @param keepEvents how long after its publication an event is kept, an hour and up; default 7 days
 * @param keepDeliveries how long after its end the delivery of an event to a webhook is kept, an hour and up; default
 *     30 days
 * @param archiveAuditAfter age at which an entry of the audit log moves to {@code audit_log_archive}, a day and up;
 *     default 90 days. The API shows the entries that have not moved
 * @param keepAuditArchive age at which an entry of {@code audit_log_archive} is deleted, 90 days and up and more than
 *     {@code archiveAuditAfter}; default 730 days
 * @param untakenAfter how long after its dispatch a run without a worker is flagged, 10 s and up; default 5 minutes
 * @param keepDeadLetters how long a dead letter is kept, redriven or not, a day and up; default 90 days
 * @param keepReplays how long after its end a replay is kept, a day and up; default 90 days
 * @param keepUsage how long after its arrival a usage event is kept, 90 days and up; default 400 days. An event that is
 *     sent again after that counts again
 * @param keepEffects how long after an effect happened, or was requested, its key is known, so that it happens once, 90
 *     days and up; default 400 days
 * @param keepNotifications how long after its end a notification is kept, a day and up; default 30 days
 * @param keepWebhookReceipts how long a webhook of a provider is known, so that a repetition starts no run, and how
 *     long it waits for an account that cannot sync, an hour and up; longer than the topic keeps webhooks; default 8
 *     days
 */
@ConfigurationProperties("tributary.maintenance")
record MaintenanceProperties(
        Duration keepRuns,
        @DefaultValue("7d") Duration keepEvents,
        @DefaultValue("30d") Duration keepDeliveries,
        Duration archiveAuditAfter,
        @DefaultValue("730d") Duration keepAuditArchive,
        Duration untakenAfter,
        @DefaultValue("90d") Duration keepDeadLetters,
        @DefaultValue("90d") Duration keepReplays,
        @DefaultValue("400d") Duration keepUsage,
        @DefaultValue("400d") Duration keepEffects,
        @DefaultValue("30d") Duration keepNotifications,
        @DefaultValue("8d") Duration keepWebhookReceipts) {

    private static final Range<Duration> DAYS = Range.atLeast(Duration.ofDays(1), "1 day and up");
    private static final Range<Duration> HOURS = Range.atLeast(Duration.ofHours(1), "1 hour and up");
    private static final Range<Duration> SECONDS = Range.atLeast(Duration.ofSeconds(10), "10 s and up");
    private static final Range<Duration> MONTHS = Range.atLeast(Duration.ofDays(90), "90 days and up");

    MaintenanceProperties {
        DAYS.check(keepRuns, "tributary.maintenance.keep-runs");
        HOURS.check(keepEvents, "tributary.maintenance.keep-events");
        HOURS.check(keepDeliveries, "tributary.maintenance.keep-deliveries");
        DAYS.check(archiveAuditAfter, "tributary.maintenance.archive-audit-after");
        MONTHS.check(keepAuditArchive, "tributary.maintenance.keep-audit-archive");
        Range.atLeast(archiveAuditAfter, "archive-audit-after and up")
                .check(keepAuditArchive, "tributary.maintenance.keep-audit-archive");
        DAYS.check(keepDeadLetters, "tributary.maintenance.keep-dead-letters");
        DAYS.check(keepReplays, "tributary.maintenance.keep-replays");
        MONTHS.check(keepUsage, "tributary.maintenance.keep-usage");
        MONTHS.check(keepEffects, "tributary.maintenance.keep-effects");
        DAYS.check(keepNotifications, "tributary.maintenance.keep-notifications");
        HOURS.check(keepWebhookReceipts, "tributary.maintenance.keep-webhook-receipts");
        SECONDS.check(untakenAfter, "tributary.maintenance.untaken-after");
    }
}
