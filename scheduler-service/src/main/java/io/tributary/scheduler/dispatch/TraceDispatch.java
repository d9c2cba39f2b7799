package io.tributary.scheduler.dispatch;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.tributary.scheduler.kafka.Publication;
import io.tributary.schemas.Task;
import io.tributary.telemetry.Traceparent;
import io.tributary.telemetry.Traces;
import java.util.ArrayList;
import java.util.List;

/**
 * Records the publication of initial tasks, below the triggers of their runs. The published task belongs under its
 * publication; a task of a trace that is not recorded is published as it is.
 */
public record TraceDispatch(TaskTopic topic, Traces traces) implements TaskTopic {

    @Override
    public List<Publication> publish(List<Task> tasks) {
        if (tasks.stream().noneMatch(task -> traces.record(task.getTraceparent()))) {
            return topic.publish(tasks);
        }
        var spans = new ArrayList<Span>(tasks.size());
        var traced = new ArrayList<Task>(tasks.size());
        for (Task task : tasks) {
            Span span = begin(task);
            spans.add(span);
            traced.add(
                    span.isRecording()
                            ? Task.newBuilder(task)
                                    .setTraceparent(Traceparent.of(span.getSpanContext()))
                                    .build()
                            : task);
        }
        var publications = topic.publish(traced);
        for (int i = 0; i < spans.size(); i++) {
            end(spans.get(i), publications.get(i));
        }
        return publications;
    }

    private Span begin(Task task) {
        return traces.record(task.getTraceparent())
                ? traces.below(task.getTraceparent(), "dispatch", SpanKind.PRODUCER)
                        .setAttribute(Traces.RUN, task.getRunId().toString())
                        .setAttribute(
                                Traces.ACCOUNT, task.getUserIntegrationId().toString())
                        .setAttribute(Traces.DOMAIN, task.getDomain())
                        .startSpan()
                : Span.getInvalid();
    }

    private static void end(Span span, Publication publication) {
        switch (publication) {
            case Publication.Published() -> span.setAttribute(Traces.OUTCOME, "published");
            case Publication.Refused _ ->
                span.setAttribute(Traces.OUTCOME, "refused").setStatus(StatusCode.ERROR);
            case Publication.Postponed _ -> span.setAttribute(Traces.OUTCOME, "postponed");
        }
        span.end();
    }
}
