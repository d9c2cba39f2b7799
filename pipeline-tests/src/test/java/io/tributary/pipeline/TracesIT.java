package io.tributary.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.pipeline.OtlpReceiver.Received;
import io.tributary.pipeline.steps.StepsIntegration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The trace of a run, from a request through all services to a collector, and in the lines of their logs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TracesIT {

    private static final Duration SOON = Duration.ofMinutes(5);
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String CALLER = "00f067aa0ba902b7";
    private static final String SECRET = "Bearer secret-of-the-collector";

    private final OtlpReceiver receiver = new OtlpReceiver();
    private Pipeline pipeline;
    private Path folder;

    @SuppressWarnings("NullAway.Init") // start() sets them
    TracesIT() {}

    @BeforeAll
    void start(@TempDir Path folder) {
        this.folder = folder;
        pipeline = new Pipeline(
                        "traces",
                        folder,
                        Map.of(
                                "TRIBUTARY_TRACING_ENDPOINT",
                                        receiver.endpoint().toString(),
                                "TRIBUTARY_TRACING_SAMPLING", "0",
                                "TRIBUTARY_TRACING_HEADERS_AUTHORIZATION", SECRET,
                                "LOGGING_STRUCTURED_FORMAT_CONSOLE", "ecs",
                                "LOGGING_LEVEL_IO_TRIBUTARY", "debug"))
                .withPlugin(PluginJar.pack(folder, StepsIntegration.class));
        pipeline.startAll();
    }

    @AfterAll
    void stop() {
        pipeline.close();
        receiver.close();
    }

    @Test
    void oneTraceHasTheRunFromTheRequestToTheRowsAcrossARestartOfTheWorker() throws IOException {
        String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        Api api = pipeline.api("ada");
        Path gate = folder.resolve("gate-of-ada");
        String account = connect(api, gate);
        Files.delete(gate);
        String run = trigger(api, account, "00-" + trace + "-" + CALLER + "-01");
        await().atMost(SOON)
                .until(() -> receiver.spans(trace).stream()
                        .anyMatch(span -> "throttled".equals(span.attribute("tributary.outcome"))));
        pipeline.process("worker").close();
        pipeline.startWorker();
        Files.createFile(gate);

        JsonNode ended = api.awaitEnd(run, SOON);
        await().atMost(SOON).until(() -> !named(trace, "complete").isEmpty());
        await().atMost(SOON).until(() -> completed(trace).size() == StepsIntegration.STEPS);

        assertThat(ended.get("status").asString()).isEqualTo("succeeded");
        Received request = only(trace, "POST /v1/user-integrations/{id}/trigger");
        Received trigger = only(trace, "trigger manual");
        Received dispatch = only(trace, "dispatch");
        assertThat(request.parent()).isEqualTo(CALLER);
        assertThat(trigger.parent()).isEqualTo(request.id());
        assertThat(dispatch.parent()).isEqualTo(trigger.id());
        assertThat(List.of(request, trigger, dispatch))
                .extracting(Received::service)
                .containsOnly("tributary-scheduler");

        List<Received> steps = completed(trace);
        String parent = dispatch.id();
        for (int number = 0; number < StepsIntegration.STEPS; number++) {
            String expected = parent;
            Received step = steps.stream()
                    .filter(each -> each.parent().equals(expected))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no step below " + expected + ": " + steps));
            assertThat(step.service()).isEqualTo("task-worker");
            assertThat(step.name()).isEqualTo("execute step");
            parent = step.id();
        }
        String waitsBelow = below(steps, dispatch.id(), StepsIntegration.WAITS);
        assertThat(receiver.spans(trace))
                .filteredOn(span -> "throttled".equals(span.attribute("tributary.outcome")))
                .isNotEmpty()
                .allSatisfy(span -> {
                    assertThat(span.parent()).isEqualTo(waitsBelow);
                    assertThat(span.attribute("error.type")).isEqualTo("steps.closed");
                });

        List<Received> writes = named(trace, "write");
        assertThat(writes).isNotEmpty().allSatisfy(span -> {
            assertThat(span.service()).isEqualTo("output-sink");
            assertThat(span.parent()).isEqualTo(trigger.id());
        });
        assertThat(writes.stream().flatMap(span -> span.links().stream()))
                .containsExactlyInAnyOrderElementsOf(
                        steps.stream().map(Received::id).toList());
        Received complete = only(trace, "complete");
        assertThat(complete.parent()).isEqualTo(trigger.id());
        assertThat(complete.attribute("tributary.outcome")).isEqualTo("succeeded");

        assertThat(receiver.spans(trace)).filteredOn(span -> span != request).allSatisfy(span -> {
            assertThat(span.attribute("tributary.run.id")).isEqualTo(run);
            assertThat(span.attribute("tributary.user_integration.id")).isEqualTo(account);
        });
        assertThat(receiver.spans(trace))
                .allSatisfy(span -> assertThat(span.text())
                        .doesNotContain(gate.getFileName().toString(), "item of", "secret"));
        assertThat(receiver.authorizations()).containsExactly(SECRET);
        assertLines(trace, account, run);
    }

    /** The lines of each service have the code, the keys and the ids as fields. */
    private void assertLines(String trace, String account, String run) {
        JsonNode asked = line("scheduler", "audit.changeRequested", trace);
        assertThat(asked.get("requestId").asString()).isNotEmpty();
        assertThat(asked.get("entry").isNumber()).isTrue();
        assertThat(asked.get("action").asString()).isNotEmpty();
        assertThat(asked.at("/service/name").asString()).isEqualTo("tributary-scheduler");

        JsonNode created = line("scheduler", "polling.taskCreated", trace);
        assertThat(created.get("runId").asString()).isEqualTo(run);
        assertThat(created.get("domain").asString()).isEqualTo(StepsIntegration.DOMAIN);

        JsonNode logged = line("worker", "integration.logged", trace);
        assertThat(logged.get("runId").asString()).isEqualTo(run);
        assertThat(logged.get("taskId").asString()).isNotEmpty();
        assertThat(logged.get("userIntegrationId").asString()).isEqualTo(account);
        assertThat(logged.get("taskType").asString()).isEqualTo("step");
        assertThat(logged.get("attempt").asInt()).isOne();
        assertThat(logged.get("message").asString()).contains("step ");
        JsonNode throttled = line("worker", "worker.throttled", trace);
        assertThat(throttled.get("code").asString()).isEqualTo("steps.closed");

        JsonNode over = line("sink", "sink.runEnded", trace);
        assertThat(over.get("runId").asString()).isEqualTo(run);
        assertThat(over.get("userIntegrationId").asString()).isEqualTo(account);
        assertThat(over.get("outputs").asInt()).isEqualTo(StepsIntegration.STEPS);
        assertThat(over.at("/log/level").asString()).isEqualTo("INFO");
        for (String service : List.of("scheduler", "worker", "sink")) {
            assertThat(pipeline.process(service).log()).as(service).doesNotContain("secret-of-the-collector");
        }
    }

    @Test
    void recordsNothingOfATraceThatTheCallerDoesNotRecordAndKeepsItsIdInTheLines() throws IOException {
        String trace = "0af7651916cd43dd8448eb211c80319c";
        Api api = pipeline.api("blaise");
        String account = connect(api, folder.resolve("gate-of-blaise"));
        String run = trigger(api, account, "00-" + trace + "-" + CALLER + "-00");
        api.awaitEnd(run, SOON);

        await().atMost(SOON).until(() -> lines("sink", "sink.runEnded", trace).size() == 1);
        assertThat(lines("worker", "integration.logged", trace)).hasSize(StepsIntegration.STEPS);
        assertThat(traceparentOf(run)).startsWith("00-" + trace + "-").endsWith("-00");
        assertThat(receiver.spans(trace)).isEmpty();
    }

    @Test
    void beginsATraceOfItsOwnWhereTheHeaderIsMalformed() throws IOException {
        Api api = pipeline.api("carl");
        String account = connect(api, folder.resolve("gate-of-carl"));
        String run = trigger(api, account, "00-" + "a".repeat(4_000) + "-" + CALLER + "-01");
        api.awaitEnd(run, SOON);

        assertThat(traceparentOf(run)).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00");
    }

    /** Connects an account and waits for the end of its first run, which its schedule triggers. */
    private static String connect(Api api, Path gate) throws IOException {
        Files.createFile(gate);
        String account =
                api.connect(StepsIntegration.DOMAIN, "steps", Map.of(StepsIntegration.GATE, gate.toString()), Map.of());
        String runs = "/v1/sync-runs?userIntegrationId=" + account;
        await().atMost(SOON)
                .until(() -> api.get(runs)
                        .body()
                        .get("items")
                        .valueStream()
                        .anyMatch(run -> run.get("status").asString().equals("succeeded")));
        return account;
    }

    private static String trigger(Api api, String account, String traceparent) {
        var answer =
                api.post("/v1/user-integrations/" + account + "/trigger", Map.of(), Map.of("traceparent", traceparent));
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(202);
        return answer.body().get("runId").asString();
    }

    private String traceparentOf(String run) {
        return pipeline.database()
                .sql("select traceparent from sync_run where id = ?::uuid")
                .param(run)
                .query(String.class)
                .single();
    }

    private List<Received> named(String trace, String name) {
        return receiver.spans(trace).stream()
                .filter(span -> span.name().equals(name))
                .toList();
    }

    private Received only(String trace, String name) {
        List<Received> found = named(trace, name);
        assertThat(found).as("%s among %s", name, receiver.spans(trace)).hasSize(1);
        return found.getFirst();
    }

    private List<Received> completed(String trace) {
        return named(trace, "execute step").stream()
                .filter(span -> "completed".equals(span.attribute("tributary.outcome")))
                .toList();
    }

    /** The id of the span that a step is below. */
    private static String below(List<Received> steps, String dispatch, int number) {
        return IntStream.range(0, number)
                .boxed()
                .reduce(
                        dispatch,
                        (parent, _) -> steps.stream()
                                .filter(step -> step.parent().equals(parent))
                                .findFirst()
                                .orElseThrow()
                                .id(),
                        (_, last) -> last);
    }

    private JsonNode line(String service, String code, String trace) {
        return lines(service, code, trace).stream()
                .findFirst()
                .orElseThrow(() -> new AssertionError("no line of " + service + " with " + code + " and " + trace));
    }

    private List<JsonNode> lines(String service, String code, String trace) {
        return pipeline.process(service)
                .log()
                .lines()
                .filter(line -> line.startsWith("{") && line.contains(code))
                .map(TracesIT::parsed)
                .filter(line -> code.equals(line.at("/event/code").asString()))
                .filter(line -> trace.equals(line.path("traceId").asString("")))
                .toList();
    }

    private static JsonNode parsed(String line) {
        try {
            return JSON.readTree(line);
        } catch (JacksonException e) {
            throw new AssertionError("not JSON: " + line, e);
        }
    }
}
