package io.tributary.pipeline.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.pipeline.bench.KeepSchedules.Load;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Fault: schedulers end by signal 9 and by signal 15, in turn, while user integrations fall due. Guarantees:
 * NoneSkipped, NoneDoubled, and StopsInTime: one that is asked to stop has stopped within half a minute.
 */
class SchedulersEndIT {

    private static final int REPLICAS = 2;
    private static final Load LOAD = new Load(2_000, 40, Duration.ofSeconds(24), Duration.ofSeconds(6));

    @Test
    void skipsNoneAndDoublesNone(@TempDir Path folder) throws InterruptedException {
        try (var lab = Lab.open(folder, List.of());
                var replicas = Replicas.on(lab, "ends", REPLICAS);
                var schedules = Schedules.insert(lab, replicas.topics(), LOAD)) {
            replicas.awaitReady();
            Instant begin = Instant.now().plusSeconds(2);
            schedules.begin(begin);

            Instant end = begin.plus(LOAD.duration());
            int ended = 0;
            for (Instant next = begin; next.isBefore(end); next = next.plus(LOAD.killEvery())) {
                KeepSchedules.sleepUntil(next);
                if (ended % 2 == 0) {
                    replicas.stopAndStartAgain(ended % REPLICAS);
                } else {
                    replicas.killAndStartAgain(ended % REPLICAS);
                }
                ended++;
            }
            schedules.awaitAll(Duration.ofMinutes(2));

            assertThat(ended).isGreaterThan(2);
            assertThat(schedules.skipped()).as("NoneSkipped").isZero();
            assertThat(schedules.doubled()).as("NoneDoubled").isZero();
            assertThat(schedules.latenessMillis()).hasSize(2 * LOAD.active());
        }
    }
}
