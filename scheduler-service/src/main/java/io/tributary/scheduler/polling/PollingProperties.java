package io.tributary.scheduler.polling;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * When polling cycles run, and in which steps.
 *
 * @param cron when a cycle starts, {@code POLLING_CRON_SCHEDULE}; 5 or 6 fields, UTC, such as the classic every 2
 *     minutes; default none: cycles follow each other
 * @param interval from the end of a cycle to the start of the next one where there is no cron expression,
 *     {@code POLLING_INTERVAL}; 10 ms to 1 h, default 200 ms. It is what a schedule is late by at worst when the
 *     scheduler keeps up
 * @param batchSize integrations that one statement picks, {@code POLLING_BATCH_SIZE}; 1 to 10,000, default 100. It
 *     bounds a transaction, not a cycle: a cycle repeats batches until nothing is due
 */
@ConfigurationProperties("tributary.polling")
public record PollingProperties(@Nullable String cron, Duration interval, int batchSize) {

    private static final Duration MIN_INTERVAL = Duration.ofMillis(10);
    private static final Duration MAX_INTERVAL = Duration.ofHours(1);

    public PollingProperties {
        cron = cron == null || cron.isBlank() ? null : cron;
        if (cron != null) {
            CronSchedule.parse(cron);
        }
        if (interval.compareTo(MIN_INTERVAL) < 0 || interval.compareTo(MAX_INTERVAL) > 0) {
            throw new IllegalArgumentException("POLLING_INTERVAL is " + interval + "; it must be 10 ms to 1 h");
        }
        if (batchSize < 1 || batchSize > 10_000) {
            throw new IllegalArgumentException("POLLING_BATCH_SIZE is " + batchSize + "; it must be 1 to 10,000");
        }
    }
}
