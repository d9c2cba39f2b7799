package io.tributary.scheduler.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.tributary.scheduler.kafka.Publication;
import io.tributary.scheduler.kafka.Publication.Postponed;
import io.tributary.scheduler.kafka.Publication.Published;
import io.tributary.schemas.Task;
import io.tributary.schemas.Trigger;
import io.tributary.telemetry.Traceparent;
import io.tributary.telemetry.Traces;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class TraceDispatchTest {

    private static final String SAMPLED = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final String NOT_SAMPLED = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";

    private final InMemorySpanExporter exported = InMemorySpanExporter.create();

    @AutoClose
    private final Traces traces = Traces.to(exported, "scheduler", 0);

    private final List<Task> published = new ArrayList<>();

    @Test
    void publishesATracedTaskBelowItsDispatchAndOthersAsTheyAre() {
        Task traced = task(SAMPLED);
        Task unrecorded = task(NOT_SAMPLED);
        Task old = task(null);

        var publications = publish(new Published(), List.of(old, traced, unrecorded));

        assertThat(publications).hasSize(3);
        assertThat(published.get(0)).isSameAs(old);
        assertThat(published.get(2)).isSameAs(unrecorded);
        SpanData span = span();
        assertThat(span.getName()).isEqualTo("dispatch");
        assertThat(span.getParentSpanId()).isEqualTo("00f067aa0ba902b7");
        assertThat(span.getAttributes().get(Traces.RUN))
                .isEqualTo(traced.getRunId().toString());
        assertThat(span.getAttributes().get(Traces.OUTCOME)).isEqualTo("published");
        assertThat(published.get(1))
                .isEqualTo(Task.newBuilder(traced)
                        .setTraceparent(Traceparent.of(span.getSpanContext()))
                        .build());
    }

    @Test
    void saysThatATaskIsPublishedAgainLater() {
        publish(new Postponed("the broker does not answer"), List.of(task(SAMPLED)));

        assertThat(span().getAttributes().get(Traces.OUTCOME)).isEqualTo("postponed");
    }

    private List<Publication> publish(Publication result, List<Task> tasks) {
        TaskTopic topic = given -> {
            published.addAll(given);
            return given.stream().map(_ -> result).toList();
        };
        return new TraceDispatch(topic, traces).publish(tasks);
    }

    private SpanData span() {
        traces.flush();
        assertThat(exported.getFinishedSpanItems()).hasSize(1);
        return exported.getFinishedSpanItems().getFirst();
    }

    private static Task task(@Nullable String traceparent) {
        UUID run = UUID.randomUUID();
        return Task.newBuilder()
                .setTaskId(run)
                .setRunId(run)
                .setUserIntegrationId(UUID.randomUUID())
                .setUserId("ann")
                .setDomain("mail")
                .setType("list")
                .setPayload("{}")
                .setTrigger(Trigger.schedule)
                .setOptions("{}")
                .setCreatedAt(Instant.EPOCH)
                .setTraceparent(traceparent)
                .build();
    }
}
