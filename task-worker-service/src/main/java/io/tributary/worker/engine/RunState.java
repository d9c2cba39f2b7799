package io.tributary.worker.engine;

import static java.util.Objects.requireNonNullElse;

import io.tributary.integrations.api.JsonObject;
import io.tributary.schemas.ProviderAccount;
import io.tributary.schemas.RunError;
import io.tributary.schemas.RunStatus;
import io.tributary.schemas.Task;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The sums of a run under way. {@code pending + completed + failed = spawned + 1} at all times; the run is over when
 * {@code pending} is 0. Changed by the stream thread only, but for the number of its tasks that
 * execute; tasks read its state while they are executed.
 */
final class RunState {

    private final UUID runId;
    private final UUID userIntegrationId;
    private final String domain;
    private final String syncType;
    private long pending;
    private long spawned;
    private long completed;
    private long failed;
    private long outputs;
    private boolean itemsRefused;
    private long listed;
    private boolean listsEverything;
    private long begunMillis;
    private long progressedMillis;
    private @Nullable RunError stall;
    private volatile JsonObject state;
    private @Nullable RunError error;
    private @Nullable RunStatus endedAs;
    private @Nullable ProviderAccount account;
    private final AtomicInteger executing = new AtomicInteger();
    private int executingTold;

    private RunState(UUID runId, UUID userIntegrationId, String domain, String syncType, JsonObject state) {
        this.runId = runId;
        this.userIntegrationId = userIntegrationId;
        this.domain = domain;
        this.syncType = syncType;
        this.state = state;
    }

    /** A run that begins with a task. */
    static RunState begunBy(Task task, JsonObject state, long nowMillis) {
        var run =
                new RunState(task.getRunId(), task.getUserIntegrationId(), task.getDomain(), task.getSyncType(), state);
        run.pending = 1;
        run.begunMillis = nowMillis;
        run.progressedMillis = nowMillis;
        return run;
    }

    /** The run as it was saved; times that an earlier version did not save begin now, and lists that it read are unknown. */
    static RunState restored(UUID runId, Saved saved, JsonObject state, long nowMillis) {
        var run = new RunState(
                runId, saved.userIntegrationId(), saved.domain(), requireNonNullElse(saved.syncType(), ""), state);
        run.pending = saved.pending();
        run.spawned = saved.spawned();
        run.completed = saved.completed();
        run.failed = saved.failed();
        run.outputs = saved.outputs();
        run.itemsRefused = saved.itemsRefused();
        run.listed = requireNonNullElse(saved.listed(), 0L);
        run.listsEverything = requireNonNullElse(saved.listsEverything(), false);
        run.begunMillis = requireNonNullElse(saved.begunMillis(), nowMillis);
        run.progressedMillis = requireNonNullElse(saved.progressedMillis(), nowMillis);
        run.executingTold = requireNonNullElse(saved.executingTold(), 0);
        if (saved.account() != null) {
            run.account = saved.account().toProviderAccount();
        }
        if (saved.errorCode() != null) {
            run.error = new RunError(
                    saved.errorCode(), String.valueOf(saved.errorMessage()), String.valueOf(saved.errorKind()));
        }
        return run;
    }

    /** What is kept of a run in the store; the state as JSON text. */
    record Saved(
            UUID userIntegrationId,
            String domain,
            @Nullable String syncType,
            long pending,
            long spawned,
            long completed,
            long failed,
            long outputs,
            boolean itemsRefused,
            @Nullable Long listed,
            @Nullable Boolean listsEverything,
            @Nullable Long begunMillis,
            @Nullable Long progressedMillis,
            @Nullable Integer executingTold,
            String state,
            @Nullable String errorCode,
            @Nullable String errorMessage,
            @Nullable String errorKind,
            @Nullable SavedAccount account) {}

    record SavedAccount(@Nullable String id, @Nullable String displayName, String settings) {

        static @Nullable SavedAccount of(@Nullable ProviderAccount account) {
            return account == null
                    ? null
                    : new SavedAccount(account.getId(), account.getDisplayName(), account.getSettings());
        }

        ProviderAccount toProviderAccount() {
            return new ProviderAccount(id, displayName, settings);
        }
    }

    Saved saved(String stateJson) {
        RunError first = error;
        return new Saved(
                userIntegrationId,
                domain,
                syncType,
                pending,
                spawned,
                completed,
                failed,
                outputs,
                itemsRefused,
                listed,
                listsEverything,
                begunMillis,
                progressedMillis,
                executingTold,
                stateJson,
                first == null ? null : first.getCode(),
                first == null ? null : first.getMessage(),
                first == null ? null : first.getKind(),
                SavedAccount.of(account));
    }

    /** Another task from outside joins the run. */
    void joined() {
        spawned++;
        pending++;
    }

    /** A task ended, well or not: the run is not stalled. */
    void progressed(long nowMillis) {
        progressedMillis = nowMillis;
        stall = null;
    }

    /** Flags the run, until it makes progress again. */
    void stalled(RunError cause) {
        stall = cause;
    }

    /** A task of the run begins to execute. Any thread. */
    void taskBegins() {
        executing.incrementAndGet();
    }

    /** It executes no more, whatever came of it. Any thread. */
    void taskLeaves() {
        executing.decrementAndGet();
    }

    /** Tasks of the run that execute; none of a run that is over. */
    int executing() {
        return isOver() ? 0 : executing.get();
    }

    /** Whether the sink knows another number of executing tasks: also that of a worker that died. */
    boolean executesOtherThanTold() {
        return executing() != executingTold;
    }

    /** The sink is told how many execute. */
    void tellExecuting(int told) {
        executingTold = told;
    }

    boolean isStalled() {
        return stall != null;
    }

    long begunMillis() {
        return begunMillis;
    }

    long progressedMillis() {
        return progressedMillis;
    }

    void taskCompleted(int followUps, int outputCount, JsonObject statePatch) {
        completed++;
        spawned += followUps;
        pending += followUps - 1;
        outputs += outputCount;
        state = state.patchedWith(statePatch);
    }

    /** A completed task's lists. */
    void listed(Outcome.Listed lists) {
        listed += lists.ids();
        listsEverything |= lists.everything();
    }

    /** What a completed task knows of the account; null: nothing. */
    void connected(@Nullable ProviderAccount found) {
        if (found != null) {
            account = found;
        }
    }

    void taskFailed(RunError cause) {
        failed++;
        pending--;
        remember(cause);
    }

    /** An item of a completed task could not be taken. */
    void itemRefused(RunError cause) {
        itemsRefused = true;
        remember(cause);
    }

    /** Ends the run at once: what is pending counts as failed. */
    void end(RunStatus status, @Nullable RunError cause) {
        failed += pending;
        pending = 0;
        endedAs = status;
        stall = null;
        if (cause != null) {
            error = cause;
        }
    }

    private void remember(RunError cause) {
        if (error == null) {
            error = cause;
        }
    }

    boolean isOver() {
        return pending == 0;
    }

    RunStatus status() {
        if (pending > 0) {
            return RunStatus.running;
        }
        if (endedAs != null) {
            return endedAs;
        }
        if (failed == 0 && !itemsRefused) {
            return RunStatus.succeeded;
        }
        return completed == 0 ? RunStatus.failed : RunStatus.partial;
    }

    UUID runId() {
        return runId;
    }

    UUID userIntegrationId() {
        return userIntegrationId;
    }

    String domain() {
        return domain;
    }

    String syncType() {
        return syncType;
    }

    /** Ids on the run's lists, when it is over and they named everything there is; null: not known to. */
    @Nullable
    Long everythingListed() {
        return listsEverything && status() == RunStatus.succeeded ? listed : null;
    }

    JsonObject state() {
        return state;
    }

    long spawned() {
        return spawned;
    }

    long completed() {
        return completed;
    }

    long failed() {
        return failed;
    }

    long outputs() {
        return outputs;
    }

    /** Whose account it is, as the provider said; null: no task asked, or nobody knows. */
    @Nullable
    ProviderAccount account() {
        return account;
    }

    /** The first failure, or what ended the run, or why it makes no progress; null: none. */
    @Nullable
    RunError error() {
        return stall == null ? error : stall;
    }
}
