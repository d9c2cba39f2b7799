package io.tributary.scheduler.runs;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.tributary.telemetry.Traceparent;
import io.tributary.telemetry.Traces;
import java.util.UUID;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The spans of triggers, each the parent of all other spans of its run: below the span of the request that is served,
 * or the root of a new trace if a schedule or an event triggers the run.
 */
@Component
public record TraceTriggers(Traces traces) {

    /** The span of a trigger. It is dropped if its run is not queued. */
    record Trigger(Span span) {

        /** What the run keeps; its own, since each span has ids. */
        String traceparent() {
            return Traceparent.of(span.getSpanContext());
        }

        /** The run is queued, once the transaction is committed. */
        void queued(UUID run) {
            if (!span.isRecording()) {
                return;
            }
            span.setAttribute(Traces.RUN, run.toString());
            if (TransactionSynchronizationManager.isSynchronizationActive()) {
                TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                    @Override
                    public void afterCommit() {
                        span.end();
                    }
                });
            } else {
                span.end();
            }
        }
    }

    Trigger begin(NewRun run) {
        return new Trigger(traces.below(
                        Span.current().getSpanContext(),
                        "trigger " + run.trigger().name(),
                        SpanKind.INTERNAL)
                .setAttribute(Traces.ACCOUNT, run.account().id().toString())
                .setAttribute(Traces.DOMAIN, run.account().integrationDomain())
                .startSpan());
    }
}
