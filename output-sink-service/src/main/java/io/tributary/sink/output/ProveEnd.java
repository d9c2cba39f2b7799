package io.tributary.sink.output;

import io.tributary.schemas.RunError;
import io.tributary.schemas.RunProgress;
import io.tributary.schemas.RunStatus;
import java.util.Optional;

/**
 * Has a run that succeeded for the worker end as {@code partial} where it did not for the sink: outputs of it were set
 * aside, or what it did not list would be too much to delete unasked. Deletes what it did not list otherwise.
 */
final class ProveEnd {

    /** Code of a run of which not all outputs are in Postgres. */
    static final String OUTPUTS_MISSING = "sink.outputsMissing";

    private final DeleteUnlisted deleteUnlisted;

    ProveEnd(DeleteUnlisted deleteUnlisted) {
        this.deleteUnlisted = deleteUnlisted;
    }

    /**
     * Within the transaction that locked the run and wrote its outputs and listings.
     *
     * @param rows what became of the outputs of the batch
     * @return the batch, or one that ends its run otherwise
     */
    RunBatch proven(RunBatch batch, RowCounts rows) {
        return batch.completion()
                .map(RunRecord.Progress::progress)
                .filter(end -> end.getStatus() == RunStatus.succeeded)
                .flatMap(end -> flaw(batch.run(), end, rows))
                .map(flaw -> batch.endingAs(RunStatus.partial, flaw))
                .orElse(batch);
    }

    private Optional<RunError> flaw(Run run, RunProgress end, RowCounts rows) {
        long missing = end.getOutputs() - run.outputsSaved() - rows.outputs();
        if (missing > 0) {
            return Optional.of(new RunError(
                    OUTPUTS_MISSING,
                    missing + " of " + end.getOutputs() + " outputs were not saved: see the dead letters.",
                    "permanent"));
        }
        return end.getListed() == null || run.goesBeside()
                ? Optional.empty()
                : deleteUnlisted.delete(run, end, rows.inserted());
    }
}
