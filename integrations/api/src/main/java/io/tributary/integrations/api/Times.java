package io.tributary.integrations.api;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads times in the forms that servers write, in headers and in JSON:
 *
 * <ul>
 *   <li>RFC 3339 and ISO 8601: {@code 2026-03-05T09:00:00.5Z}; a space or {@code _} for the T, a comma for the point,
 *   no
 *       seconds, no separators, offsets such as {@code +0100}, {@code +01} and {@code UTC}, or none, which means UTC; a
 *       date alone is its midnight in UTC;
 *   <li>the three forms of HTTP (RFC 9110, section 5.6.7), in any zone that RFC 5322 names: a wrong day of the week
 *   does
 *       no harm; {@code Thu Mar 05 09:00:00 +0000 2026} and {@code Thu Mar 05 2026 09:00:00 GMT+0100};
 *   <li>{@code /Date(1772701200000)/}, as older Microsoft APIs write it;
 *   <li>numbers: seconds since the epoch, from 100,000,000,000 on milliseconds, from 10^14 on microseconds, from 10^17
 *   on
 *       nanoseconds.
 * </ul>
 *
 * <p>Times to the millisecond or finer are kept; what is no time, such as {@code 0000-00-00}, gives an empty result.
 */
public final class Times {

    private static final int LONGEST = 80;

    private static final String CLOCK = "(\\d{1,2}):(\\d\\d)(?::(\\d\\d)(?:[.,](\\d{1,9})\\d*)?)?";
    private static final String ZONE = "([A-Za-z]{0,4}\\s?[+-]\\d\\d:?(?:\\d\\d)?|[A-Za-z]{1,4})?";

    private static final Pattern NUMBER = Pattern.compile("[+-]?\\d{1,19}(\\.\\d{1,9})?");
    private static final Pattern MICROSOFT = Pattern.compile("/Date\\((-?\\d{1,15})(?:[+-]\\d{4})?\\)/");
    private static final Pattern ISO =
            Pattern.compile("(\\d{4})[-/](\\d\\d)[-/](\\d\\d)(?:(?:[Tt_]|\\s+)" + CLOCK + "\\s*" + ZONE + ")?");
    private static final Pattern BASIC =
            Pattern.compile("(\\d{4})(\\d\\d)(\\d\\d)T(\\d\\d)(\\d\\d)(?:(\\d\\d)(?:[.,](\\d{1,9})\\d*)?)?\\s*" + ZONE);
    /** Day, month and year first: RFC 5322 and RFC 850. */
    private static final Pattern DAY_FIRST =
            Pattern.compile("(?:[A-Za-z]{3,9},?\\s+)?(\\d{1,2})[\\s-]([A-Za-z]{3,9})[\\s-]" + "(\\d{2}|\\d{4})\\s+"
                    + CLOCK + "\\s*" + ZONE);
    /** As asctime of C writes it, and JavaScript and some others. */
    private static final Pattern YEAR_LAST = Pattern.compile(
            "[A-Za-z]{3,9},?\\s+([A-Za-z]{3,9})\\s+(\\d{1,2})\\s+" + CLOCK + "\\s+(?:" + ZONE + "\\s+)?(\\d{4})");

    private static final Pattern YEAR_THEN_TIME =
            Pattern.compile("[A-Za-z]{3,9},?\\s+([A-Za-z]{3,9})\\s+(\\d{1,2})\\s+(\\d{4})\\s+" + CLOCK + "\\s*" + ZONE
                    + "(?:\\s*\\(.*\\))?");

    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
    /** Hours from UTC, by RFC 5322, section 4.3. */
    private static final Map<String, Integer> ZONES = Map.ofEntries(
            Map.entry("z", 0),
            Map.entry("ut", 0),
            Map.entry("utc", 0),
            Map.entry("gmt", 0),
            Map.entry("est", -5),
            Map.entry("edt", -4),
            Map.entry("cst", -6),
            Map.entry("cdt", -5),
            Map.entry("mst", -7),
            Map.entry("mdt", -6),
            Map.entry("pst", -8),
            Map.entry("pdt", -7));

    private static final BigDecimal MILLIS = new BigDecimal("1e11");
    private static final BigDecimal MICROS = new BigDecimal("1e14");
    private static final BigDecimal NANOS = new BigDecimal("1e17");
    private static final BigDecimal SECONDS_MOST = new BigDecimal(Instant.MAX.getEpochSecond());

    private Times() {}

    /**
     * The time that a text says; empty when it says none.
     *
     * @param text in any of the forms above; spaces around it do no harm
     */
    public static Optional<Instant> parse(String text) {
        String stripped = text.strip();
        if (stripped.isEmpty() || stripped.length() > LONGEST) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(time(stripped));
        } catch (DateTimeException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    /** The time that a number since the epoch says; its size tells its unit. Empty when no time is that far. */
    public static Optional<Instant> ofEpoch(BigDecimal number) {
        BigDecimal size = number.abs();
        BigDecimal seconds = size.compareTo(NANOS) >= 0
                ? number.movePointLeft(9)
                : size.compareTo(MICROS) >= 0
                        ? number.movePointLeft(6)
                        : size.compareTo(MILLIS) >= 0 ? number.movePointLeft(3) : number;
        if (seconds.abs().compareTo(SECONDS_MOST) > 0) {
            return Optional.empty();
        }
        BigDecimal whole = seconds.setScale(0, RoundingMode.FLOOR);
        return Optional.of(Instant.ofEpochSecond(
                whole.longValueExact(),
                seconds.subtract(whole).movePointRight(9).longValue()));
    }

    private static @Nullable Instant time(String text) {
        if (NUMBER.matcher(text).matches()) {
            return ofEpoch(new BigDecimal(text)).orElse(null);
        }
        Matcher microsoft = MICROSOFT.matcher(text);
        if (microsoft.matches()) {
            return Instant.ofEpochMilli(Long.parseLong(microsoft.group(1)));
        }
        Matcher iso = ISO.matcher(text);
        if (iso.matches()) {
            return at(number(iso, 1), number(iso, 2), number(iso, 3), clock(iso, 4), iso.group(8));
        }
        Matcher basic = BASIC.matcher(text);
        if (basic.matches()) {
            return at(number(basic, 1), number(basic, 2), number(basic, 3), clock(basic, 4), basic.group(8));
        }
        Matcher dayFirst = DAY_FIRST.matcher(text);
        if (dayFirst.matches()) {
            return at(
                    year(dayFirst.group(3)),
                    month(dayFirst.group(2)),
                    number(dayFirst, 1),
                    clock(dayFirst, 4),
                    dayFirst.group(8));
        }
        Matcher yearLast = YEAR_LAST.matcher(text);
        if (yearLast.matches()) {
            return at(
                    number(yearLast, 8),
                    month(yearLast.group(1)),
                    number(yearLast, 2),
                    clock(yearLast, 3),
                    yearLast.group(7));
        }
        Matcher yearThenTime = YEAR_THEN_TIME.matcher(text);
        return yearThenTime.matches()
                ? at(
                        number(yearThenTime, 3),
                        month(yearThenTime.group(1)),
                        number(yearThenTime, 2),
                        clock(yearThenTime, 4),
                        yearThenTime.group(8))
                : null;
    }

    /** A time of the day; 24:00 and a leap second are there. */
    private record Clock(int hour, int minute, int second, int nano) {}

    private static Clock clock(Matcher matcher, int group) {
        String fraction = matcher.group(group + 3);
        return new Clock(
                number(matcher, group),
                number(matcher, group + 1),
                number(matcher, group + 2),
                fraction == null ? 0 : Integer.parseInt((fraction + "000000000").substring(0, 9)));
    }

    /** 0 where the group is not there. */
    private static int number(Matcher matcher, int group) {
        String digits = matcher.group(group);
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    private static @Nullable Instant at(int year, int month, int day, Clock clock, @Nullable String zone) {
        Integer offset = offsetSeconds(zone == null ? "" : zone);
        boolean isMidnight = clock.hour == 24 && clock.minute == 0 && clock.second == 0;
        boolean isLeapSecond = clock.second == 60;
        if (offset == null) {
            return null;
        }
        return LocalDateTime.of(
                        year,
                        month,
                        day,
                        isMidnight ? 0 : clock.hour,
                        clock.minute,
                        isLeapSecond ? 59 : clock.second,
                        clock.nano)
                .plusDays(isMidnight ? 1 : 0)
                .plusSeconds(isLeapSecond ? 1 : 0)
                .toInstant(ZoneOffset.UTC)
                .minusSeconds(offset);
    }

    /** Null when there is no such zone. */
    private static @Nullable Integer offsetSeconds(String zone) {
        String name = zone.replaceFirst("[+-].*", "").strip().toLowerCase(Locale.ROOT);
        String digits = zone.replaceFirst("^[^+-]*", "").replace(":", "");
        if (digits.isEmpty()) {
            Integer hours = name.isEmpty() ? Integer.valueOf(0) : ZONES.get(name);
            return hours == null ? null : hours * 3600;
        }
        if (!name.isEmpty() && !Integer.valueOf(0).equals(ZONES.get(name))) {
            return null;
        }
        int hours = Integer.parseInt(digits.substring(1, 3));
        int minutes = digits.length() > 3 ? Integer.parseInt(digits.substring(3)) : 0;
        int seconds = (hours * 60 + minutes) * 60;
        return digits.startsWith("-") ? -seconds : seconds;
    }

    /** Two digits are those of RFC 5322, section 4.3. */
    private static int year(String digits) {
        int year = Integer.parseInt(digits);
        return digits.length() > 2 ? year : year < 50 ? 2000 + year : 1900 + year;
    }

    /** 0, which no date has, when there is no such month. */
    private static int month(String name) {
        return MONTHS.indexOf(name.substring(0, 3).toLowerCase(Locale.ROOT)) + 1;
    }
}
