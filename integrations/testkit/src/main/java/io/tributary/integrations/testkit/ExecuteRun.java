package io.tributary.integrations.testkit;

import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Limits;
import io.tributary.integrations.api.Listing;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.Task;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.Collectors;

/** Executes a run in memory; used once. */
final class ExecuteRun {

    /** Most outputs, most tasks and most listed items one result may have. */
    private static final int MAX_ITEMS = 10_000;

    /** Most tasks of a run: one that asks for page after page without end would not end here either. */
    private static final int MAX_TASKS = 100_000;

    private static final int MOST_WAITS = 100;
    private static final Duration LONGEST_WAIT = Duration.ofHours(24);

    private final Worker worker;
    private final Manifest manifest;
    private final String syncType;
    private final Interventions interventions;
    private final PriorityQueue<Waiting> waiting =
            new PriorityQueue<>(Comparator.comparingInt(Waiting::priority).thenComparingInt(Waiting::sequence));
    private final List<Task> done = new ArrayList<>();
    private final List<Output> outputs = new ArrayList<>();
    private final List<TaskFailure> failures = new ArrayList<>();
    private final List<Duration> waits = new ArrayList<>();
    private final List<String> listed = new ArrayList<>();
    private boolean everythingListed;
    private TestContext context;
    private JsonObject state;
    private int spawned;
    private int executed;

    private record Waiting(int sequence, int priority, FollowUp followUp) {}

    ExecuteRun(Worker worker, String syncType, TestContext context, Interventions interventions) {
        this.worker = worker;
        this.manifest = worker.manifest();
        this.syncType = syncType;
        this.context = context;
        this.interventions = interventions;
        this.state = context.syncState();
    }

    /** The credentials that the run ended with: those it was given, or the last ones that replaced them. */
    TestContext context() {
        return context;
    }

    InMemoryRun run() throws InterruptedException {
        add(new FollowUp(initialTask(), JsonObject.EMPTY));
        for (Waiting next = waiting.poll(); next != null; next = waiting.poll()) {
            execute(next);
        }
        return new InMemoryRun(done, outputs, failures, state, waits, new Listing(listed, everythingListed));
    }

    private String initialTask() {
        return manifest.syncTypes().stream()
                .filter(type -> type.name().equals(syncType))
                .map(Manifest.SyncType::initialTask)
                .findFirst()
                .orElseThrow(() -> new AssertionError("the manifest has no sync type " + syncType));
    }

    private void execute(Waiting next) throws InterruptedException {
        boolean renewed = false;
        for (int attempt = 1; ; ) {
            var task = new Task(next.followUp.type(), next.followUp.payload(), attempt);
            var taskContext = context.withSyncState(state).withIdempotencyKey("task-" + next.sequence);
            try {
                TaskResult result = interventions.deadline().run(worker.integration(), task, taskContext);
                if (++executed == interventions.crashAfterTask()) {
                    worker.crash();
                    continue; // The result is lost; the task is executed again, as the same attempt.
                }
                accept(task, result);
                interventions.afterTask().accept(done.size());
                return;
            } catch (TaskFailure failure) {
                if (waited(failure)) {
                    continue;
                }
                if (failure instanceof TaskFailure.Unauthorized && !renewed && interventions.renewal() != null) {
                    renewed = true; // Once a task, in the same attempt: refused again, it is not the token's age.
                    context = context.withCredentials(interventions.renewal().get());
                    continue;
                }
                if (!(failure instanceof TaskFailure.Transient)
                        || attempt >= manifest.limits().attempts()) {
                    failures.add(failure);
                    return;
                }
                backOff(attempt++);
            }
        }
    }

    /** Moves the clock as far as a failure asks; false when it asks for no wait, or cannot be waited for. */
    private boolean waited(TaskFailure failure) {
        if (!(failure instanceof TaskFailure.RetryLater later)
                || !(context.clock() instanceof SettableClock clock)
                || waits.size() >= MOST_WAITS) {
            return false;
        }
        Duration wait = later.after().compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : later.after();
        waits.add(wait);
        clock.advance(wait);
        return true;
    }

    private void backOff(int attempt) {
        if (context.clock() instanceof SettableClock clock) {
            Limits limits = manifest.limits();
            Duration wait = limits.backoff().multipliedBy(1L << Math.min(attempt - 1, 20));
            clock.advance(wait.compareTo(limits.backoffCap()) > 0 ? limits.backoffCap() : wait);
        }
    }

    private void accept(Task task, TaskResult result) {
        int listedItems = result.listing().externalIds().size();
        if (result.outputs().size() > MAX_ITEMS || result.tasks().size() > MAX_ITEMS || listedItems > MAX_ITEMS) {
            throw new AssertionError(task.type() + " returned "
                    + result.outputs().size() + " outputs and " + result.tasks().size() + " tasks, and listed "
                    + listedItems + " items; " + MAX_ITEMS + " of each is the most");
        }
        done.add(task);
        outputs.addAll(result.outputs());
        result.tasks().forEach(this::add);
        listed.addAll(result.listing().externalIds());
        everythingListed |= result.listing().everything();
        state = state.patchedWith(result.statePatch());
    }

    private void add(FollowUp followUp) {
        if (spawned == MAX_TASKS) {
            throw new AssertionError("the run has more than " + MAX_TASKS + " tasks, the last one " + followUp.type());
        }
        var type = manifest.taskTypes().stream()
                .filter(declared -> declared.name().equals(followUp.type()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("task type " + followUp.type()
                        + " is not in the manifest, which has "
                        + manifest.taskTypes().stream()
                                .map(Manifest.TaskType::name)
                                .collect(Collectors.joining(", "))));
        waiting.add(new Waiting(spawned++, type.priority(), followUp));
    }
}
