package io.tributary.scheduler.schedules;

import io.tributary.schedule.Cron;
import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.schedules.ScheduleRules.PauseHours;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks a schedule: an interval or a cron expression, not both, and their settings. */
public final class CheckSchedule {

    /** A year, in minutes. */
    private static final int MAX_MINUTES = 525_600;

    /** Shortest and longest interval in seconds. */
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

    /** Checks the schedule of the default sync type, whose fields are in the request itself. */
    public static void check(
            @Nullable Integer pollIntervalMinutes, ScheduleRules rules, Duration minCronGap, Violations violations) {
        violations.check(
                pollIntervalMinutes == null || rules.scheduleCron() == null,
                "/scheduleCron",
                "cannot go with pollIntervalMinutes: give one of them");
        violations.check(
                pollIntervalMinutes == null || (pollIntervalMinutes >= 1 && pollIntervalMinutes <= MAX_MINUTES),
                "/pollIntervalMinutes",
                "must be 1 to " + MAX_MINUTES);
        checkRest("", rules, minCronGap, violations);
    }

    /** Checks the schedule of an additional sync type, under {@code /schedules}. */
    static void check(String syncType, ScheduleSettings settings, Duration minCronGap, Violations violations) {
        String path = "/schedules/" + syncType;
        Integer interval = settings.intervalSeconds();
        violations.check(
                interval == null || settings.rules().scheduleCron() == null,
                path + "/scheduleCron",
                "cannot go with intervalSeconds: give one of them");
        violations.check(
                interval == null || (interval >= MIN_SECONDS && interval <= MAX_SECONDS),
                path + "/intervalSeconds",
                "must be " + MIN_SECONDS + " to " + MAX_SECONDS);
        checkRest(path, settings.rules(), minCronGap, violations);
    }

    private static void checkRest(String path, ScheduleRules rules, Duration minCronGap, Violations violations) {
        if (rules.scheduleCron() != null) {
            checkCron(path + "/scheduleCron", rules.scheduleCron(), minCronGap, violations);
        }
        if (rules.scheduleZone() != null) {
            violations.check(
                    ZoneId.getAvailableZoneIds().contains(rules.scheduleZone()),
                    path + "/scheduleZone",
                    "must be an IANA time zone such as Europe/Berlin or UTC");
        }
        Integer jitter = rules.jitterSeconds();
        violations.check(
                jitter == null || (jitter >= 0 && jitter <= MAX_JITTER),
                path + "/jitterSeconds",
                "must be 0 to " + MAX_JITTER);
        violations.check(
                rules.overlap() == null || OVERLAPS.contains(rules.overlap()),
                path + "/overlap",
                "must be skip or queue_one");
        violations.check(
                rules.catchUp() == null || CATCH_UPS.contains(rules.catchUp()),
                path + "/catchUp",
                "must be once or none");
        if (rules.pauseWindows() != null) {
            checkWindows(path + "/pauseWindows", rules.pauseWindows(), violations);
        }
    }

    private static void checkCron(String path, String scheduleCron, Duration minCronGap, Violations violations) {
        if (scheduleCron.length() > MAX_CRON_LENGTH) {
            violations.add(path, "must have 1 to " + MAX_CRON_LENGTH + " characters");
            return;
        }
        try {
            Duration gap = Cron.parse(scheduleCron).shortestGap();
            violations.check(
                    gap.compareTo(minCronGap) >= 0,
                    path,
                    "fires again after " + gap.toSeconds() + " s; the shortest time allowed is "
                            + minCronGap.toSeconds() + " s");
        } catch (IllegalArgumentException e) {
            violations.add(path, "is not usable: " + e.getMessage());
        }
    }

    /** Checks hours of a day. */
    public static void checkWindows(String path, List<@Nullable PauseHours> windows, Violations violations) {
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
