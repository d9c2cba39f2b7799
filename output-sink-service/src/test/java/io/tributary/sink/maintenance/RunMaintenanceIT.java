package io.tributary.sink.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.sink.SinkDatabase;
import io.tributary.sink.outage.Unavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Maintenance jobs that cannot take their step. */
class RunMaintenanceIT {

    private final SinkDatabase database = SinkDatabase.create();
    private final List<String> taken = new ArrayList<>();

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void oneRefusedStepDoesNotStopTheOtherJobs() {
        run(failing(new IllegalStateException("a bug")));

        assertThat(taken).contains("orphans", "retention");
        assertThat(database.owner()
                        .queryForObject("select last_error from sink_maintenance where name = 'orphans'", String.class))
                .isEqualTo("java.lang.IllegalStateException");
    }

    @Test
    void anOutageOfTheContentStoreDoesNotStopTheOtherJobs() {
        run(failing(new Unavailable("content store", "away", new IllegalStateException())));

        assertThat(taken).contains("orphans", "retention");
    }

    @Test
    void anOutageOfPostgresStopsAll() {
        var outage = new Unavailable("postgres", "away", new IllegalStateException());

        assertThatThrownBy(() -> run(failing(outage))).isSameAs(outage);
    }

    private void run(MaintenanceJob first) {
        database.owner()
                .update("update sink_maintenance set due_at = now() - interval '1 minute' where name = 'orphans'");
        var maintenance = new RunMaintenance(
                new MaintenanceTable(database.postgres(), UUID.randomUUID()), List.of(first, job("retention", null)));
        while (maintenance.take(() -> false)) {
            // until no job is due
        }
    }

    private MaintenanceJob failing(RuntimeException failure) {
        return job("orphans", failure);
    }

    private MaintenanceJob job(String name, @Nullable RuntimeException failure) {
        return new MaintenanceJob() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Duration every() {
                return Duration.ofHours(1);
            }

            @Override
            public Step step(@Nullable String position) {
                taken.add(name);
                if (failure != null) {
                    throw failure;
                }
                return new Step(null, 0);
            }
        };
    }
}
