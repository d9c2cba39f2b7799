package io.tributary.worker.engine;

import io.tributary.egress.Tenant;
import io.tributary.integrations.api.JsonObject;
import io.tributary.schemas.ProviderAccount;
import io.tributary.schemas.RunError;
import io.tributary.schemas.RunStatus;
import io.tributary.schemas.RunSums;
import io.tributary.schemas.Task;
import io.tributary.worker.engine.SavedRun.SavedError;
import io.tributary.worker.engine.SavedRun.Times;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A live run: its stored state, and the state that only this worker has. It is over when it has no pending task. Only
 * the stream thread changes it, except for the number of executing tasks; executing tasks read its state.
 */
final class RunState {

    private final UUID runId;
    private final AtomicInteger executing = new AtomicInteger();
    private volatile SavedRun saved;
    private @Nullable RunError stall;
    private @Nullable RunStatus endedAs;
    /** When the task that failed last is tried again, milliseconds since the epoch; 0: unknown. Not saved. */
    private long retryAtMillis;
    /** The state that is stored apart from the run; null: none. */
    private @Nullable SyncState storedApart;

    private RunState(UUID runId, SavedRun saved) {
        this.runId = runId;
        this.saved = saved;
    }

    /** A run that begins with a task. */
    static RunState begunBy(Task task, JsonObject state, long nowMillis) {
        return new RunState(task.getRunId(), SavedRun.begunBy(task, state, nowMillis));
    }

    /** The run as saved; a time that an earlier version did not save becomes now. */
    static RunState restored(UUID runId, SavedRun saved, long nowMillis) {
        long begun = saved.times().begunMillis();
        long progressed = saved.times().progressedMillis();
        var times = new Times(begun == 0 ? nowMillis : begun, progressed == 0 ? nowMillis : progressed);
        return new RunState(runId, saved.with(times));
    }

    SavedRun saved() {
        return saved;
    }

    // What happens to it

    /** Another task from outside joins the run. */
    void joined() {
        become(saved.with(saved.sums().joined(), saved.error()));
    }

    void taskCompleted(Outcome.Completed result, long nowMillis) {
        become(saved.withCompleted(result, nowMillis));
        stall = null;
    }

    /** A task that ended after the run, and before its last report, returned outputs. */
    void returnedLate(int outputs) {
        become(saved.with(saved.sums().returnedLate(outputs), saved.error()));
    }

    void taskFailed(RunError cause) {
        become(saved.with(saved.sums().tasksFailed(1), saved.error().or(cause)));
    }

    private void become(SavedRun next) {
        if (next.sums().pending() < 0) {
            throw new Counts.EndedTwiceException("pending tasks of a run");
        }
        saved = next;
    }

    /** Ends the run immediately: pending tasks count as failed. */
    void end(RunStatus status, RunError cause) {
        saved = saved.with(saved.sums().tasksFailed(saved.sums().pending()), SavedError.of(cause));
        endedAs = status;
        stall = null;
    }

    /** Whether the state, changed by a result, stays within a bound. */
    boolean admits(Outcome.Completed result, int maxStateBytes) {
        return saved.state().admits(result.statePatch(), maxStateBytes);
    }

    /** A task failed, permanently or before another attempt: the run is not stalled. */
    void progressed(long nowMillis) {
        saved = saved.with(new Times(saved.times().begunMillis(), nowMillis));
        stall = null;
    }

    /** A task that failed is tried again then. */
    void triesAgainAt(long millis) {
        retryAtMillis = millis;
    }

    long retryAtMillis() {
        return retryAtMillis;
    }

    /** Flags the run, until it makes progress again. */
    void stalled(RunError cause) {
        stall = cause;
    }

    // Its tasks that execute

    /** A task of the run begins to execute. Any thread. */
    void taskBegins() {
        executing.incrementAndGet();
    }

    /** A task of the run no longer executes, whatever its outcome. Any thread. */
    void taskLeaves() {
        if (executing.decrementAndGet() < 0) {
            throw new Counts.EndedTwiceException("executing tasks of a run");
        }
    }

    /** Number of executing tasks of the run; 0 when it is over. */
    int executing() {
        return isOver() ? 0 : executing.get();
    }

    /** Whether the sink has another number of executing tasks, maybe from a worker that died. */
    boolean executesOtherThanReported() {
        return executing() != saved.reportedExecuting();
    }

    /** The number of executing tasks is reported to the sink. */
    void reportedExecuting(int executing) {
        saved = saved.withReported(executing);
    }

    // Its state

    UUID runId() {
        return runId;
    }

    UUID userIntegrationId() {
        return saved.identity().userIntegrationId();
    }

    String domain() {
        return saved.identity().domain();
    }

    /** Whose run it is; null: an earlier version did not save it. */
    @Nullable
    Tenant tenant() {
        String userId = saved.identity().userId();
        return userId == null ? null : Tenant.of(saved.identity().orgId(), userId);
    }

    String syncType() {
        return saved.identity().syncType();
    }

    RunSums sums() {
        return saved.sums();
    }

    JsonObject state() {
        return saved.state().object();
    }

    /** The state as JSON text. */
    String stateJson() {
        return new String(saved.state().json(), StandardCharsets.UTF_8);
    }

    /** A large state that was stored apart. */
    void restoreState(SyncState state) {
        saved = saved.with(state);
        storedApart = state;
    }

    /** Stores a large state apart from the run, when it has changed since the last call. */
    void storeState(PendingStore store) {
        SyncState state = saved.state();
        if (state == storedApart) {
            return;
        }
        if (state.exceeds(SyncState.MAX_INLINE_BYTES)) {
            store.putState(runId, state.json());
            storedApart = state;
        } else if (storedApart != null) {
            store.removeState(runId);
            storedApart = null;
        }
    }

    boolean isOver() {
        return sums().pending() == 0;
    }

    RunStatus status() {
        RunSums sums = sums();
        if (sums.pending() > 0) {
            return RunStatus.running;
        }
        if (endedAs != null) {
            return endedAs;
        }
        if (sums.failed() == 0 && !saved.itemsRejected()) {
            return RunStatus.succeeded;
        }
        return saved.accomplishedNothing() ? RunStatus.failed : RunStatus.partial;
    }

    /** Number of listed ids, when the run is over and its listing is complete; null: unknown. */
    @Nullable
    Long everythingListed() {
        SavedRun.Listed listed = saved.listed();
        return listed.everything() && status() == RunStatus.succeeded ? listed.ids() : null;
    }

    /** The account as the provider identified it; null: not identified, or unknown. */
    @Nullable
    ProviderAccount account() {
        SavedRun.SavedAccount account = saved.account();
        return account == null ? null : new ProviderAccount(account.id(), account.displayName(), account.settings());
    }

    /** The first failure, or the cause of the run's end, or the reason why it makes no progress; null: none. */
    @Nullable
    RunError error() {
        return stall == null ? saved.error().toRunError() : stall;
    }

    boolean isStalled() {
        return stall != null;
    }

    long begunMillis() {
        return saved.times().begunMillis();
    }

    long progressedMillis() {
        return saved.times().progressedMillis();
    }
}
