package io.tributary.scheduler.polling;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.support.CronExpression;

/**
 * A cron expression: {@code minute hour day-of-month month day-of-week}, with an optional field for the second in front,
 * 0 when it is left out.
 *
 * <p>Where clocks change it does as cron does. An expression that names hours fires once a day whatever the clocks do: a
 * time that they skip comes as much later as they skipped, and one that they show twice comes the first time. One that
 * fires in every hour goes on at its pace.
 *
 * @param everyHour its field for the hour begins with {@code *}
 */
public record CronSchedule(CronExpression expression, boolean everyHour) {

    /** Clocks are set by no more than this; after it, no time that they skipped is still to come. */
    private static final Duration LONGEST_CHANGE = Duration.ofHours(24);

    /**
     * Reads an expression of 5 or 6 fields.
     *
     * @throws IllegalArgumentException when it is not one, or never fires; the message says what is wrong
     */
    public static CronSchedule parse(String text) {
        String trimmed = text.strip();
        String[] fields = trimmed.isEmpty() ? new String[0] : trimmed.split("\\s+");
        if (fields.length != 5 && fields.length != 6) {
            throw new IllegalArgumentException("a cron expression has 5 or 6 fields, not " + fields.length);
        }
        boolean everyHour = fields[fields.length - 4].startsWith("*");
        var schedule = new CronSchedule(CronExpression.parse(fields.length == 5 ? "0 " + trimmed : trimmed), everyHour);
        if (schedule.expression.next(ZonedDateTime.now(ZoneOffset.UTC)) == null) {
            throw new IllegalArgumentException("the cron expression never fires");
        }
        return schedule;
    }

    /** The first time it fires after {@code time} by the clocks of a zone. */
    public Instant nextAfter(Instant time, ZoneId zone) {
        Instant next = everyHour ? nextByThePace(time, zone) : nextByTheClock(time, zone);
        if (next == null) {
            throw new IllegalStateException("the cron expression " + expression + " never fires after " + time);
        }
        return next;
    }

    private @Nullable Instant nextByThePace(Instant time, ZoneId zone) {
        ZonedDateTime next = expression.next(time.atZone(zone));
        return next == null ? null : next.toInstant();
    }

    private @Nullable Instant nextByTheClock(Instant time, ZoneId zone) {
        LocalDateTime from = time.atZone(zone).toLocalDateTime();
        var change = zone.getRules().previousTransition(time);
        if (change != null && change.isGap() && change.getInstant().isAfter(time.minus(LONGEST_CHANGE))) {
            // What the clocks skipped may be still to come.
            LocalDateTime before = change.getDateTimeBefore().minusNanos(1);
            from = before.isBefore(from) ? before : from;
        }
        for (LocalDateTime next = expression.next(from); next != null; next = expression.next(next)) {
            Instant at = next.atZone(zone).toInstant();
            if (at.isAfter(time)) {
                return at;
            }
        }
        return null;
    }
}
