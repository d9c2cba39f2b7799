package io.tributary.scheduler.schedules;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.http.Violation;
import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.schedules.ScheduleRules.PauseHours;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckScheduleTest {

    private static final Duration MIN_CRON_GAP = Duration.ofSeconds(10);

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

    @ParameterizedTest
    @ValueSource(strings = {"* * * * * *", "*/5 * * * * *", "0,3 0 3 * * *", "*/7 * * * * *"})
    void refusesACronExpressionThatFiresTooOften(String cron) {
        assertThat(check(null, cron)).extracting(Violation::path).containsExactly("/scheduleCron");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*/10 * * * * *", "0,30 * * * * *", "* * * * *"})
    void takesACronExpressionThatKeepsTheShortestTime(String cron) {
        assertThat(check(null, cron)).isEmpty();
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

    @Test
    void takesWhateverElseASchedulePermits() {
        var windows = List.of(
                new PauseHours(List.of("SATURDAY", "SUNDAY"), "00:00", "00:00"),
                new PauseHours(null, "22:00", "06:00"));

        assertThat(check(new ScheduleSettings(
                        10, new ScheduleRules(null, "Europe/Berlin", 0, "queue_one", "none", windows))))
                .isEmpty();
    }

    @Test
    void namesAllThatIsWrongByItsPath() {
        var windows = List.of(new PauseHours(List.of("someday"), "25:00", null));

        assertThat(check(new ScheduleSettings(
                        9, new ScheduleRules("tomorrow", "Mars/Base", -1, "queue", "twice", windows))))
                .extracting(Violation::path)
                .containsExactly(
                        "/schedules/presence/scheduleCron",
                        "/schedules/presence/intervalSeconds",
                        "/schedules/presence/scheduleCron",
                        "/schedules/presence/scheduleZone",
                        "/schedules/presence/jitterSeconds",
                        "/schedules/presence/overlap",
                        "/schedules/presence/catchUp",
                        "/schedules/presence/pauseWindows/0/from",
                        "/schedules/presence/pauseWindows/0/to",
                        "/schedules/presence/pauseWindows/0/days");
    }

    private static List<Violation> check(ScheduleSettings settings) {
        var violations = new Violations();
        CheckSchedule.check("presence", settings, MIN_CRON_GAP, violations);
        return violations.found();
    }

    private static List<Violation> check(@Nullable Integer minutes, @Nullable String cron) {
        var violations = new Violations();
        CheckSchedule.check(minutes, new ScheduleRules(cron, null, null, null, null, null), MIN_CRON_GAP, violations);
        return violations.found();
    }
}
