package io.tributary.scheduler.schedules;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import org.jspecify.annotations.Nullable;

/**
 * The schedule of a sync type, as in requests.
 *
 * @param intervalSeconds time between syncs, 10 to 31,536,000; null: it keeps its value, or gets the integration's
 */
public record ScheduleSettings(
        @Nullable Integer intervalSeconds, @JsonUnwrapped ScheduleRules rules) {

    /** Whether it leaves everything as it is. */
    public boolean isEmpty() {
        return intervalSeconds == null && rules.equals(ScheduleRules.NONE);
    }

    /** Whether it has an interval, a cron expression or a time zone. */
    boolean changesTimes() {
        return intervalSeconds != null || rules.scheduleCron() != null || rules.scheduleZone() != null;
    }
}
