package io.tributary.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.schedule.Schedule.Decision;
import io.tributary.schedule.Schedule.Decision.PostponeUntil;
import io.tributary.schedule.Schedule.Decision.Start;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ScheduleTest {

    /** A Wednesday. */
    private static final Instant NOON = Instant.parse("2026-04-01T12:00:00Z");

    private static final PauseWindow NIGHT = new PauseWindow(Set.of(), LocalTime.of(22, 0), LocalTime.of(6, 0));

    @Test
    void isDueAnIntervalAfterTheLastRun() {
        assertThat(schedule(null).nextAfter(NOON)).isEqualTo("2026-04-01T12:15:00Z");
    }

    @Test
    void isDueWhenItsCronExpressionSaysSo() {
        assertThat(schedule("0 * * * *").nextAfter(NOON)).isEqualTo("2026-04-01T13:00:00Z");
    }

    @Test
    void startsWhatIsDueHoweverLateWhereItCatchesUp() {
        assertThat(schedule(null).decide(NOON.minus(Duration.ofDays(3)), NOON)).isEqualTo(new Start());
    }

    @Test
    void waitsForTheNextTimeOfWhatWasMissedWhereItDoesNotCatchUp() {
        var schedule = new Schedule(
                Duration.ofMinutes(15), Cron.parse("0 3 * * *"), ZoneOffset.UTC, null, false, false, List.of());

        assertThat(schedule.decide(NOON.minus(Duration.ofHours(9)), NOON))
                .isEqualTo(new PostponeUntil(Instant.parse("2026-04-02T03:00:00Z")));
        assertThat(schedule.decide(NOON.minus(Schedule.MISSED), NOON)).isEqualTo(new Start());
    }

    @Test
    void holdsBackUntilTheEndOfAPauseWindowByTheClocksOfItsZone() {
        var schedule = paused(ZoneId.of("Europe/Berlin"), NIGHT);

        assertThat(decide(schedule, "2026-04-01T19:59:59Z")).isEqualTo(new Start());
        assertThat(decide(schedule, "2026-04-01T20:00:00Z")).isEqualTo(postponeUntil("2026-04-02T04:00:00Z"));
        assertThat(decide(schedule, "2026-04-02T03:59:59Z")).isEqualTo(postponeUntil("2026-04-02T04:00:00Z"));
        assertThat(decide(schedule, "2026-04-02T04:00:00Z")).isEqualTo(new Start());
    }

    @Test
    void holdsBackThroughWindowsThatFollowEachOther() {
        var weekend =
                new PauseWindow(Set.of(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY), LocalTime.MIDNIGHT, LocalTime.MIDNIGHT);
        var schedule = paused(ZoneOffset.UTC, NIGHT, weekend);

        // Friday night, Saturday, Sunday, and the night that Sunday ends in.
        assertThat(decide(schedule, "2026-04-03T23:00:00Z")).isEqualTo(postponeUntil("2026-04-06T06:00:00Z"));
        assertThat(decide(schedule, "2026-04-03T12:00:00Z")).isEqualTo(new Start());
    }

    @Test
    void endsEachTimeWhereWindowsNeverDo() {
        var always = new PauseWindow(Set.of(), LocalTime.MIDNIGHT, LocalTime.MIDNIGHT);

        assertThat(decide(paused(ZoneOffset.UTC, always), "2026-04-01T12:00:00Z"))
                .isEqualTo(postponeUntil("2026-05-21T00:00:00Z"));
    }

    private static Schedule schedule(@Nullable String cron) {
        return new Schedule(
                Duration.ofMinutes(15),
                cron == null ? null : Cron.parse(cron),
                ZoneOffset.UTC,
                null,
                false,
                true,
                List.of());
    }

    private static Schedule paused(ZoneId zone, PauseWindow... windows) {
        return new Schedule(Duration.ofMinutes(15), null, zone, null, false, true, List.of(windows));
    }

    private static Decision decide(Schedule schedule, String now) {
        return schedule.decide(Instant.parse(now), Instant.parse(now));
    }

    private static PostponeUntil postponeUntil(String time) {
        return new PostponeUntil(Instant.parse(time));
    }
}
