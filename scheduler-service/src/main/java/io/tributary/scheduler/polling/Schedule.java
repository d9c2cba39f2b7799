package io.tributary.scheduler.polling;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a user integration is due again: by its cron expression, or else an interval after its last run.
 *
 * @param pollIntervalMinutes 1 to 525,600
 * @param cron 5 or 6 fields, UTC; null: the interval counts
 */
public record Schedule(int pollIntervalMinutes, @Nullable String cron) {

    /** When it is due after a run that ended at {@code time}. */
    public Instant nextAfter(Instant time) {
        return cron == null
                ? time.plus(Duration.ofMinutes(pollIntervalMinutes))
                : CronSchedule.parse(cron).nextAfter(time);
    }
}
