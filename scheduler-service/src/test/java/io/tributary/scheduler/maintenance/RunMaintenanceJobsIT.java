package io.tributary.scheduler.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.testing.Database;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RunMaintenanceJobsIT {

    private static final Instant START = Instant.parse("2026-04-01T12:00:00Z");
    private static final Duration EVERY = Duration.ofMinutes(5);
    private static final Duration AT_MOST = Duration.ofMinutes(2);

    @AutoClose
    private static final Database database = Database.migrated();

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final Clock clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);
    private final AtomicInteger times = new AtomicInteger();

    @BeforeEach
    void empty() {
        database.deleteAll("scheduler_maintenance");
    }

    @Test
    void runsAJobAtOnceAndThenAtItsTimes() {
        var replica = replica(times::incrementAndGet);

        assertThat(replica.run()).isEqualTo(1);
        assertThat(replica.run()).isZero();
        now.set(START.plus(EVERY));
        assertThat(replica.run()).isEqualTo(1);

        assertThat(times).hasValue(2);
    }

    @Test
    void runsOnOneOfManyReplicas() throws Exception {
        try (var threads = Executors.newCachedThreadPool()) {
            var replicas = threads.invokeAll(IntStream.range(0, 8)
                    .<Callable<Integer>>mapToObj(
                            _ -> () -> replica(times::incrementAndGet).run())
                    .toList());
            for (Future<Integer> replica : replicas) {
                replica.get();
            }
        }

        assertThat(times).hasValue(1);
    }

    @Test
    void storesWhenItRanHowLongItTookAndItsError() {
        replica(() -> {
                    now.set(START.plusMillis(1500));
                    throw new IllegalStateException("the disk is full");
                })
                .run();

        assertThat(database.count("""
            select count(*) from scheduler_maintenance
            where last_started_at = '2026-04-01 12:00Z' and last_finished_at = '2026-04-01 12:00:01.5Z'
              and last_duration_ms = 1500 and last_error like '%the disk is full' and locked_by is null
              and next_at = '2026-04-01 12:05Z'
            """)).isEqualTo(1);
    }

    @Test
    void isStartedByAnotherReplicaWhenItsReplicaDies() {
        replica(() -> {
                    times.incrementAndGet();
                    assertThat(replica(times::incrementAndGet).run()).isZero();
                    // A death leaves the lock as it is; here the other one comes when it has expired.
                    now.set(START.plus(AT_MOST));
                    assertThat(replica(times::incrementAndGet).run()).isEqualTo(1);
                })
                .run();

        assertThat(times).hasValue(2);
        assertThat(database.count(
                        "select count(*) from scheduler_maintenance where locked_by is null and last_error is null"))
                .isEqualTo(1);
    }

    private RunMaintenanceJobs replica(Runnable work) {
        return new RunMaintenanceJobs(
                List.of(new MaintenanceJob("test", EVERY, AT_MOST, work)), database.jdbc(), clock);
    }
}
