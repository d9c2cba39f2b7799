package io.tributary.sink.output;

import io.tributary.sink.run.RowCounts;
import io.tributary.sink.run.RunBatch;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** Counts what committed batches changed, and records it in the traces of their runs. */
public record ObserveApplied(AppliedMetrics metrics, TraceApplied trace) {

    /**
     * After the commit.
     *
     * @param begun when the transaction began
     */
    void committed(List<RunBatch> batches, Collection<RowCounts> counts, Instant begun) {
        metrics.committed(batches, counts);
        trace.committed(batches, begun);
    }
}
