package io.tributary.schedule;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A schedule as a row of {@code sync_schedule}. The API writes valid rows; a row may have been edited by hand.
 *
 * @param overlap {@code skip} or {@code queue_one}
 * @param catchUp {@code once} or {@code none}
 */
public record ScheduleRow(
        int intervalSeconds,
        @Nullable String scheduleCron,
        String scheduleZone,
        @Nullable Integer jitterSeconds,
        String overlap,
        String catchUp) {

    /** The columns that {@link #read} needs. */
    public static final String COLUMNS =
            "interval_seconds, schedule_cron, schedule_zone, jitter_seconds, overlap, catch_up";

    public static ScheduleRow read(ResultSet row) throws SQLException {
        return new ScheduleRow(
                row.getInt("interval_seconds"),
                row.getString("schedule_cron"),
                row.getString("schedule_zone"),
                row.getObject("jitter_seconds", Integer.class),
                row.getString("overlap"),
                row.getString("catch_up"));
    }

    /**
     * The schedule. The interval replaces a cron expression that cannot be read or never fires, and UTC an unknown
     * zone.
     *
     * @param unreadable called with the name and the value of each replaced column
     */
    public Schedule schedule(List<PauseWindow> pauseWindows, BiConsumer<String, String> unreadable) {
        return new Schedule(
                Duration.ofSeconds(intervalSeconds),
                cron(unreadable),
                zone(unreadable),
                jitterSeconds == null ? null : Duration.ofSeconds(jitterSeconds),
                overlap.equals("queue_one"),
                !catchUp.equals("none"),
                pauseWindows);
    }

    private @Nullable Cron cron(BiConsumer<String, String> unreadable) {
        if (scheduleCron == null || scheduleCron.isBlank()) {
            return null;
        }
        try {
            return Cron.parse(scheduleCron);
        } catch (IllegalArgumentException e) {
            unreadable.accept("schedule_cron", scheduleCron);
            return null;
        }
    }

    private ZoneId zone(BiConsumer<String, String> unreadable) {
        try {
            return ZoneId.of(scheduleZone);
        } catch (DateTimeException e) {
            unreadable.accept("schedule_zone", scheduleZone);
            return ZoneOffset.UTC;
        }
    }
}
