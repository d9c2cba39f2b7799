package io.tributary.schedule;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A field of a cron expression: a list, separated by commas, of {@code *}, values, ranges {@code a-b}, and any of these
 * with a step: {@code *}{@code /n}, {@code a-b/n}, and {@code a/n} from a value to the largest one. Months and days of
 * the week have names of three letters too; 0 and 7 are Sunday. Fields for the day also take {@code ?} for {@code *},
 * and Quartz's forms: {@code L} the last day of the month, {@code L-3} three days before it, {@code LW} its last
 * weekday, {@code 15W} the weekday nearest to the 15th within the month; {@code 5L} the last Friday, {@code 5#2} the
 * second one.
 */
enum CronField {
    SECOND(0, 59, List.of()),
    MINUTE(0, 59, List.of()),
    HOUR(0, 23, List.of()),
    DAY_OF_MONTH(1, 31, List.of()),
    MONTH(1, 12, List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")),
    DAY_OF_WEEK(1, 7, List.of("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"));

    private static final int SUNDAY = 7;

    private final int min;
    private final int max;
    private final List<String> names;

    CronField(int min, int max, List<String> names) {
        this.min = min;
        this.max = max;
        this.names = names;
    }

    /** One bit for each value that the field names. */
    long bits(String text) {
        String field = numbers(text);
        try {
            long bits = 0;
            for (String item : field.split(",", -1)) {
                bits |= itemBits(item);
            }
            return bits;
        } catch (IllegalArgumentException e) {
            throw wrong(text);
        }
    }

    private long itemBits(String item) {
        int slash = item.indexOf('/');
        String range = slash < 0 ? item : item.substring(0, slash);
        int step = slash < 0 ? 1 : number(item.substring(slash + 1), 1, Integer.MAX_VALUE);
        int hyphen = range.indexOf('-');
        int from = min;
        int to = max;
        if (hyphen >= 0) {
            from = value(range.substring(0, hyphen));
            to = value(range.substring(hyphen + 1));
            from = this == DAY_OF_WEEK && from == SUNDAY ? 0 : from;
        } else if (!range.equals("*")) {
            from = value(range);
            to = slash < 0 ? from : max;
        }
        if (from > to) {
            throw new IllegalArgumentException();
        }
        long bits = 0;
        for (long value = from; value <= to; value += step) {
            bits |= 1L << value;
        }
        return bits;
    }

    private int value(String text) {
        return number(text, this == DAY_OF_WEEK ? 0 : min, max);
    }

    private static int number(String text, int least, int most) {
        int number = Integer.parseInt(text);
        if (number < least || number > most) {
            throw new IllegalArgumentException();
        }
        return number;
    }

    private String numbers(String text) {
        String field = names.isEmpty() ? text : text.toUpperCase(Locale.ROOT);
        for (String name : names) {
            field = field.replace(name, Integer.toString(names.indexOf(name) + 1));
        }
        return field;
    }

    private IllegalArgumentException wrong(String text) {
        String what = name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return new IllegalArgumentException("the field for the " + what + " cannot be read: " + text);
    }

    static Predicate<LocalDate> daysOfMonth(String text) {
        return DAY_OF_MONTH.days(text, "LW", CronField::dayOfMonth);
    }

    static Predicate<LocalDate> daysOfWeek(String text) {
        return DAY_OF_WEEK.days(text, "L#", CronField::dayOfWeek);
    }

    private interface ReadItem {
        Predicate<LocalDate> read(String item);
    }

    /** @param signs of Quartz's forms: one of them makes an item such a form */
    private Predicate<LocalDate> days(String text, String signs, ReadItem quartz) {
        try {
            return Stream.of((text.equals("?") ? "*" : numbers(text)).split(",", -1))
                    .map(item -> item.chars().anyMatch(c -> signs.indexOf(c) >= 0) ? quartz.read(item) : plain(item))
                    .reduce(_ -> false, Predicate::or);
        } catch (IllegalArgumentException e) {
            throw wrong(text);
        }
    }

    private Predicate<LocalDate> plain(String item) {
        long bits = itemBits(item);
        long named = this == DAY_OF_WEEK ? bits | (bits & 1) << SUNDAY : bits;
        return day -> (named >> (this == DAY_OF_WEEK ? day.getDayOfWeek().getValue() : day.getDayOfMonth()) & 1) != 0;
    }

    private static Predicate<LocalDate> dayOfMonth(String item) {
        if (item.equals("LW")) {
            return day -> day.equals(weekdayBefore(day.with(TemporalAdjusters.lastDayOfMonth())));
        }
        if (item.startsWith("L")) {
            int before = item.equals("L") ? 0 : -number(item.substring(1), -30, -1);
            return day -> day.getDayOfMonth() == day.lengthOfMonth() - before;
        }
        if (!item.endsWith("W")) {
            throw new IllegalArgumentException();
        }
        int wanted = DAY_OF_MONTH.value(item.substring(0, item.length() - 1));
        return day -> wanted <= day.lengthOfMonth() && day.equals(weekdayNearTo(day.withDayOfMonth(wanted)));
    }

    private static LocalDate weekdayBefore(LocalDate day) {
        return day.minusDays(Math.max(0, day.getDayOfWeek().getValue() - DayOfWeek.FRIDAY.getValue()));
    }

    private static LocalDate weekdayNearTo(LocalDate day) {
        return switch (day.getDayOfWeek()) {
            case SATURDAY -> day.getDayOfMonth() == 1 ? day.plusDays(2) : day.minusDays(1);
            case SUNDAY -> day.plusDays(1);
            default -> day;
        };
    }

    private static Predicate<LocalDate> dayOfWeek(String item) {
        int sign = item.indexOf('#');
        int end = sign < 0 ? item.length() - 1 : sign;
        if (sign < 0 && item.charAt(end) != 'L') {
            throw new IllegalArgumentException();
        }
        int number = DAY_OF_WEEK.value(item.substring(0, end));
        DayOfWeek named = DayOfWeek.of(number == 0 ? SUNDAY : number);
        if (sign < 0) {
            return day -> day.equals(day.with(TemporalAdjusters.lastInMonth(named)));
        }
        int nth = number(item.substring(sign + 1), 1, Integer.MAX_VALUE);
        return day -> day.getDayOfWeek() == named && (day.getDayOfMonth() + 6) / 7 == nth;
    }
}
