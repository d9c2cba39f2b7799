package io.tributary.worker.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Limits;
import io.tributary.integrations.api.Quota;
import io.tributary.schemas.Task;
import io.tributary.telemetry.Traceparent;
import io.tributary.telemetry.Traces;
import io.tributary.worker.engine.BegunEffect;
import io.tributary.worker.engine.Outcome;
import io.tributary.worker.engine.TaskExecution;
import io.tributary.worker.engine.TaskLabels;
import io.tributary.worker.testing.InitialTasks;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class TraceExecutionTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00f067aa0ba902b7";
    private static final String SAMPLED = "00-" + TRACE + "-" + PARENT + "-01";
    private static final String NOT_SAMPLED = "00-" + TRACE + "-" + PARENT + "-00";
    private static final Outcome COMPLETED = new Outcome.Completed(
            List.of(new byte[1], new byte[1]), List.of(), JsonObject.EMPTY, List.of(), null, Outcome.Listed.NONE);

    private final InMemorySpanExporter exported = InMemorySpanExporter.create();

    @AutoClose
    private final Traces traces = Traces.to(exported, "worker", 0);

    private final List<Task> executed = new ArrayList<>();

    @Test
    void executesATaskOfATraceThatIsRecordedBelowItsParent() throws InterruptedException {
        Task task = task(SAMPLED);

        execute(task, COMPLETED);

        SpanData span = span();
        assertThat(span.getTraceId()).isEqualTo(TRACE);
        assertThat(span.getParentSpanId()).isEqualTo(PARENT);
        assertThat(span.getName()).isEqualTo("execute greet");
        assertThat(span.getKind()).isEqualTo(SpanKind.CONSUMER);
        assertThat(attribute(span, "tributary.run.id"))
                .isEqualTo(task.getRunId().toString());
        assertThat(attribute(span, "tributary.task.attempt")).isEqualTo("1");
        assertThat(attribute(span, "tributary.outcome")).isEqualTo("completed");
        assertThat(attribute(span, "tributary.outputs")).isEqualTo("2");
        assertThat(executed)
                .as("what it returns belongs below its execution")
                .singleElement()
                .extracting(Task::getTraceparent)
                .isEqualTo(Traceparent.of(span.getSpanContext()));
    }

    @Test
    void executesAnyOtherTaskAsItIs() throws InterruptedException {
        for (String traceparent : new String[] {null, NOT_SAMPLED, "malformed", SAMPLED + "-more"}) {
            Task task = task(traceparent);

            execute(task, COMPLETED);

            assertThat(executed.getLast()).isSameAs(task);
        }
        traces.flush();
        assertThat(exported.getFinishedSpanItems()).isEmpty();
    }

    @Test
    void namesFailuresByTheirCodesAndNotByTheirMessages() throws InterruptedException {
        execute(task(SAMPLED), new Outcome.Failed(Outcome.Kind.PERMANENT, "hello.gone", "The item of Ann is gone."));
        execute(task(SAMPLED), new Outcome.Throttled("hello.quota", "Wait, Ann.", Duration.ofSeconds(1)));

        traces.flush();
        var spans = exported.getFinishedSpanItems();
        assertThat(spans)
                .extracting(span -> attribute(span, "error.type"))
                .containsExactlyInAnyOrder("hello.gone", "hello.quota");
        assertThat(spans)
                .extracting(span -> span.getStatus().getStatusCode())
                .containsExactlyInAnyOrder(StatusCode.ERROR, StatusCode.UNSET);
        assertThat(spans.toString()).doesNotContain("Ann");
    }

    @Test
    void doesNotLetForeignNamesIntoTheNamesOfSpans() throws InterruptedException {
        execute(Task.newBuilder(task(SAMPLED)).setType("made-up").build(), COMPLETED);

        assertThat(span().getName()).isEqualTo("execute other");
    }

    @Test
    void endsTheSpanOfAnInterruptedExecution() {
        var execution = tracing((task, state) -> {
            throw new InterruptedException();
        });

        assertThatThrownBy(() -> execution.execute(task(SAMPLED), null, JsonObject.EMPTY, quota -> {}))
                .isInstanceOf(InterruptedException.class);
        assertThat(attribute(span(), "tributary.outcome")).isEqualTo("interrupted");
    }

    private static Task task(@Nullable String traceparent) {
        return Task.newBuilder(InitialTasks.of(UUID.randomUUID(), "hello", "greet"))
                .setTraceparent(traceparent)
                .build();
    }

    private void execute(Task task, Outcome outcome) throws InterruptedException {
        tracing((given, state) -> {
                    executed.add(given);
                    return outcome;
                })
                .execute(task, null, JsonObject.EMPTY, quota -> {});
    }

    private SpanData span() {
        traces.flush();
        assertThat(exported.getFinishedSpanItems()).hasSize(1);
        return exported.getFinishedSpanItems().getFirst();
    }

    private static @Nullable String attribute(SpanData span, String key) {
        return span.getAttributes().asMap().entrySet().stream()
                .filter(entry -> entry.getKey().getKey().equals(key))
                .map(entry -> entry.getValue().toString())
                .findFirst()
                .orElse(null);
    }

    private interface Work {
        Outcome of(Task task, JsonObject state) throws InterruptedException;
    }

    private TraceExecution tracing(Work work) {
        var execution = new TaskExecution() {
            @Override
            public Outcome execute(Task task, @Nullable BegunEffect effect, JsonObject syncState, Consumer<Quota> quota)
                    throws InterruptedException {
                return work.of(task, syncState);
            }

            @Override
            public Limits limitsOf(String domain) {
                return Limits.DEFAULT;
            }

            @Override
            public void forget(UUID userIntegrationId) {}
        };
        return new TraceExecution(
                execution, new TaskLabels(Map.of("hello", Set.of("greet"))), traces, Clock.systemUTC());
    }
}
