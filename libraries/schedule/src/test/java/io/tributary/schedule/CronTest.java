package io.tributary.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronTest {

    private static final ZoneId UTC = ZoneOffset.UTC;
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static final Instant NOON = Instant.parse("2026-04-01T12:00:00Z");

    @Test
    void takesFiveFieldsAsOfEveryFullMinute() {
        assertThat(Cron.parse("*/2 * * * *").nextAfter(NOON, UTC)).isEqualTo("2026-04-01T12:02:00Z");
    }

    @Test
    void takesTheSecondAsAnOptionalFirstField() {
        assertThat(Cron.parse("30 */2 * * * *").nextAfter(NOON, UTC)).isEqualTo("2026-04-01T12:00:30Z");
    }

    @Test
    void readsHoursInUtc() {
        assertThat(Cron.parse("0 3 * * *").nextAfter(NOON, UTC)).isEqualTo("2026-04-02T03:00:00Z");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "* * * *",
                "* * * * * * *",
                "@daily",
                "61 * * * *",
                "a b c d e",
                "0 0 30 2 *",
                "* * \0 * *"
            })
    void rejectsTextThatIsNoCronExpressionOrNeverFires(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Cron.parse(text));
    }

    /** Cases in which other schedulers skipped a time or fired at a wrong one; times are those of the zone. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        0 0 11 L * ?     | UTC                 | 2017-02-28T05:00 | 2017-02-28T11:00 | the last day of a short month
        0 0 23 L * ?     | UTC                 | 2025-08-31T23:00 | 2025-09-30T23:00 | of a month of 30 days
        0 0 0 L 2 ?      | UTC                 | 2024-01-01T00:00 | 2024-02-29T00:00 | of February in a leap year
        0 0 0 L 2 ?      | UTC                 | 2025-01-01T00:00 | 2025-02-28T00:00 | and in another one
        0 0 5 4W * ?     | UTC                 | 2025-05-01T00:00 | 2025-05-05T05:00 | a Sunday, nearest is Monday
        0 30 15 1W * ?   | UTC                 | 2025-05-31T00:00 | 2025-06-02T15:30 | never in the month before
        0 0 0 LW * ?     | UTC                 | 2025-04-29T12:00 | 2025-04-30T00:00 | the last weekday
        0 15 10 L-2 * ?  | UTC                 | 2025-02-01T00:00 | 2025-02-26T10:15 | days before the last
        0 * * * 1-5      | UTC                 | 2016-02-29T11:00 | 2016-02-29T12:00 | a weekday on 29 February
        0 9 * * FRI      | Europe/Paris        | 2022-11-24T10:00 | 2022-11-25T09:00 | no other day
        0 9 * * FRI      | Europe/Paris        | 2022-11-25T09:00 | 2022-12-02T09:00 | nor twice
        0 0 * * *        | America/Santiago    | 2025-09-06T12:00 | 2025-09-07T01:00 | a midnight that does not exist
        0 0 * * *        | America/Santiago    | 2025-09-07T01:00 | 2025-09-08T00:00 | and the one after it
        0 0 * * *        | America/Santiago    | 2025-04-04T12:00 | 2025-04-05T00:00 | the day with two 23:30
        0 2 * * *        | America/New_York    | 2019-03-09T12:00 | 2019-03-10T03:00 | once, neither at 1 nor skipped
        0 2 * * *        | America/New_York    | 2019-03-10T03:00 | 2019-03-11T02:00 | and not twice
        0 2 * * *        | Europe/Copenhagen   | 2018-10-27T12:00 | 2018-10-28T02:00 | the hour that comes twice
        0 0 */13 * * *   | UTC                 | 2025-11-04T13:00 | 2025-11-05T00:00 | hours of the day, not a period
        0 8 29 2 *       | UTC                 | 2096-03-01T00:00 | 2104-02-29T08:00 | no leap year in 2100
        """)
    void firesWhereOthersDidNot(String text, ZoneId zone, LocalDateTime time, LocalDateTime next, String why) {
        assertThat(Cron.parse(text)
                        .nextAfter(time.atZone(zone).toInstant(), zone)
                        .atZone(zone)
                        .toLocalDateTime())
                .as(why)
                .isEqualTo(next);
    }

    @Test
    void advancesMinuteByMinuteThroughAChangeOfClocks() {
        ZoneId zone = ZoneId.of("America/Los_Angeles");
        Instant time = Instant.parse("2025-11-02T07:30:00Z");
        for (int minute = 0; minute < 240; minute++) {
            Instant next = Cron.parse("* * * * *").nextAfter(time, zone);
            assertThat(next).isEqualTo(time.plusSeconds(60));
            time = next;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-10T12:00:00Z,2026-01-11T02:30:00Z", // winter: an hour ahead of UTC, so 03:30 there
        "2026-07-10T12:00:00Z,2026-07-11T01:30:00Z"
    })
    void firesByTheClocksOfItsZone(Instant time, Instant next) {
        assertThat(Cron.parse("30 3 * * *").nextAfter(time, BERLIN)).isEqualTo(next);
    }

    /** On 29 March 2026 the clocks of Berlin go from 02:00 to 03:00, at 01:00 UTC. */
    @ParameterizedTest
    @CsvSource({
        "2026-03-29T00:59:59Z,2026-03-29T01:30:00Z", // 02:30 is skipped: it comes at 03:30
        "2026-03-29T01:00:00Z,2026-03-29T01:30:00Z",
        "2026-03-29T01:10:00Z,2026-03-29T01:30:00Z", // also when the run before ended after the change
        "2026-03-29T01:30:00Z,2026-03-30T00:30:00Z"
    })
    void firesOnceAtATimeThatTheClocksSkip(Instant time, Instant next) {
        assertThat(Cron.parse("30 2 * * *").nextAfter(time, BERLIN)).isEqualTo(next);
    }

    /** On 25 October 2026 they go from 03:00 back to 02:00, at 01:00 UTC. */
    @ParameterizedTest
    @CsvSource({
        "2026-10-24T23:00:00Z,2026-10-25T00:30:00Z", // the first 02:30
        "2026-10-25T00:30:00Z,2026-10-26T01:30:00Z", // not the second one, at 01:30 UTC
        "2026-10-25T01:10:00Z,2026-10-26T01:30:00Z"
    })
    void firesOnceAtATimeThatTheClocksShowTwice(Instant time, Instant next) {
        assertThat(Cron.parse("30 2 * * *").nextAfter(time, BERLIN)).isEqualTo(next);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-03-29T00:30:00Z,2026-03-29T01:30:00Z", // 01:30 and 03:30: an hour apart
        "2026-10-25T00:30:00Z,2026-10-25T01:30:00Z", // 02:30 and 02:30
        "2026-10-25T01:30:00Z,2026-10-25T02:30:00Z"
    })
    void goesOnAcrossAChangeWhenItFiresInEveryHour(Instant time, Instant next) {
        assertThat(Cron.parse("30 * * * *").nextAfter(time, BERLIN)).isEqualTo(next);
    }

    /** On 1 January 2028, a Saturday, the first weekday of the month is two days ahead. */
    @ParameterizedTest
    @CsvSource({"2027-12-31T23:59:59Z,2028-01-03T00:45:00Z", "2028-01-02T06:00:00Z,2028-01-03T00:45:00Z"})
    void firesOnTheFirstWeekdayOfAMonth(Instant time, Instant next) {
        assertThat(Cron.parse("45 * 1W * ?").nextAfter(time, UTC)).isEqualTo(next);
    }

    /**
     * In Havana the hour after midnight comes twice on 1 November 2020; in Lord Howe 01:30 to 02:00 on 5 April 2026.
     */
    @ParameterizedTest
    @CsvSource({
        "America/Havana,2020-11-01T03:59:00Z,2020-11-01T04:45:00Z",
        "America/Havana,2020-11-01T04:45:00Z,2020-11-01T05:45:00Z",
        "Australia/Lord_Howe,2026-04-04T14:45:00Z,2026-04-04T15:15:00Z"
    })
    void firesAtBothOfTwoTimesThatTheClocksShowWhenItFiresInEveryHour(ZoneId zone, Instant time, Instant next) {
        assertThat(Cron.parse("45 * * * *").nextAfter(time, zone)).isEqualTo(next);
    }

    /** POSIX crontab; the firings are those of its cron. */
    @ParameterizedTest
    @CsvSource({
        "0 16 4 * fri,2026-09-01T00:00:00Z,2026-09-04T16:00:00Z 2026-09-11T16:00:00Z 2026-09-18T16:00:00Z",
        "'0 0 1,15 * mon',2026-06-01T00:00:00Z,2026-06-08T00:00:00Z 2026-06-15T00:00:00Z 2026-06-22T00:00:00Z",
        "0 0 13 * 5,2026-11-01T00:00:00Z,2026-11-06T00:00:00Z 2026-11-13T00:00:00Z 2026-11-20T00:00:00Z",
        "30 0 0 1 1 sun,2026-12-31T00:00:00Z,2027-01-01T00:00:30Z 2027-01-03T00:00:30Z 2027-01-10T00:00:30Z",
        "0 0 L * mon#1,2026-06-02T00:00:00Z,2026-06-30T00:00:00Z 2026-07-06T00:00:00Z 2026-07-31T00:00:00Z",
        "0 0 30 2 mon,2026-02-20T00:00:00Z,2026-02-23T00:00:00Z 2027-02-01T00:00:00Z",
        // Not restricted, so both have to name the day.
        "0 0 */2 * mon,2026-06-02T00:00:00Z,2026-06-15T00:00:00Z 2026-06-29T00:00:00Z",
        "0 0 ? * mon,2026-06-02T00:00:00Z,2026-06-08T00:00:00Z",
        "0 0 4 * *,2026-06-02T00:00:00Z,2026-06-04T00:00:00Z 2026-07-04T00:00:00Z"
    })
    void firesOnTheDayOfTheMonthOrTheDayOfTheWeek(String text, Instant time, String firings) {
        Instant at = time;
        for (String next : firings.split(" ")) {
            at = Cron.parse(text).nextAfter(at, UTC);
            assertThat(at).isEqualTo(next);
        }
    }

    /** Changes of clocks at which other schedulers lost or doubled a firing, by their public reports. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        dragonmantank/cron-expression#112 | 15 2 * * 0     | America/Winnipeg | 2021-03-08T14:15:20Z | 2021-03-14T08:15:00Z
        Hexagon/croner#132                | 0 0 * * *      | America/Santiago | 2025-09-06T04:00:00Z | 2025-09-07T04:00:00Z
        Hexagon/croner#132                | 0 0 * * *      | America/Santiago | 2025-09-07T04:00:00Z | 2025-09-08T03:00:00Z
        Hexagon/croner#132                | 0 0 * * *      | America/Santiago | 2025-04-05T03:00:00Z | 2025-04-06T04:00:00Z
        spring-framework#36859            | 0 0 */2 * * ?  | Africa/Cairo     | 2025-04-24T20:00:00Z | 2025-04-24T23:00:00Z
        spring-framework#36859            | 0 0 */2 * * ?  | Africa/Cairo     | 2025-04-24T23:00:00Z | 2025-04-25T01:00:00Z
        spring-framework#28245            | 0 30 2 * * ?   | Europe/Zurich    | 2022-03-27T00:59:30Z | 2022-03-27T01:30:00Z
        spring-framework#28095            | 0 5 0 * * *    | Europe/Paris     | 2019-10-26T23:05:00Z | 2019-10-27T23:05:00Z
        spring-framework#28038            | 0 5 0 * * *    | Europe/Amsterdam | 2021-03-28T00:00:00Z | 2021-03-28T22:05:00Z
        spring-framework#26830            | 0 10 2 * * *   | Europe/Berlin    | 2021-03-28T00:09:00Z | 2021-03-28T01:10:00Z
        cron-utils#61                     | 0 17 * * *     | America/New_York | 2016-03-12T22:00:00Z | 2016-03-13T21:00:00Z
        cron-utils#61                     | 0 17 * * *     | America/New_York | 2016-11-05T21:00:00Z | 2016-11-06T22:00:00Z
        """)
    void firesOnceAtChangesOfClocksWhereOthersDidNot(
            String report, String text, ZoneId zone, Instant after, Instant next) {
        assertThat(Cron.parse(text).nextAfter(after, zone)).as(report).isEqualTo(next);
    }
}
