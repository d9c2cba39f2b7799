package io.tributary.integrations.workbench;

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
import java.util.List;

/** Executes a run in memory, each task with the attempts and waits of the engine; used once. */
final class ExecuteRun {

    /** Most tasks of a run: one that asks for page after page without end would not end here either. */
    private static final int MAX_TASKS = 100_000;

    private static final int MOST_WAITS = 100;
    private static final Duration LONGEST_WAIT = Duration.ofHours(24);

    private final Worker worker;
    private final Manifest manifest;
    private final Interventions interventions;
    private final List<Task> done = new ArrayList<>();
    private final List<Output> outputs = new ArrayList<>();
    private final List<TaskFailure> failures = new ArrayList<>();
    private final List<Duration> waits = new ArrayList<>();
    private final List<String> listed = new ArrayList<>();
    private boolean everythingListed;
    private LocalContext context;
    private int executed;

    ExecuteRun(Worker worker, LocalContext context, Interventions interventions) {
        this.worker = worker;
        this.manifest = worker.manifest();
        this.context = context;
        this.interventions = interventions;
    }

    /**
     * The account that the run ended with: that which it was given, or with the last credentials that replaced those.
     */
    LocalAccount account() {
        return context.account();
    }

    InMemoryRun run(String syncType) throws InterruptedException {
        String first = manifest.syncType(syncType)
                .orElseThrow(() -> new AssertionError("the manifest has no sync type " + syncType))
                .initialTask();
        var engine = new InMemoryEngine(manifest, this::execute, context.syncState(), MAX_TASKS);
        var sum = engine.run(new FollowUp(first, JsonObject.EMPTY), this::take);
        if (sum.left() > 0) {
            throw new AssertionError("the run has more than " + MAX_TASKS + " tasks; " + sum.left() + " are left");
        }
        return new InMemoryRun(done, outputs, failures, sum.state(), waits, new Listing(listed, everythingListed));
    }

    private TaskResult execute(Task first, String idempotencyKey, JsonObject state)
            throws TaskFailure, InterruptedException {
        boolean renewed = false;
        for (int attempt = 1; ; ) {
            var task = new Task(first.type(), first.payload(), attempt);
            var taskContext = context.withSyncState(state).withIdempotencyKey(idempotencyKey);
            try {
                TaskResult result = interventions.deadline().run(worker.integration(), task, taskContext);
                if (++executed == interventions.crashAfterTask()) {
                    worker.crash();
                    continue; // The result is lost; the task is executed again, as the same attempt.
                }
                return checked(task, result);
            } catch (TaskFailure failure) {
                if (waited(failure)) {
                    continue;
                }
                if (failure instanceof TaskFailure.Unauthorized && !renewed && interventions.renewal() != null) {
                    renewed =
                            true; // Once a task, in the same attempt: after a second refusal it is not the token's age.
                    context = context.withCredentials(interventions.renewal().get());
                    continue;
                }
                if (!(failure instanceof TaskFailure.Transient)
                        || attempt >= manifest.limits().attempts()) {
                    throw failure;
                }
                backOff(attempt++);
            }
        }
    }

    private TaskResult checked(Task task, TaskResult result) {
        try {
            TaskResult.check(result, manifest);
        } catch (TaskFailure.Permanent broken) {
            throw new AssertionError(task.type() + " breaks a rule: " + broken.reason(), broken);
        }
        done.add(task);
        return result;
    }

    private void take(TaskEnd end) {
        switch (end) {
            case TaskEnd.Failed it -> failures.add(it.failure());
            case TaskEnd.Done it -> {
                outputs.addAll(it.result().outputs());
                listed.addAll(it.result().listing().externalIds());
                everythingListed |= it.result().listing().everything();
                interventions.afterTask().accept(done.size());
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
}
