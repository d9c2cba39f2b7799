package io.tributary.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A cron expression: {@code minute hour day-of-month month day-of-week}, with an optional field for the second in
 * front, 0 without it. See {@link CronField} for the values of a field.
 *
 * <p>Days are those of POSIX crontab: where both fields for the day are restricted, a day fires when either of them
 * names it, so {@code 0 16 4 * fri} fires on each 4th and on each Friday. A field that begins with {@code *} or
 * {@code ?} is not restricted (as in Vixie's cron); then both have to name the day, which makes
 * {@code *}{@code /2 * mon} the Mondays among every other day.
 *
 * <p>When clocks change it does as cron does. An expression that names hours fires once a day: a time that the clocks
 * skip comes as much later as they skip, and a time that they show twice comes the first time. An expression whose
 * field for the hour begins with {@code *} fires whenever the clocks show a time that it names.
 */
public final class Cron {

    /** Largest change of clocks; after this time, no skipped time is still pending. */
    private static final Duration LONGEST_CHANGE = Duration.ofHours(24);

    /** A day of the calendar comes again within this, on any day of the week: 29 February on a Monday, across 2100. */
    private static final int LONGEST_GAP_YEARS = 40;

    private final String text;
    private final long seconds;
    private final long minutes;
    private final long hours;
    private final boolean everyHour;
    private final Predicate<LocalDate> days;
    private final long months;

    private Cron(String text, String[] fields) {
        this.text = text;
        this.seconds = CronField.SECOND.bits(fields[0]);
        this.minutes = CronField.MINUTE.bits(fields[1]);
        this.hours = CronField.HOUR.bits(fields[2]);
        this.everyHour = fields[2].startsWith("*");
        this.months = CronField.MONTH.bits(fields[4]);
        Predicate<LocalDate> daysOfMonth = CronField.daysOfMonth(fields[3]);
        Predicate<LocalDate> daysOfWeek = CronField.daysOfWeek(fields[5]);
        this.days = isRestricted(fields[3]) && isRestricted(fields[5])
                ? daysOfMonth.or(daysOfWeek)
                : daysOfMonth.and(daysOfWeek);
    }

    private static boolean isRestricted(String field) {
        return !field.startsWith("*") && !field.startsWith("?");
    }

    /**
     * Reads an expression of 5 or 6 fields.
     *
     * @throws IllegalArgumentException when it cannot be read or never fires; the message says what is wrong
     */
    public static Cron parse(String text) {
        String trimmed = text.strip();
        String[] fields = trimmed.isEmpty() ? new String[0] : trimmed.split("\\s+");
        if (fields.length != 5 && fields.length != 6) {
            throw new IllegalArgumentException("a cron expression has 5 or 6 fields, not " + fields.length);
        }
        var cron = new Cron(trimmed, fields.length == 6 ? fields : ("0 " + trimmed).split("\\s+"));
        if (cron.dayFrom(LocalDate.EPOCH) == null) {
            throw new IllegalArgumentException("the cron expression never fires");
        }
        return cron;
    }

    /** The first time it fires after {@code time}, in a time zone. */
    public Instant nextAfter(Instant time, ZoneId zone) {
        return everyHour ? nextByOffset(time, zone) : nextByClock(time, zone);
    }

    /**
     * A lower bound of the time between two times, 1 s and up: exact within a day that it fires on, and from one such
     * day to the next one if they follow each other.
     */
    public Duration shortestGap() {
        long firstInMinute = Long.numberOfTrailingZeros(seconds);
        long lastInMinute = last(seconds);
        long firstInHour = 60L * Long.numberOfTrailingZeros(minutes) + firstInMinute;
        long lastInHour = 60L * last(minutes) + lastInMinute;
        long firstInDay = 3_600L * Long.numberOfTrailingZeros(hours) + firstInHour;
        long lastInDay = 3_600L * last(hours) + lastInHour;
        long gap = 86_400 - lastInDay + firstInDay;
        gap = Math.min(gap, 3_600L * smallestStep(hours) - lastInHour + firstInHour);
        gap = Math.min(gap, 60L * smallestStep(minutes) - lastInMinute + firstInMinute);
        return Duration.ofSeconds(Math.min(gap, smallestStep(seconds)));
    }

    private static int last(long bits) {
        return Long.SIZE - 1 - Long.numberOfLeadingZeros(bits);
    }

    /** Smallest difference of two values of a field; more than any field has when there is one value. */
    private static int smallestStep(long bits) {
        int smallest = 1_000_000;
        long rest = bits;
        int previous = Long.numberOfTrailingZeros(rest);
        for (rest &= rest - 1; rest != 0; rest &= rest - 1) {
            int next = Long.numberOfTrailingZeros(rest);
            smallest = Math.min(smallest, next - previous);
            previous = next;
        }
        return smallest;
    }

    /** Between two changes of the clocks, local times and instants map one to one. */
    private Instant nextByOffset(Instant time, ZoneId zone) {
        ZoneOffset offset = zone.getRules().getOffset(time);
        LocalDateTime after = LocalDateTime.ofInstant(time, offset);
        ZoneOffsetTransition change = zone.getRules().nextTransition(time);
        while (true) {
            Instant next = nextAfter(after).toInstant(offset);
            if (change == null || next.isBefore(change.getInstant())) {
                return next;
            }
            offset = change.getOffsetAfter();
            after = change.getDateTimeAfter().minusNanos(1);
            change = zone.getRules().nextTransition(change.getInstant());
        }
    }

    private Instant nextByClock(Instant time, ZoneId zone) {
        LocalDateTime from = time.atZone(zone).toLocalDateTime();
        ZoneOffsetTransition change = zone.getRules().previousTransition(time.plusNanos(1));
        if (change != null && change.isGap() && change.getInstant().isAfter(time.minus(LONGEST_CHANGE))) {
            // A time that the clocks skipped may still be pending.
            LocalDateTime before = change.getDateTimeBefore().minusNanos(1);
            from = before.isBefore(from) ? before : from;
        }
        LocalDateTime next = nextAfter(from);
        while (!next.atZone(zone).toInstant().isAfter(time)) {
            next = nextAfter(next);
        }
        return next.atZone(zone).toInstant();
    }

    private LocalDateTime nextAfter(LocalDateTime time) {
        LocalDateTime first = time.withNano(0).plusSeconds(1);
        LocalDate today = first.toLocalDate();
        if (firesOn(today)) {
            LocalTime next = timeFrom(first.toLocalTime());
            if (next != null) {
                return today.atTime(next);
            }
        }
        LocalDate day = dayFrom(today.plusDays(1));
        LocalTime earliest = timeFrom(LocalTime.MIDNIGHT);
        if (day == null || earliest == null) {
            throw new IllegalStateException("the cron expression " + text + " never fires after " + time);
        }
        return day.atTime(earliest);
    }

    private @Nullable LocalDate dayFrom(LocalDate first) {
        LocalDate end = first.plusYears(LONGEST_GAP_YEARS);
        LocalDate day = first;
        while (day.isBefore(end)) {
            if (firesOn(day)) {
                return day;
            }
            day = has(months, day.getMonthValue())
                    ? day.plusDays(1)
                    : day.withDayOfMonth(1).plusMonths(1);
        }
        return null;
    }

    private boolean firesOn(LocalDate day) {
        return has(months, day.getMonthValue()) && days.test(day);
    }

    private @Nullable LocalTime timeFrom(LocalTime first) {
        for (int hour = next(hours, first.getHour()); hour >= 0; hour = next(hours, hour + 1)) {
            boolean sameHour = hour == first.getHour();
            int minute = next(minutes, sameHour ? first.getMinute() : 0);
            for (; minute >= 0; minute = next(minutes, minute + 1)) {
                boolean sameMinute = sameHour && minute == first.getMinute();
                int second = next(seconds, sameMinute ? first.getSecond() : 0);
                if (second >= 0) {
                    return LocalTime.of(hour, minute, second);
                }
            }
        }
        return null;
    }

    private static boolean has(long bits, int value) {
        return (bits & 1L << value) != 0;
    }

    /** The first value from {@code from} on; -1: none. */
    private static int next(long bits, int from) {
        long rest = bits & -1L << from;
        return rest == 0 ? -1 : Long.numberOfTrailingZeros(rest);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Cron cron && cron.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The expression as it was written. */
    @Override
    public String toString() {
        return text;
    }
}
