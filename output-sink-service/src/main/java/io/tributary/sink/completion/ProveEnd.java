package io.tributary.sink.completion;

import io.tributary.schemas.RunError;
import io.tributary.schemas.RunProgress;
import io.tributary.schemas.RunStatus;
import io.tributary.schemas.RunSums;
import io.tributary.sink.deletions.DeleteUnlisted;
import io.tributary.sink.run.RowCounts;
import io.tributary.sink.run.Run;
import io.tributary.sink.run.RunBatch;
import io.tributary.sink.run.RunRecord.Progress;
import java.util.Optional;

/**
 * Downgrades a succeeded run to {@code partial} when some of its outputs are missing, or when it must not delete the
 * items that it did not list. Otherwise deletes these items.
 */
public record ProveEnd(DeleteUnlisted deleteUnlisted) {

    /** Code of a run with outputs that are missing in Postgres. */
    static final String OUTPUTS_MISSING = "sink.outputsMissing";

    /**
     * Within the transaction that locked the run and wrote its outputs and listings.
     *
     * @param rows the effect of the batch's outputs
     * @return the batch, or one that ends its run as partial
     */
    public RunBatch proven(RunBatch batch, RowCounts rows) {
        return batch.completion()
                .map(Progress::progress)
                .filter(end -> end.getStatus() == RunStatus.succeeded)
                .flatMap(end -> flaw(batch.run(), end, rows))
                .map(flaw -> batch.endingAs(RunStatus.partial, flaw))
                .orElse(batch);
    }

    private Optional<RunError> flaw(Run run, RunProgress end, RowCounts rows) {
        long missing = RunSums.of(end, run.outputsSaved() + rows.outputs()).unsaved();
        if (missing > 0) {
            return Optional.of(new RunError(
                    OUTPUTS_MISSING,
                    missing + " of " + end.getOutputs() + " outputs were not saved: see the dead letters.",
                    "permanent"));
        }
        return end.getListed() == null || !run.exclusive()
                ? Optional.empty()
                : deleteUnlisted.delete(run, end, rows.inserted());
    }
}
