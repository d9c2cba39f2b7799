package io.tributary.scheduler.polling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronScheduleTest {

    private static final ZoneId UTC = ZoneOffset.UTC;
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static final Instant NOON = Instant.parse("2026-04-01T12:00:00Z");

    @Test
    void takesFiveFieldsAsOfEveryFullMinute() {
        assertThat(CronSchedule.parse("*/2 * * * *").nextAfter(NOON, UTC)).isEqualTo("2026-04-01T12:02:00Z");
    }

    @Test
    void takesTheSecondAsAnOptionalFirstField() {
        assertThat(CronSchedule.parse("30 */2 * * * *").nextAfter(NOON, UTC)).isEqualTo("2026-04-01T12:00:30Z");
    }

    @Test
    void readsHoursInUtc() {
        assertThat(CronSchedule.parse("0 3 * * *").nextAfter(NOON, UTC)).isEqualTo("2026-04-02T03:00:00Z");
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
    void refusesWhatIsNoCronExpressionOrNeverFires(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> CronSchedule.parse(text));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-10T12:00:00Z,2026-01-11T02:30:00Z", // winter: an hour ahead of UTC, so 03:30 there
        "2026-07-10T12:00:00Z,2026-07-11T01:30:00Z"
    })
    void firesByTheClocksOfItsZone(Instant time, Instant next) {
        assertThat(CronSchedule.parse("30 3 * * *").nextAfter(time, BERLIN)).isEqualTo(next);
    }

    /** On 29 March 2026 the clocks of Berlin go from 02:00 to 03:00, at 01:00 UTC. */
    @ParameterizedTest
    @CsvSource({
        "2026-03-29T00:59:59Z,2026-03-29T01:30:00Z", // 02:30 is skipped: it comes at 03:30
        "2026-03-29T01:10:00Z,2026-03-29T01:30:00Z", // also when the run before ended after the change
        "2026-03-29T01:30:00Z,2026-03-30T00:30:00Z"
    })
    void firesOnceAtATimeThatTheClocksSkip(Instant time, Instant next) {
        assertThat(CronSchedule.parse("30 2 * * *").nextAfter(time, BERLIN)).isEqualTo(next);
    }

    /** On 25 October 2026 they go from 03:00 back to 02:00, at 01:00 UTC. */
    @ParameterizedTest
    @CsvSource({
        "2026-10-24T23:00:00Z,2026-10-25T00:30:00Z", // the first 02:30
        "2026-10-25T00:30:00Z,2026-10-26T01:30:00Z", // not the second one, at 01:30 UTC
        "2026-10-25T01:10:00Z,2026-10-26T01:30:00Z"
    })
    void firesOnceAtATimeThatTheClocksShowTwice(Instant time, Instant next) {
        assertThat(CronSchedule.parse("30 2 * * *").nextAfter(time, BERLIN)).isEqualTo(next);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-03-29T00:30:00Z,2026-03-29T01:30:00Z", // 01:30 and 03:30: an hour apart
        "2026-10-25T00:30:00Z,2026-10-25T01:30:00Z", // 02:30 and 02:30
        "2026-10-25T01:30:00Z,2026-10-25T02:30:00Z"
    })
    void keepsItsPaceAcrossAChangeWhenItFiresInEveryHour(Instant time, Instant next) {
        assertThat(CronSchedule.parse("30 * * * *").nextAfter(time, BERLIN)).isEqualTo(next);
    }
}
