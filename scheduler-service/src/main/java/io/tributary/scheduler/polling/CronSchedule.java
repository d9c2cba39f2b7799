package io.tributary.scheduler.polling;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import org.springframework.scheduling.support.CronExpression;

/**
 * A cron expression, in UTC: {@code minute hour day-of-month month day-of-week}, with an optional field for the second
 * in front, 0 when it is left out.
 */
public record CronSchedule(CronExpression expression) {

    /**
     * Reads an expression of 5 or 6 fields.
     *
     * @throws IllegalArgumentException when it is not one, or never fires; the message says what is wrong
     */
    public static CronSchedule parse(String text) {
        String trimmed = text.strip();
        int fields = trimmed.isEmpty() ? 0 : trimmed.split("\\s+").length;
        if (fields != 5 && fields != 6) {
            throw new IllegalArgumentException("a cron expression has 5 or 6 fields, not " + fields);
        }
        var schedule = new CronSchedule(CronExpression.parse(fields == 5 ? "0 " + trimmed : trimmed));
        if (schedule.expression.next(ZonedDateTime.now(ZoneOffset.UTC)) == null) {
            throw new IllegalArgumentException("the cron expression never fires");
        }
        return schedule;
    }

    /** The first time it fires after {@code time}. */
    public Instant nextAfter(Instant time) {
        var next = expression.next(time.atZone(ZoneOffset.UTC));
        if (next == null) {
            throw new IllegalStateException("the cron expression " + expression + " never fires after " + time);
        }
        return next.toInstant();
    }
}
