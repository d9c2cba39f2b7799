package io.tributary.integrations.workbench;

import io.tributary.integrations.api.Account;
import io.tributary.integrations.api.Effect;
import io.tributary.integrations.api.Integration;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.Options;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.Task;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * A user integration that lives in memory: it keeps its sync state from run to run, as Postgres would, for each sync
 * type.
 *
 * <pre>{@code
 * var account = ConnectedAccount.of(new HelloWorldIntegration()).config("count", 3);
 * assertThat(account.sync().outputs()).hasSize(3);
 * assertThat(account.sync().outputs()).isEmpty();
 * }</pre>
 *
 * <p>With a {@link SettableClock}, a run waits where the engine would, by moving the clock. For one thread.
 */
public final class ConnectedAccount implements AutoCloseable {

    private final Worker worker;
    private final Map<String, JsonObject> states = new HashMap<>();
    private LocalContext context;
    private Interventions interventions = Interventions.NONE;

    private ConnectedAccount(Worker worker) {
        this.worker = worker;
        this.context = LocalContext.empty().withDomain(worker.manifest().domain());
    }

    /** An account with no config, no credentials and no state. The integration stays the caller's to close. */
    public static ConnectedAccount of(Integration integration) {
        return new ConnectedAccount(new Worker(() -> integration, false));
    }

    /**
     * The same for integrations that are made here: one at the start and one after each crash, as a worker does.
     * {@link #close} closes the last one.
     */
    public static ConnectedAccount ofNew(Supplier<? extends Integration> integration) {
        return new ConnectedAccount(new Worker(integration, true));
    }

    public ConnectedAccount config(String key, Object value) {
        context = context.withConfig(key, value);
        return this;
    }

    /** The credentials; they replace those before. */
    public ConnectedAccount credentials(Map<String, String> values) {
        context = context.withCredentials(values);
        return this;
    }

    public ConnectedAccount clock(Clock clock) {
        context = context.withClock(clock);
        return this;
    }

    /** Lets a name resolve to an address. */
    public ConnectedAccount host(String name, InetAddress address) {
        context = context.withHost(name, address);
        return this;
    }

    /** The state of the first sync type, as if a run had left it. */
    public ConnectedAccount syncState(JsonObject state) {
        states.put(firstSyncType(), state);
        return this;
    }

    /** What the last run of the first sync type that succeeded left; empty before. */
    public JsonObject syncState() {
        return syncState(firstSyncType());
    }

    /** What the last run of a sync type that succeeded left; empty before. */
    public JsonObject syncState(String syncType) {
        return states.getOrDefault(syncType, JsonObject.EMPTY);
    }

    /** The context of the account, with the state of the first sync type, for a task outside a run. */
    public TaskContext context() {
        return context.withSyncState(syncState());
    }

    /**
     * Lets the worker crash once in the next run: after the task of this number has been executed, the first being 1,
     * and before its result is taken. It is executed again then. A run with fewer tasks has no crash.
     */
    public ConnectedAccount crashAfterTask(int number) {
        if (number < 1) {
            throw new IllegalArgumentException("tasks are numbered from 1, not " + number);
        }
        interventions = interventions.crashingAfter(number);
        return this;
    }

    /**
     * Does something between the tasks of the next run: when the result of a task was taken, with the number of tasks
     * whose results were taken so far, the first being 1.
     */
    public ConnectedAccount afterEachTask(IntConsumer action) {
        interventions = interventions.after(action);
        return this;
    }

    /**
     * Renews the credentials as the engine does: when a task is refused as {@link TaskFailure.Unauthorized}, it is
     * executed once more in the same attempt with those that come from here, and the account keeps them.
     */
    public ConnectedAccount renewing(Supplier<Map<String, String>> credentials) {
        interventions = interventions.renewing(credentials);
        return this;
    }

    /**
     * From now on, a task that runs longer is interrupted, and fails as {@link TaskFailure.Transient} {@code
     * polling.taskTimedOut}. Default: no limit.
     *
     * @param time of the wall clock, above 0
     */
    public ConnectedAccount taskTimeout(Duration time) {
        interventions = interventions.within(new Deadline(time));
        return this;
    }

    /** Asks the provider which account this is, as the engine does when an account is connected. */
    public Account identify() throws TaskFailure, InterruptedException {
        return worker.integration().identify(context.withDefaultsOf(worker.manifest()));
    }

    /**
     * Executes an action once, without the engine's attempts and waits.
     *
     * @param effect what it has to bring about
     * @return the output of the effect
     */
    public Output act(String action, JsonObject input, Effect effect) throws TaskFailure, InterruptedException {
        return effectIn(worker.integration().run(new Task(action, input, 1), contextOf(effect)));
    }

    /** Looks for the effect of an action, as the engine does before it executes it again; empty: no trace. */
    public Optional<Output> lookUp(String action, JsonObject input, Effect effect)
            throws TaskFailure, InterruptedException {
        return worker.integration()
                .lookUp(new Task(action, input, 1), contextOf(effect))
                .map(ConnectedAccount::effectIn);
    }

    private TaskContext contextOf(Effect effect) {
        return new ActionContext(context.withDefaultsOf(worker.manifest()), effect);
    }

    private static Output effectIn(TaskResult result) {
        if (result.outputs().size() != 1) {
            throw new AssertionError("an action has one output, that of its effect, and not " + result.outputs());
        }
        return result.outputs().getFirst();
    }

    /** Syncs what is new. */
    public InMemoryRun sync() throws InterruptedException {
        return sync(Options.NONE);
    }

    /**
     * Syncs, and takes on the run's state when all of its tasks ended well, or when some did and the sync type advances
     * past failures.
     */
    public InMemoryRun sync(Options options) throws InterruptedException {
        return sync(firstSyncType(), options);
    }

    /** Syncs one of the manifest's sync types, and takes on the run's state when all of its tasks ended well. */
    public InMemoryRun sync(String syncType, Options options) throws InterruptedException {
        LocalContext ofRun =
                context.withDefaultsOf(worker.manifest()).withOptions(options).withSyncState(syncState(syncType));
        var execution = new ExecuteRun(worker, ofRun, interventions);
        InMemoryRun run = execution.run(syncType);
        context = context.withCredentials(execution.account().credentials());
        interventions = interventions.ofNextRun();
        if (run.succeeded() || advancesPastFailures(syncType) && !run.tasks().isEmpty()) {
            states.put(syncType, run.state());
        }
        return run;
    }

    private boolean advancesPastFailures(String syncType) {
        return worker.manifest()
                .syncType(syncType)
                .filter(Manifest.SyncType::advancesPastFailures)
                .isPresent();
    }

    private String firstSyncType() {
        return worker.manifest().syncTypes().getFirst().name();
    }

    /** Closes the integration if it was made here. */
    @Override
    public void close() {
        worker.close();
    }
}
