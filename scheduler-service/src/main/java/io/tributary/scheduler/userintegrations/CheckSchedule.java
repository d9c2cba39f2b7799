package io.tributary.scheduler.userintegrations;

import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.polling.CronSchedule;
import org.jspecify.annotations.Nullable;

/** Checks when a user integration is to be synced: an interval or a cron expression, not both. */
final class CheckSchedule {

    /** A year, in minutes. */
    private static final int MAX_MINUTES = 525_600;

    /** Longest cron expression, characters. */
    private static final int MAX_CRON_LENGTH = 200;

    private CheckSchedule() {}

    static void check(@Nullable Integer pollIntervalMinutes, @Nullable String scheduleCron, Violations violations) {
        violations.check(
                pollIntervalMinutes == null || scheduleCron == null,
                "/scheduleCron",
                "cannot go with pollIntervalMinutes: give one of them");
        violations.check(
                pollIntervalMinutes == null || (pollIntervalMinutes >= 1 && pollIntervalMinutes <= MAX_MINUTES),
                "/pollIntervalMinutes",
                "must be 1 to " + MAX_MINUTES);
        if (scheduleCron != null) {
            checkCron(scheduleCron, violations);
        }
    }

    private static void checkCron(String scheduleCron, Violations violations) {
        if (scheduleCron.length() > MAX_CRON_LENGTH) {
            violations.add("/scheduleCron", "must have 1 to " + MAX_CRON_LENGTH + " characters");
            return;
        }
        try {
            CronSchedule.parse(scheduleCron);
        } catch (IllegalArgumentException e) {
            violations.add("/scheduleCron", "is not usable: " + e.getMessage());
        }
    }
}
