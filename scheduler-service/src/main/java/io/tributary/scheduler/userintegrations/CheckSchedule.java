package io.tributary.scheduler.userintegrations;

import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.polling.CronSchedule;
import io.tributary.scheduler.userintegrations.ScheduleSettings.PauseHours;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks when something is to be synced: an interval or a cron expression, not both; and what goes with them. */
final class CheckSchedule {

    /** A year, in minutes. */
    private static final int MAX_MINUTES = 525_600;

    /** The least and the most of an interval that is told in seconds. */
    private static final int MIN_SECONDS = 10;

    private static final int MAX_SECONDS = MAX_MINUTES * 60;

    /** A day, in seconds. */
    private static final int MAX_JITTER = 86_400;

    /** Longest cron expression, characters. */
    private static final int MAX_CRON_LENGTH = 200;

    /** Most pause windows of a schedule. */
    private static final int MAX_WINDOWS = 20;

    private static final Set<String> OVERLAPS = Set.of("skip", "queue_one");
    private static final Set<String> CATCH_UPS = Set.of("once", "none");
    private static final List<String> DAYS =
            Arrays.stream(DayOfWeek.values()).map(DayOfWeek::name).toList();

    private CheckSchedule() {}

    /** The schedule of the default sync type, whose fields stand in the request itself. */
    static void check(@Nullable Integer pollIntervalMinutes, ScheduleSettings settings, Violations violations) {
        violations.check(
                pollIntervalMinutes == null || settings.scheduleCron() == null,
                "/scheduleCron",
                "cannot go with pollIntervalMinutes: give one of them");
        violations.check(
                pollIntervalMinutes == null || (pollIntervalMinutes >= 1 && pollIntervalMinutes <= MAX_MINUTES),
                "/pollIntervalMinutes",
                "must be 1 to " + MAX_MINUTES);
        checkRest("", settings, violations);
    }

    /** The schedule of another sync type, under {@code /schedules}. */
    static void check(String syncType, ScheduleSettings settings, Violations violations) {
        String path = "/schedules/" + syncType;
        Integer interval = settings.intervalSeconds();
        violations.check(
                interval == null || settings.scheduleCron() == null,
                path + "/scheduleCron",
                "cannot go with intervalSeconds: give one of them");
        violations.check(
                interval == null || (interval >= MIN_SECONDS && interval <= MAX_SECONDS),
                path + "/intervalSeconds",
                "must be " + MIN_SECONDS + " to " + MAX_SECONDS);
        checkRest(path, settings, violations);
    }

    private static void checkRest(String path, ScheduleSettings settings, Violations violations) {
        if (settings.scheduleCron() != null) {
            checkCron(path + "/scheduleCron", settings.scheduleCron(), violations);
        }
        if (settings.scheduleZone() != null) {
            violations.check(
                    ZoneId.getAvailableZoneIds().contains(settings.scheduleZone()),
                    path + "/scheduleZone",
                    "must be an IANA time zone such as Europe/Berlin or UTC");
        }
        Integer jitter = settings.jitterSeconds();
        violations.check(
                jitter == null || (jitter >= 0 && jitter <= MAX_JITTER),
                path + "/jitterSeconds",
                "must be 0 to " + MAX_JITTER);
        violations.check(
                settings.overlap() == null || OVERLAPS.contains(settings.overlap()),
                path + "/overlap",
                "must be skip or queue_one");
        violations.check(
                settings.catchUp() == null || CATCH_UPS.contains(settings.catchUp()),
                path + "/catchUp",
                "must be once or none");
        if (settings.pauseWindows() != null) {
            checkWindows(path + "/pauseWindows", settings.pauseWindows(), violations);
        }
    }

    private static void checkCron(String path, String scheduleCron, Violations violations) {
        if (scheduleCron.length() > MAX_CRON_LENGTH) {
            violations.add(path, "must have 1 to " + MAX_CRON_LENGTH + " characters");
            return;
        }
        try {
            CronSchedule.parse(scheduleCron);
        } catch (IllegalArgumentException e) {
            violations.add(path, "is not usable: " + e.getMessage());
        }
    }

    private static void checkWindows(String path, List<@Nullable PauseHours> windows, Violations violations) {
        violations.check(windows.size() <= MAX_WINDOWS, path, "must be " + MAX_WINDOWS + " at most");
        var found = new ArrayList<>(windows);
        for (int i = 0; i < Math.min(found.size(), MAX_WINDOWS); i++) {
            PauseHours window = found.get(i);
            String at = path + "/" + i;
            if (window == null) {
                violations.add(at, "is missing");
                continue;
            }
            violations.check(isTime(window.from()), at + "/from", "must be a time such as 22:00");
            violations.check(isTime(window.to()), at + "/to", "must be a time such as 06:00");
            violations.check(
                    window.days() == null || DAYS.containsAll(window.days()),
                    at + "/days",
                    "must be of " + String.join(", ", DAYS));
        }
    }

    private static boolean isTime(@Nullable String text) {
        try {
            return text != null && text.length() == "22:00".length() && LocalTime.parse(text) != null;
        } catch (DateTimeException e) {
            return false;
        }
    }
}
