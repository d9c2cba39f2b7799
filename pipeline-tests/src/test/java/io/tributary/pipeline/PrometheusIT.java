package io.tributary.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tributary.standalone.metrics.DocumentedMetrics;
import io.tributary.standalone.metrics.Promtool;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
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
        Optional<Path> program = Promtool.find("prometheus");
        assumeTrue(program.isPresent(), "prometheus is not installed");
        try (var pipeline = new Pipeline("prometheus", folder, Map.of()).startAll()) {
            int port = ServiceProcess.freePort();
            Process prometheus = start(program.get(), folder, port, pipeline);
            try {
                Api api = pipeline.api("ada");
                // A rate needs a series that was scraped before it grows.
                await().atMost(LONG).until(() -> {
                    api.sync(api.connect("hello-world", "hello", Map.of("count", 100), Map.of()), LONG);
                    return !query(port, "sum(rate(tributary_sink_rows_total[1m])) > 0")
                                    .isEmpty()
                            && !query(port, "max(tributary_freshness_seconds) >= 0")
                                    .isEmpty();
                });

                for (String expression : expressions()) {
                    boolean explained = WITHOUT_SERIES.stream().anyMatch(expression::contains);
                    await(expression)
                            .atMost(LONG)
                            .until(() -> explained || !query(port, expression).isEmpty());
                }
                assertThat(alerts(port)).isEmpty();
            } finally {
                prometheus.destroy();
                prometheus.waitFor();
            }
        }
    }

    private static Process start(Path program, Path folder, int port, Pipeline pipeline) throws IOException {
        String targets = Stream.of("scheduler", "worker", "sink")
                .map(service -> "'127.0.0.1:" + pipeline.managementPort(service) + "'")
                .reduce((a, b) -> a + ", " + b)
                .orElseThrow();
        Path config = folder.resolve("prometheus.yml");
        Files.writeString(config, """
            global: {scrape_interval: 1s, evaluation_interval: 1s}
            rule_files: ['%s/deploy/helm/tributary/alerts/*.yaml']
            scrape_configs:
              - job_name: tributary
                metrics_path: /actuator/prometheus
                static_configs: [{targets: [%s]}]
            """.formatted(DocumentedMetrics.root(), targets));
        return new ProcessBuilder(
                        program.toString(),
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + folder.resolve("prometheus"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("prometheus.log").toFile())
                .start();
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

    private static JsonNode query(int port, String expression) {
        return get(port, "/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8))
                .get("data")
                .get("result");
    }

    /** The names of the alerts that fire. */
    private static List<String> alerts(int port) {
        List<String> names = new ArrayList<>();
        for (JsonNode alert : get(port, "/api/v1/alerts").get("data").get("alerts")) {
            if (alert.get("state").asString().equals("firing")) {
                names.add(alert.get("labels").get("alertname").asString());
            }
        }
        return names;
    }

    private static JsonNode get(int port, String path) {
        try {
            var answer = Http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)));
            return answer.statusCode() == 200
                    ? JSON.readTree(answer.body())
                    : JSON.readTree("{\"data\": {\"result\": [], \"alerts\": []}}");
        } catch (IOException e) {
            return JSON.readTree("{\"data\": {\"result\": [], \"alerts\": []}}"); // it does not listen yet
        }
    }
}
