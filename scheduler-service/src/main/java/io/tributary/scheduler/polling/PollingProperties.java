package io.tributary.scheduler.polling;

import io.tributary.schedule.Cron;
import io.tributary.scheduler.settings.Range;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * When polling cycles run, and in which steps.
 *
 * @param cron when a cycle starts, {@code POLLING_CRON_SCHEDULE}; 5 or 6 fields, UTC, such as the classic every 2
 *     minutes; default none: cycles follow each other
 * @param interval from the end of a cycle to the start of the next one where there is no cron expression,
 *     {@code POLLING_INTERVAL}; 10 ms to 1 h, default 200 ms. A schedule is late by this much at worst, as long as the
 *     scheduler keeps up
 * @param batchSize integrations that one statement picks, {@code POLLING_BATCH_SIZE}; 1 to 10,000, default 100. It
 *     bounds a transaction, not a cycle: a cycle repeats batches until nothing is due
 */
@ConfigurationProperties("tributary.polling")
public record PollingProperties(@Nullable String cron, Duration interval, int batchSize) {

    private static final Range<Duration> INTERVAL =
            Range.between(Duration.ofMillis(10), Duration.ofHours(1), "10 ms to 1 h");
    private static final Range<Integer> BATCH = Range.between(1, 10_000, "1 to 10,000");

    public PollingProperties {
        cron = cron == null || cron.isBlank() ? null : cron;
        if (cron != null) {
            Cron.parse(cron);
        }
        INTERVAL.check(interval, "POLLING_INTERVAL");
        BATCH.check(batchSize, "POLLING_BATCH_SIZE");
    }
}
