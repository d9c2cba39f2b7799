package io.tributary.scheduler.polling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CronScheduleTest {

    private static final Instant NOON = Instant.parse("2026-04-01T12:00:00Z");

    @Test
    void takesFiveFieldsAsOfEveryFullMinute() {
        assertThat(CronSchedule.parse("*/2 * * * *").nextAfter(NOON)).isEqualTo("2026-04-01T12:02:00Z");
    }

    @Test
    void takesTheSecondAsAnOptionalFirstField() {
        assertThat(CronSchedule.parse("30 */2 * * * *").nextAfter(NOON)).isEqualTo("2026-04-01T12:00:30Z");
    }

    @Test
    void readsHoursInUtc() {
        assertThat(CronSchedule.parse("0 3 * * *").nextAfter(NOON)).isEqualTo("2026-04-02T03:00:00Z");
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
}
