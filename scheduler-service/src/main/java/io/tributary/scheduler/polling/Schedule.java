package io.tributary.scheduler.polling;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When a user integration is due again: by its cron expression, or else an interval after its last run.
 *
 * @param pollIntervalMinutes 1 to 525,600
 * @param cron 5 or 6 fields, UTC; null: the interval counts
 */
public record Schedule(int pollIntervalMinutes, @Nullable String cron) {

    private static final Logger log = LoggerFactory.getLogger(Schedule.class);

    /** When it is due after a run that ended at {@code time}. A cron that was edited by hand into none counts as none. */
    public Instant nextAfter(Instant time) {
        if (cron != null) {
            try {
                return CronSchedule.parse(cron).nextAfter(time);
            } catch (IllegalArgumentException e) {
                log.error("cron unreadable, polled by interval instead code=polling.cronUnreadable cron={}", cron);
            }
        }
        return time.plus(Duration.ofMinutes(pollIntervalMinutes));
    }
}
