package io.tributary.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.schemas.RunStatus;
import io.tributary.sink.Workload.Sync;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a run under way shows of itself, and what that costs. */
class ProgressIT extends SinkTest {

    @Test
    void isVisibleWithinASecond() {
        var workload = new Workload(database, 1);
        Sync sync = workload.syncs().getFirst();
        Duration fastest = Duration.ofDays(1);
        try (var sink = start()) {
            for (int round = 1; round <= 10; round++) { // the first ones open connections; a busy machine delays others
                workload.send(topics, 20);
                topics.output(sync.userIntegration(), Workload.progress(sync, RunStatus.running));
                topics.flush();
                Instant sent = Instant.now();
                long outputs = round * 20L;
                await().atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> database.count("select count(*) from sync_run where status = 'running'"
                                        + " and outputs = " + outputs + " and outputs_saved = " + outputs)
                                == 1);
                Duration took = Duration.between(sent, Instant.now());
                fastest = took.compareTo(fastest) < 0 ? took : fastest;
            }
        }
        assertThat(fastest).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void costsAnUpdateABatchHoweverOftenTheWorkerTellsIt() {
        var workload = new Workload(database, 1);
        Sync sync = workload.syncs().getFirst();
        for (int i = 0; i < 2_000; i++) {
            workload.send(topics, 1);
            topics.output(sync.userIntegration(), Workload.progress(sync, RunStatus.running));
        }
        workload.end(topics);

        try (var sink = start()) {
            await().atMost(PATIENCE).until(() -> workload.finishedRuns() == 1);
        }

        // A backend tells its numbers when it ends, at the latest.
        await().atMost(PATIENCE).until(() -> updates() > 0);
        assertThat(workload.provenRuns()).isEqualTo(1);
        assertThat(updates()).as("updates of sync_run for 4,000 records").isBetween(1L, 40L);
    }

    private long updates() {
        return database.count("select n_tup_upd from pg_stat_user_tables where relname = 'sync_run'");
    }

    private RunningSink start() {
        return RunningSink.start(database, topics, "sink-" + UUID.randomUUID());
    }
}
