package io.tributary.sink.output;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.support.CronExpression;

/**
 * The times of a cron expression (5 or 6 fields) by the clocks of a zone. Where these change it does as cron does, and as
 * the scheduler: an expression that names hours fires once a day whatever the clocks do, at a time that they skip as much
 * later as they skipped, at one that they show twice the first time; one that fires in every hour goes on at its pace.
 */
final class CronTimes {

    private static final int FIELDS_WITHOUT_SECONDS = 5;

    /** Clocks are set by no more than this; after it, no time that they skipped is still to come. */
    private static final Duration LONGEST_CHANGE = Duration.ofHours(24);

    private final CronExpression expression;
    private final boolean everyHour;
    private final ZoneId zone;

    /**
     * Reads an expression.
     *
     * @throws IllegalArgumentException when it is none
     * @throws java.time.DateTimeException when the zone is none
     */
    CronTimes(String text, String zone) {
        String trimmed = text.strip();
        String[] fields = trimmed.split("\\s+");
        this.expression = CronExpression.parse(fields.length == FIELDS_WITHOUT_SECONDS ? "0 " + trimmed : trimmed);
        this.everyHour = fields[fields.length - 4].startsWith("*");
        this.zone = ZoneId.of(zone);
    }

    /** The first one after a time; null: there is none. */
    @Nullable
    Instant after(Instant time) {
        return everyHour ? nextByThePace(time) : nextByTheClock(time);
    }

    private @Nullable Instant nextByThePace(Instant time) {
        ZonedDateTime next = expression.next(time.atZone(zone));
        return next == null ? null : next.toInstant();
    }

    private @Nullable Instant nextByTheClock(Instant time) {
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
