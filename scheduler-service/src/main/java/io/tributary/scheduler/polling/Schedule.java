package io.tributary.scheduler.polling;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * When a sync type of a user integration is due again: by its cron expression, or else an interval after its last run;
 * and what becomes of a time that cannot be kept.
 *
 * @param interval 10 seconds to a year
 * @param cron 5 or 6 fields; null: the interval counts
 * @param zone of the cron expression and of the pause windows
 * @param catchesUp whether a time that was missed is made up for, once
 * @param pauseWindows in which nothing is started
 */
public record Schedule(
        Duration interval, @Nullable String cron, ZoneId zone, boolean catchesUp, List<PauseWindow> pauseWindows) {

    /** The columns that {@link #read} needs, of user_integration. */
    public static final String COLUMNS = "poll_interval_minutes * 60 as interval_seconds, schedule_cron, schedule_zone,"
            + " catch_up, pause_windows::text as pause_windows";

    /** The same, of sync_schedule as s. */
    static final String OWN_COLUMNS =
            "s.interval_seconds, s.schedule_cron, s.schedule_zone, s.catch_up, s.pause_windows::text as pause_windows";

    /** What is late by more than this was missed: while a scheduler runs, nothing is. */
    static final Duration MISSED = Duration.ofMinutes(5);

    /** Windows that follow each other without a gap are looked through up to this many. */
    private static final int MAX_WINDOWS_IN_A_ROW = 50;

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Logger log = LoggerFactory.getLogger(Schedule.class);

    /** What to do about a time that has come. */
    sealed interface Decision {

        /** Run. */
        record Start() implements Decision {}

        /** Not now. */
        record Postpone(Instant until) implements Decision {}
    }

    public Schedule {
        pauseWindows = List.copyOf(pauseWindows);
    }

    /** What to do at {@code now} about a time that has come. */
    Decision decide(Instant due, Instant now) {
        Optional<Instant> pausedUntil = pausedUntil(now);
        if (pausedUntil.isPresent()) {
            Instant until = pausedUntil.get();
            return new Decision.Postpone(catchesUp ? until : nextAfter(until.minusNanos(1)));
        }
        boolean missed = due.isBefore(now.minus(MISSED));
        return missed && !catchesUp ? new Decision.Postpone(nextAfter(now)) : new Decision.Start();
    }

    private Optional<Instant> pausedUntil(Instant now) {
        Instant until = now;
        for (int i = 0; i < MAX_WINDOWS_IN_A_ROW; i++) {
            Instant time = until;
            Optional<Instant> end = pauseWindows.stream()
                    .flatMap(window -> window.endIfIn(time, zone).stream())
                    .findFirst();
            if (end.isEmpty()) {
                break;
            }
            until = end.get();
        }
        return until.equals(now) ? Optional.empty() : Optional.of(until);
    }

    /** When it is due after a run that ended at {@code time}. A cron that was edited by hand into none counts as none. */
    public Instant nextAfter(Instant time) {
        if (cron != null) {
            try {
                return CronSchedule.parse(cron).nextAfter(time, zone);
            } catch (IllegalArgumentException e) {
                log.error("cron unreadable, polled by interval instead code=polling.cronUnreadable cron={}", cron);
            }
        }
        return time.plus(interval);
    }

    /** Reads one; what was edited by hand into something unreadable counts as not there. */
    public static Schedule read(ResultSet row) throws SQLException {
        return new Schedule(
                Duration.ofSeconds(row.getInt("interval_seconds")),
                row.getString("schedule_cron"),
                zone(row.getString("schedule_zone")),
                !row.getString("catch_up").equals("none"),
                windows(row.getString("pause_windows")));
    }

    private static ZoneId zone(String id) {
        try {
            return ZoneId.of(id);
        } catch (DateTimeException e) {
            log.error("zone unknown, taken for UTC code=polling.zoneUnreadable zone={}", id);
            return ZoneOffset.UTC;
        }
    }

    private static List<PauseWindow> windows(@Nullable String json) {
        if (json == null) {
            return List.of();
        }
        try {
            return JSON.readValue(json, new TypeReference<List<PauseWindow>>() {});
        } catch (JacksonException e) {
            log.error("pause windows unreadable, ignored code=polling.pauseWindowsUnreadable windows={}", json);
            return List.of();
        }
    }
}
