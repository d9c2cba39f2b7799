package io.tributary.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleRowTest {

    private final List<String> unreadable = new ArrayList<>();

    @Test
    void readsEveryColumn() {
        var row = new ScheduleRow(900, "0 3 * * *", "Europe/Berlin", 30, "queue_one", "none");

        assertThat(schedule(row))
                .isEqualTo(new Schedule(
                        Duration.ofMinutes(15),
                        Cron.parse("0 3 * * *"),
                        ZoneId.of("Europe/Berlin"),
                        Duration.ofSeconds(30),
                        true,
                        false,
                        List.of()));
        assertThat(unreadable).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"edited by hand", "nonsense", "1 2 3", "99 * * * *", "0 0 0 30 2 *"})
    void fallsBackOnTheIntervalWhenTheCronExpressionIsUnusable(String cron) {
        assertThat(schedule(cron, "UTC").cron()).isNull();
        assertThat(unreadable).containsExactly("schedule_cron=" + cron);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void takesABlankCronExpressionForNone(String cron) {
        assertThat(schedule(cron, "UTC").cron()).isNull();
        assertThat(unreadable).isEmpty();
    }

    @Test
    void takesAnUnknownZoneForUtc() {
        assertThat(schedule(null, "Mars/Base").zone()).isEqualTo(ZoneOffset.UTC);
        assertThat(unreadable).containsExactly("schedule_zone=Mars/Base");
    }

    private Schedule schedule(@Nullable String cron, String zone) {
        return schedule(new ScheduleRow(900, cron, zone, null, "skip", "once"));
    }

    private Schedule schedule(ScheduleRow row) {
        return row.schedule(List.of(), (column, value) -> unreadable.add(column + "=" + value));
    }
}
