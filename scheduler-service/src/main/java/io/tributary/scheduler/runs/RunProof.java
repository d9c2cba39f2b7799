package io.tributary.scheduler.runs;

import java.util.ArrayList;
import java.util.List;

/**
 * The sums of a run: what its tasks returned against what is in the table.
 *
 * @param balanced whether the run is over, every task ended, and every output was saved
 * @param rows rows that hold the run's outputs now: those it wrote last, and those it found unchanged. It shrinks when a
 *     later run overwrites them, and it is below outputs when the run returned an item twice
 * @param outputsSetAside outputs that Postgres refused; they are dead letters, and among those that are not saved
 * @param rowsDeleted rows marked as deleted since the run's lists, which named everything, did not have them; soon after
 *     its end where they are many
 * @param missing what does not add up, in words; empty when balanced
 */
record RunProof(
        boolean balanced,
        String status,
        long spawned,
        long completed,
        long failed,
        long outputs,
        long outputsSaved,
        long outputsSetAside,
        long rows,
        long rowsInserted,
        long rowsUpdated,
        long rowsUnchanged,
        long rowsDeleted,
        List<String> missing) {

    /** What the run's row says. */
    record Sums(
            String status,
            boolean finished,
            long spawned,
            long completed,
            long failed,
            long outputs,
            long outputsSaved,
            long outputsSetAside,
            long rowsInserted,
            long rowsUpdated,
            long rowsUnchanged,
            long rowsDeleted) {}

    /** Adds up. {@code rowsWritten}: rows that the run wrote last. */
    static RunProof of(Sums sums, long rowsWritten) {
        var missing = missing(sums);
        return new RunProof(
                missing.isEmpty(),
                sums.status(),
                sums.spawned(),
                sums.completed(),
                sums.failed(),
                sums.outputs(),
                sums.outputsSaved(),
                sums.outputsSetAside(),
                rowsWritten + sums.rowsUnchanged(),
                sums.rowsInserted(),
                sums.rowsUpdated(),
                sums.rowsUnchanged(),
                sums.rowsDeleted(),
                missing);
    }

    private static List<String> missing(Sums sums) {
        var missing = new ArrayList<String>();
        if (!sums.finished()) {
            missing.add("The run is not over: it is " + sums.status() + ".");
        }
        long open = sums.spawned() + 1 - sums.completed() - sums.failed();
        if (open > 0) {
            missing.add(open + " of " + (sums.spawned() + 1) + " tasks neither completed nor failed"
                    + (sums.finished() ? ": they were dropped when the run was " + sums.status() + "." : " yet."));
        } else if (open < 0) {
            missing.add(-open + " tasks more ended than the run has: one was counted twice.");
        }
        if (sums.outputsSetAside() > 0) {
            missing.add(sums.outputsSetAside() + " of " + sums.outputs()
                    + " outputs were set aside: see the dead letters.");
        }
        long unsaved = sums.outputs() - sums.outputsSaved() - sums.outputsSetAside();
        if (unsaved > 0) {
            missing.add(unsaved + " of " + sums.outputs() + " outputs are not saved"
                    + (sums.finished() ? ": see the dead letters." : " yet."));
        } else if (unsaved < 0) {
            missing.add(-unsaved + " outputs more were saved than the tasks reported"
                    + (sums.finished() ? ": one was counted twice." : " so far."));
        }
        return List.copyOf(missing);
    }
}
