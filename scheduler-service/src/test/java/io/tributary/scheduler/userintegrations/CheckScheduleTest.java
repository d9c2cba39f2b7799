package io.tributary.scheduler.userintegrations;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.http.Violation;
import io.tributary.scheduler.http.Violations;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckScheduleTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 15, 525_600})
    void takesAnIntervalInItsRange(int minutes) {
        assertThat(check(minutes, null)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, 0, 525_601})
    void refusesAnIntervalOutOfItsRange(int minutes) {
        assertThat(check(minutes, null)).extracting(Violation::path).containsExactly("/pollIntervalMinutes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*/5 * * * *", "0 */5 * * * *", "0 3 * * MON-FRI"})
    void takesACronExpression(String cron) {
        assertThat(check(null, cron)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "tomorrow", "* * *", "0 0 31 2 *", "\0"})
    void refusesWhatIsNoCronExpression(String cron) {
        assertThat(check(null, cron)).extracting(Violation::path).containsExactly("/scheduleCron");
    }

    @Test
    void refusesACronExpressionWithoutEnd() {
        assertThat(check(null, "1,".repeat(1000) + "1 * * * *"))
                .extracting(Violation::message)
                .containsExactly("must have 1 to 200 characters");
    }

    @Test
    void refusesTwoSchedulesAtOnce() {
        assertThat(check(5, "*/5 * * * *"))
                .extracting(Violation::message)
                .containsExactly("cannot go with pollIntervalMinutes: give one of them");
    }

    @Test
    void takesNone() {
        assertThat(check(null, null)).isEmpty();
    }

    private static List<Violation> check(@Nullable Integer minutes, @Nullable String cron) {
        var violations = new Violations();
        CheckSchedule.check(minutes, cron, violations);
        return violations.found();
    }
}
