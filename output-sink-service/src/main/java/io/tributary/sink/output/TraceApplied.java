package io.tributary.sink.output;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.tributary.sink.run.Run;
import io.tributary.sink.run.RunBatch;
import io.tributary.sink.run.RunRecord.Item;
import io.tributary.telemetry.Traceparent;
import io.tributary.telemetry.Traces;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * Records what committed batches did to runs whose trace is recorded, below the triggers of the runs: one span for each
 * run of a batch, with links to executions that returned its outputs, and one for the completion of a run.
 */
public record TraceApplied(Traces traces, Clock clock) {

    private static final AttributeKey<Long> RECORDS = AttributeKey.longKey("tributary.records");
    private static final AttributeKey<Long> OUTPUTS = AttributeKey.longKey("tributary.outputs");

    /**
     * After the commit.
     *
     * @param begun when the transaction began
     */
    void committed(List<RunBatch> batches, Instant begun) {
        for (RunBatch batch : batches) {
            if (traces.record(batch.run().traceparent())) {
                record(batch, begun, clock.instant());
            }
        }
    }

    private void record(RunBatch batch, Instant begun, Instant ended) {
        List<Item> items = batch.items();
        SpanBuilder write = span("write", batch.run(), begun)
                .setAttribute(RECORDS, (long) batch.records().size())
                .setAttribute(OUTPUTS, (long) items.size());
        items.stream()
                .map(item -> item.output().getTraceparent())
                .filter(Objects::nonNull)
                .distinct()
                .limit(Traces.MOST_LINKS)
                .forEach(execution -> write.addLink(Traceparent.parse(execution)));
        write.startSpan().end(ended);
        batch.completion()
                .ifPresent(end -> span("complete", batch.run(), begun)
                        .setAttribute(Traces.OUTCOME, end.progress().getStatus().name())
                        .startSpan()
                        .end(ended));
    }

    private SpanBuilder span(String name, Run run, Instant begun) {
        return traces.below(run.traceparent(), name, SpanKind.CONSUMER)
                .setStartTimestamp(begun)
                .setAttribute(Traces.RUN, run.id().toString())
                .setAttribute(Traces.ACCOUNT, run.userIntegrationId().toString())
                .setAttribute(Traces.DOMAIN, run.domain());
    }
}
