package io.tributary.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.standalone.metrics.DocumentedMetrics;
import io.tributary.standalone.metrics.Promtool;
import io.tributary.standalone.metrics.Scrape;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The metrics after real work. */
class MetricsIT extends SinkTest {

    @Test
    void servesTheMetricsThatAreDocumented() throws Exception {
        var workload = new Workload(database, 3);
        try (var sink = RunningSink.start(database, topics, group)) {
            workload.send(topics, 100);
            workload.end(topics);
            await().atMost(PATIENCE).until(() -> workload.finishedRuns() == 3 && topics.isReadToTheEnd(group));

            Scrape scrape = Scrape.of(sink.managementPort());

            assertThat(scrape.sum("tributary_sink_rows_total", "effect", "inserted"))
                    .isEqualTo(300);
            assertThat(scrape.sum("tributary_sink_run_seconds_count", "outcome", "succeeded"))
                    .isEqualTo(3);
            assertThat(scrape.sum("tributary_sink_completion_lag_seconds_count"))
                    .isEqualTo(3);
            assertThat(scrape.sum("tributary_sink_records_total")).isGreaterThanOrEqualTo(303);
            assertThat(scrape.sum("tributary_sink_batch_seconds_count")).isPositive();
            assertThat(scrape.families()).containsKeys("hikaricp_connections", "jvm_memory_used_bytes");
            assertThat(DocumentedMetrics.rowsOf("Sink")).isEqualTo(DocumentedMetrics.rowsFor(scrape));
            Optional<Promtool> promtool = Promtool.installed();
            if (promtool.isPresent()) {
                assertThat(promtool.get().lint(scrape)).isEmpty();
            }
        }
    }
}
