package io.tributary.pipeline;

import io.tributary.standalone.metrics.DocumentedMetrics;
import io.tributary.standalone.metrics.Promtool;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real Prometheus that scrapes the services of a pipeline each second and has the alerts of the chart. */
final class Prometheus implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Path ALERTS = DocumentedMetrics.root().resolve("deploy/helm/tributary/alerts/tributary.yaml");

    private final Process process;
    private final int port;

    private Prometheus(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts one; empty when it is not installed. */
    static Optional<Prometheus> start(Path folder, Pipeline pipeline) throws IOException {
        return start(folder, pipeline, ALERTS);
    }

    /** Starts one whose alerts fire as soon as their expression is true. */
    static Optional<Prometheus> startWithoutPatience(Path folder, Pipeline pipeline) throws IOException {
        Path alerts = folder.resolve("alerts.yaml");
        Files.writeString(alerts, Files.readString(ALERTS).replaceAll("(?m)^( *for:) .*$", "$1 0s"));
        return start(folder, pipeline, alerts);
    }

    private static Optional<Prometheus> start(Path folder, Pipeline pipeline, Path alerts) throws IOException {
        Optional<Path> program = Promtool.find("prometheus");
        if (program.isEmpty()) {
            return Optional.empty();
        }
        int port = ServiceProcess.freePort();
        String targets = Stream.of("scheduler", "worker", "sink")
                .map(service -> "'127.0.0.1:" + pipeline.managementPort(service) + "'")
                .reduce((a, b) -> a + ", " + b)
                .orElseThrow();
        Path config = folder.resolve("prometheus.yml");
        Files.writeString(config, """
            global: {scrape_interval: 1s, evaluation_interval: 1s}
            rule_files: ['%s']
            scrape_configs:
              - job_name: tributary
                metrics_path: /actuator/prometheus
                static_configs: [{targets: [%s]}]
            """.formatted(alerts, targets));
        Process process = new ProcessBuilder(
                        program.get().toString(),
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + folder.resolve("prometheus"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("prometheus.log").toFile())
                .start();
        return Optional.of(new Prometheus(process, port));
    }

    /** Whether an expression has a value now. */
    boolean has(String expression) {
        return !query(expression).isEmpty();
    }

    /** The series of an expression now; none while it does not listen yet. */
    JsonNode query(String expression) {
        return get("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8))
                .get("data")
                .get("result");
    }

    /** The names of the alerts that have fired for as long as they ask for. */
    List<String> firing() {
        List<String> names = new ArrayList<>();
        for (JsonNode alert : get("/api/v1/alerts").get("data").get("alerts")) {
            if (alert.get("state").asString().equals("firing")) {
                names.add(alert.get("labels").get("alertname").asString());
            }
        }
        return names;
    }

    private JsonNode get(String path) {
        try {
            var answer = Http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)));
            return answer.statusCode() == 200 ? JSON.readTree(answer.body()) : nothing();
        } catch (IOException e) {
            return nothing();
        }
    }

    private static JsonNode nothing() {
        return JSON.readTree("{\"data\": {\"result\": [], \"alerts\": []}}");
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        process.waitFor();
    }
}
