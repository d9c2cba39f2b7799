package io.tributary.worker.execution;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Limits;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.Quota;
import io.tributary.schemas.Task;
import io.tributary.telemetry.Traceparent;
import io.tributary.telemetry.Traces;
import io.tributary.worker.engine.BegunEffect;
import io.tributary.worker.engine.Outcome;
import io.tributary.worker.engine.TaskExecution;
import io.tributary.worker.engine.TaskLabels;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Records executions of tasks whose trace is recorded, each below the execution of its parent task or the dispatch of
 * the run. What the task returns belongs under its execution. A task of another trace costs a look at its text.
 */
public record TraceExecution(TaskExecution execution, TaskLabels labels, Traces traces, Clock clock)
        implements TaskExecution {

    private static final AttributeKey<String> TASK = AttributeKey.stringKey("tributary.task.id");
    private static final AttributeKey<String> TYPE = AttributeKey.stringKey("tributary.task.type");
    private static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("tributary.task.attempt");
    /** Milliseconds from the creation of the task, or of its attempt, to the beginning of this one. */
    private static final AttributeKey<Long> WAITED = AttributeKey.longKey("tributary.task.waited_ms");

    private static final AttributeKey<Long> OUTPUTS = AttributeKey.longKey("tributary.outputs");
    private static final AttributeKey<Long> FOLLOW_UPS = AttributeKey.longKey("tributary.follow_ups");

    @Override
    public Outcome execute(Task task, @Nullable BegunEffect effect, JsonObject syncState, Consumer<Quota> quota)
            throws InterruptedException {
        if (!traces.record(task.getTraceparent())) {
            return execution.execute(task, effect, syncState, quota);
        }
        Span span = begin(task);
        try {
            Task traced = Task.newBuilder(task)
                    .setTraceparent(Traceparent.of(span.getSpanContext()))
                    .build();
            Outcome outcome = execution.execute(traced, effect, syncState, quota);
            describe(span, outcome);
            return outcome;
        } catch (InterruptedException e) {
            span.setAttribute(Traces.OUTCOME, "interrupted").setStatus(StatusCode.ERROR);
            throw e;
        } catch (RuntimeException | Error e) {
            span.setAttribute(Traces.OUTCOME, "broken").setStatus(StatusCode.ERROR);
            throw e;
        } finally {
            span.end();
        }
    }

    private Span begin(Task task) {
        String domain = labels.domain(task.getDomain());
        String type = labels.type(domain, task.getType());
        var created = task.getNotBefore() == null ? task.getCreatedAt() : task.getNotBefore();
        return traces.below(task.getTraceparent(), "execute " + type, SpanKind.CONSUMER)
                .setAttribute(Traces.RUN, task.getRunId().toString())
                .setAttribute(Traces.ACCOUNT, task.getUserIntegrationId().toString())
                .setAttribute(Traces.DOMAIN, domain)
                .setAttribute(TASK, task.getTaskId().toString())
                .setAttribute(TYPE, type)
                .setAttribute(ATTEMPT, (long) task.getAttempt())
                .setAttribute(WAITED, Math.max(0, clock.millis() - created.toEpochMilli()))
                .startSpan();
    }

    /** Without messages, which may quote the provider. */
    private static void describe(Span span, Outcome outcome) {
        switch (outcome) {
            case Outcome.Completed completed ->
                span.setAttribute(Traces.OUTCOME, "completed")
                        .setAttribute(OUTPUTS, (long) completed.outputs().size())
                        .setAttribute(FOLLOW_UPS, (long) completed.followUps().size());
            case Outcome.Throttled throttled ->
                span.setAttribute(Traces.OUTCOME, "throttled").setAttribute(Traces.ERROR, throttled.code());
            case Outcome.Failed failed ->
                span.setAttribute(Traces.OUTCOME, failed.kind().wireName())
                        .setAttribute(Traces.ERROR, failed.code())
                        .setStatus(StatusCode.ERROR);
        }
    }

    @Override
    public Limits limitsOf(String domain) {
        return execution.limitsOf(domain);
    }

    @Override
    public Optional<Manifest.SyncType> syncTypeOf(String domain, String syncType) {
        return execution.syncTypeOf(domain, syncType);
    }

    @Override
    public Set<String> actionsOf(String domain) {
        return execution.actionsOf(domain);
    }

    @Override
    public void forget(UUID userIntegrationId) {
        execution.forget(userIntegrationId);
    }
}
