package io.tributary.scheduler.runs;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.tributary.schemas.RunSums;
import java.util.ArrayList;
import java.util.List;

/**
 * The sums of a run: the outputs of its tasks compared with the rows of the table.
 *
 * @param balanced whether the run is over, every task ended, and every output was saved
 * @param rows rows that now hold the run's outputs: rows that it last wrote, and rows that it found unchanged. The
 *     number shrinks when a later run overwrites them, and is below outputs when the run returned an item twice
 * @param outputsSetAside dead-lettered outputs, which Postgres rejected; they count among the outputs that are not
 *     saved
 * @param missing each sum that does not add up, in words; empty when balanced
 */
record RunProof(
        boolean balanced,
        String status,
        @JsonUnwrapped RunSums sums,
        long outputsSetAside,
        long rows,
        @JsonUnwrapped RowCounts rowCounts,
        List<String> missing) {

    /**
     * What the run did to the table.
     *
     * @param rowsDeleted rows that were marked as deleted because the run's complete listing did not show them; many
     *     rows are marked soon after its end
     */
    record RowCounts(long rowsInserted, long rowsUpdated, long rowsUnchanged, long rowsDeleted) {}

    /** The sums of the run's row. */
    record Sums(String status, boolean finished, RunSums run, long outputsSetAside, RowCounts rows) {}

    /** Compares the sums. {@code rowsWritten}: rows that the run last wrote. */
    static RunProof of(Sums sums, long rowsWritten) {
        var missing = missing(sums);
        return new RunProof(
                missing.isEmpty(),
                sums.status(),
                sums.run(),
                sums.outputsSetAside(),
                rowsWritten + sums.rows().rowsUnchanged(),
                sums.rows(),
                missing);
    }

    private static List<String> missing(Sums sums) {
        var missing = new ArrayList<String>();
        if (!sums.finished()) {
            missing.add("The run is not over: it is " + sums.status() + ".");
        }
        RunSums run = sums.run();
        long open = run.pending();
        if (open > 0) {
            missing.add(open + " of " + run.tasks() + " tasks neither completed nor failed"
                    + (sums.finished() ? ": they were dropped when the run was " + sums.status() + "." : " yet."));
        } else if (open < 0) {
            missing.add(-open + " more tasks ended than the run has: one was counted twice.");
        }
        if (sums.outputsSetAside() > 0) {
            missing.add(sums.outputsSetAside() + " of " + run.outputs()
                    + " outputs were dead-lettered: see the dead letters.");
        }
        long unsaved = run.unsaved() - sums.outputsSetAside();
        if (unsaved > 0) {
            missing.add(unsaved + " of " + run.outputs() + " outputs are not saved"
                    + (sums.finished() ? ": see the dead letters." : " yet."));
        } else if (unsaved < 0) {
            missing.add(-unsaved + " more outputs were saved than the tasks reported"
                    + (sums.finished() ? ": one was counted twice." : " so far."));
        }
        return List.copyOf(missing);
    }
}
