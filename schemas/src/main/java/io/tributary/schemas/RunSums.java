package io.tributary.schemas;

/**
 * The sums of a run, and the formula by which they add up: every task, the initial one and each that was spawned, has
 * completed or failed, and every output that the completed ones returned is saved. This is the only place that knows
 * the formula; the worker counts by it, the sink ends runs by it, and the scheduler proves them by it.
 *
 * <p>The numbers of one source are always consistent. Those of a run's row may briefly not be: outputs are saved before
 * the progress that counts them. After the end of a run, a negative difference means that something was counted twice.
 *
 * @param spawned follow-up tasks returned so far; the initial task is not counted; 0 and up
 * @param completed tasks that succeeded, 0 and up
 * @param failed tasks that were dead-lettered or dropped, 0 and up
 * @param outputs outputs that the tasks returned, 0 and up
 * @param outputsSaved outputs that are in Postgres, 0 and up; 0 if unknown, as in the worker
 */
public record RunSums(long spawned, long completed, long failed, long outputs, long outputsSaved) {

    /** The sums of a run whose initial task has not ended. */
    public static final RunSums BEGUN = new RunSums(0, 0, 0, 0, 0);

    /** The sums in a report of the worker, with the number of saved outputs. */
    public static RunSums of(RunProgress progress, long outputsSaved) {
        return new RunSums(
                progress.getSpawned(),
                progress.getCompleted(),
                progress.getFailed(),
                progress.getOutputs(),
                outputsSaved);
    }

    /** Tasks of the run so far, the initial one included. */
    public long tasks() {
        return spawned + 1;
    }

    /** Tasks that have not ended; below 0 when one was counted twice. */
    public long pending() {
        return tasks() - completed - failed;
    }

    /** Outputs that are not saved; below 0 when more are saved than were reported. */
    public long unsaved() {
        return outputs - outputsSaved;
    }

    /** Every task ended, and every output was saved. */
    public boolean balanced() {
        return pending() == 0 && unsaved() == 0;
    }

    /** Another task joins the run from outside. */
    public RunSums joined() {
        return new RunSums(spawned + 1, completed, failed, outputs, outputsSaved);
    }

    /** A task completed and returned these numbers of follow-up tasks and outputs. */
    public RunSums taskCompleted(int followUps, int returnedOutputs) {
        return new RunSums(spawned + followUps, completed + 1, failed, outputs + returnedOutputs, outputsSaved);
    }

    /** A task that counts as failed, since its run ended before it, returned outputs. */
    public RunSums returnedLate(int returnedOutputs) {
        return new RunSums(spawned, completed, failed, outputs + returnedOutputs, outputsSaved);
    }

    /** One task failed, or all pending ones. */
    public RunSums tasksFailed(long count) {
        return new RunSums(spawned, completed, failed + count, outputs, outputsSaved);
    }
}
