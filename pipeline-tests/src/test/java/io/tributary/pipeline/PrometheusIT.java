package io.tributary.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tributary.standalone.metrics.DocumentedMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real Prometheus with the alerts of the chart, and the dashboards' expressions, after a real sync. */
class PrometheusIT {

    private static final Duration LONG = Duration.ofMinutes(3);
    private static final JsonMapper JSON = JsonMapper.shared();

    /** No token was renewed, and hello-world sends no requests. */
    private static final List<String> WITHOUT_SERIES =
            List.of("tributary_worker_token_refreshes_total", "tributary_worker_http_seconds");

    @Test
    void answersEveryExpressionOfTheDashboardsAndFiresNoAlert(@TempDir Path folder) throws Exception {
        try (var pipeline = new Pipeline("prometheus", folder, Map.of())) {
            Optional<Prometheus> started = Prometheus.start(folder, pipeline);
            assumeTrue(started.isPresent(), "prometheus is not installed");
            try (var prometheus = started.get()) {
                pipeline.startAll();
                Api api = pipeline.api("ada");
                // A rate needs a series that was scraped before it grows.
                await().atMost(LONG).until(() -> {
                    api.sync(api.connect("hello-world", "hello", Map.of("count", 100), Map.of()), LONG);
                    return prometheus.has("sum(rate(tributary_sink_rows_total[1m])) > 0")
                            && prometheus.has("max(tributary_freshness_seconds) >= 0");
                });

                for (String expression : expressions()) {
                    boolean explained = WITHOUT_SERIES.stream().anyMatch(expression::contains);
                    await(expression).atMost(LONG).until(() -> explained || prometheus.has(expression));
                }
                assertThat(prometheus.firing()).isEmpty();
            }
        }
    }

    private static List<String> expressions() throws IOException {
        List<String> expressions = new ArrayList<>();
        try (Stream<Path> dashboards =
                Files.list(DocumentedMetrics.root().resolve("deploy/helm/tributary/dashboards"))) {
            for (Path dashboard : dashboards.sorted().toList()) {
                for (JsonNode panel : JSON.readTree(Files.readString(dashboard)).get("panels")) {
                    for (JsonNode target : panel.get("targets")) {
                        expressions.add(target.get("expr")
                                .asString()
                                .replace("$__rate_interval", "1m")
                                .replace("$domain", ".*"));
                    }
                }
            }
        }
        assertThat(expressions).hasSizeGreaterThan(40);
        return expressions;
    }
}
