package io.tributary.scheduler.polling;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * When the polling cycle runs, and in which steps.
 *
 * @param cron when a cycle starts, {@code POLLING_CRON_SCHEDULE}; 5 or 6 fields, UTC; default every 2 minutes
 * @param batchSize integrations that one statement picks, {@code POLLING_BATCH_SIZE}; 1 to 10,000, default 100. It
 *     bounds a transaction, not a cycle: a cycle repeats batches until nothing is due
 */
@ConfigurationProperties("tributary.polling")
public record PollingProperties(String cron, int batchSize) {
    public PollingProperties {
        CronSchedule.parse(cron);
        if (batchSize < 1 || batchSize > 10_000) {
            throw new IllegalArgumentException("POLLING_BATCH_SIZE is " + batchSize + "; it must be 1 to 10,000");
        }
    }
}
