package io.tributary.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Windows equal an oracle that steps through the minutes, around the changes of clocks. In a gap, a time that does not
 * exist is as much later as the clocks are put forward; of a time that comes twice, the first one counts.
 */
class PauseWindowOracleTest {

    private static final List<ZoneId> ZONES = List.of(
            ZoneId.of("Europe/Berlin"),
            ZoneId.of("America/New_York"),
            ZoneId.of("Australia/Lord_Howe"), // half an hour
            ZoneId.of("America/Sao_Paulo"), // at midnight, until 2019
            ZoneId.of("Asia/Kathmandu"),
            ZoneOffset.UTC);

    private static final int CASES = 400;

    @Test
    void equalsAnOracleAroundTheChangesOfClocks() {
        long seed = Long.getLong("schedule.seed", System.nanoTime());
        System.out.println("schedule.seed=" + seed);
        var random = new Random(seed);
        for (int i = 0; i < CASES; i++) {
            ZoneId zone = ZONES.get(random.nextInt(ZONES.size()));
            List<PauseWindow> windows = windows(random);
            Instant time = near(zone, random);

            assertThat(PauseWindow.endOfAll(windows, time, zone))
                    .as("%s at %s in %s", windows, time, zone)
                    .isEqualTo(oracle(windows, time, zone));
        }
    }

    private static Optional<Instant> oracle(List<PauseWindow> windows, Instant time, ZoneId zone) {
        Instant minute = time;
        while (isInAny(windows, minute, zone)) {
            minute = minute.plus(1, ChronoUnit.MINUTES).truncatedTo(ChronoUnit.MINUTES);
        }
        return minute.equals(time) ? Optional.empty() : Optional.of(minute);
    }

    private static boolean isInAny(List<PauseWindow> windows, Instant time, ZoneId zone) {
        LocalDate today = time.atZone(zone).toLocalDate();
        for (PauseWindow window : windows) {
            for (LocalDate day = today.minusDays(2); !day.isAfter(today.plusDays(1)); day = day.plusDays(1)) {
                boolean begins = window.days().isEmpty() || window.days().contains(day.getDayOfWeek());
                LocalDate last = window.to().isAfter(window.from()) ? day : day.plusDays(1);
                if (begins
                        && !time.isBefore(instant(day.atTime(window.from()), zone))
                        && time.isBefore(instant(last.atTime(window.to()), zone))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static Instant instant(LocalDateTime time, ZoneId zone) {
        List<ZoneOffset> offsets = zone.getRules().getValidOffsets(time);
        return time.toInstant(
                offsets.isEmpty() ? zone.getRules().getTransition(time).getOffsetBefore() : offsets.getFirst());
    }

    private static List<PauseWindow> windows(Random random) {
        List<PauseWindow> windows = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(3); i++) {
            Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
            for (DayOfWeek day : DayOfWeek.values()) {
                if (random.nextInt(3) == 0) {
                    days.add(day);
                }
            }
            LocalTime from = time(random);
            // Three of these never cover a whole day, so each pause ends.
            windows.add(new PauseWindow(days, from, from.plusMinutes(30 + 30 * random.nextInt(14))));
        }
        return windows;
    }

    private static LocalTime time(Random random) {
        return LocalTime.of(random.nextInt(24), 30 * random.nextInt(2));
    }

    /** A time within a day of a change of clocks, if the zone has one. */
    private static Instant near(ZoneId zone, Random random) {
        Instant any = Instant.parse("2015-01-01T00:00:00Z").plus(random.nextInt(5 * 365), ChronoUnit.DAYS);
        ZoneOffsetTransition change = zone.getRules().nextTransition(any);
        Instant around = change == null ? any : change.getInstant();
        return around.plusSeconds(random.nextInt(2 * 86_400) - 86_400);
    }
}
