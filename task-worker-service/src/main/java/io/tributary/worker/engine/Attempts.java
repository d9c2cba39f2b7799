package io.tributary.worker.engine;

import io.tributary.schemas.Task;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/**
 * Executes tasks on virtual threads and collects what comes of them. A thread that has executed a task takes the next
 * one of its lane, so that a lane never waits for the stream thread to come round.
 *
 * <p>Outcomes that the stream thread has not settled yet are bounded in number: a thread waits before it executes
 * another task, and memory stays flat when the broker is slow.
 */
final class Attempts {

    private static final Duration REGISTRY_REST = Duration.ofSeconds(2);
    private static final Duration SUSPECT_REST = Duration.ofMillis(200);

    private final TaskExecution execution;
    private final Function<UUID, @Nullable RunState> runs;
    private final Wire wire;
    private final Clock clock;
    private final Executor executor;
    private final ExecutionJournal journal;
    private final Semaphore unsettled;
    private final Set<Attempt> executing = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedQueue<Ended> ended = new ConcurrentLinkedQueue<>();
    private final Set<RunState> recounted = ConcurrentHashMap.newKeySet();
    private final AtomicInteger active = new AtomicInteger();
    private volatile boolean closed;
    private volatile boolean othersWait;

    /** An attempt that ended, with its task; the outcome is null when the run was over before. */
    record Ended(
            Attempt attempt, @Nullable Task task, @Nullable Outcome outcome) {}

    /**
     * @param runs the live run of an id, callable from any thread
     * @param executor where tasks are executed; virtual threads in production
     * @param maxUnsettled how many attempts may execute or wait to be settled, 1 and up
     */
    Attempts(
            TaskExecution execution,
            Function<UUID, @Nullable RunState> runs,
            Wire wire,
            Clock clock,
            Executor executor,
            ExecutionJournal journal,
            int maxUnsettled) {
        this.execution = execution;
        this.runs = runs;
        this.wire = wire;
        this.clock = clock;
        this.executor = executor;
        this.journal = journal;
        this.unsettled = new Semaphore(maxUnsettled);
    }

    /** Starts on a task that was taken from its lane. Stream thread. */
    void start(Lane lane, Lane.Taken first) {
        active.incrementAndGet();
        executor.execute(() -> {
            if (executeAll(lane, first)) {
                active.decrementAndGet();
            }
        });
    }

    /** Returns whether the thread still counted at its end: one that was given up does not. */
    private boolean executeAll(Lane lane, Lane.Taken first) {
        Lane.Taken taken = first;
        while (taken != null) {
            if (!unsettled.tryAcquire() && !waitForRoom()) {
                return true;
            }
            var attempt = new Attempt(
                    lane, taken, clock.millis() + lane.limits().taskTimeout().toMillis());
            attempt.executesOn(Thread.currentThread());
            executing.add(attempt);
            if (closed) {
                // The flag was raised before this attempt was there to be interrupted.
                executing.remove(attempt);
                return true;
            }
            boolean goesOn = execute(attempt);
            executing.remove(attempt);
            if (attempt.wasGivenUp()) {
                lane.unstuck();
                return false; // Its slot was released, and is another's by now.
            }
            taken = goesOn && !othersWait
                    ? lane.takeNext(taken.ticket(), clock.millis())
                    : released(lane, taken.ticket());
        }
        return true;
    }

    /** Returns whether the lane goes on: not when the outcome ends the run, which the next task may belong to. */
    private boolean execute(Attempt attempt) {
        WaitingTask waiting = attempt.task();
        RunState run = runs.apply(waiting.runId());
        if (run == null) {
            finish(attempt, null, null);
            return true;
        }
        attempt.countedBy(run);
        recounted.add(run);
        @Nullable Task task = null;
        Outcome outcome;
        try {
            task = wire.decodeTask(waiting.bytes());
            outcome = execute(attempt, task, run);
        } catch (InterruptedException e) {
            // Given up by the one who interrupted, or else the plugin threw this on its own account.
            outcome = failed(Outcome.Kind.TRANSIENT, "polling.taskExecutionFailed", "The task was interrupted.");
        } catch (RetriableException e) {
            outcome =
                    new Outcome.Throttled("polling.registryUnavailable", String.valueOf(e.getMessage()), REGISTRY_REST);
        } catch (SerializationException e) {
            outcome = failed(Outcome.Kind.PERMANENT, "polling.taskUnreadable", String.valueOf(e.getMessage()));
        }
        if (outcome instanceof Outcome.Throttled throttled) {
            // At once, not when it is settled: the next task of this lane would be told the same.
            attempt.lane().park(clock.millis() + throttled.after().toMillis(), throttled.code());
        }
        attempt.leaveRun();
        recounted.add(run);
        finish(attempt, task, outcome);
        return !(outcome instanceof Outcome.Failed failure && failure.kind().endsTheRun());
    }

    /** Executes a task, noted in the journal while it does. */
    private Outcome execute(Attempt attempt, Task task, RunState run) throws InterruptedException {
        int deaths = journal.deathsOf(task.getTaskId());
        if (deaths >= ExecutionJournal.DEATHS_AT_MOST) {
            journal.forget(task.getTaskId());
            return failed(
                    Outcome.Kind.PERMANENT,
                    "polling.taskKilledWorker",
                    "The worker died " + deaths + " times while it executed this task; see its log of then, and"
                            + " mend the integration before the task is tried again.");
        }
        if (!journal.isExecutedAlone(deaths)) {
            return executeNoted(attempt, task, run);
        }
        if (!journal.alone().tryAcquire()) {
            // Not waited for here, where the time that the task may take runs already.
            return new Outcome.Throttled(
                    "polling.suspectWaits",
                    "Tasks that executed when the worker died are executed one after the other.",
                    SUSPECT_REST);
        }
        attempt.holds(journal.alone());
        try {
            return executeNoted(attempt, task, run);
        } finally {
            attempt.letGo();
        }
    }

    private Outcome executeNoted(Attempt attempt, Task task, RunState run) throws InterruptedException {
        int slot = journal.begin(task.getTaskId());
        attempt.notedIn(slot, journal);
        try {
            return execution.execute(
                    task, run.state(), quota -> attempt.ticket().learn(quota, clock.millis()));
        } finally {
            journal.end(task.getTaskId(), slot);
        }
    }

    private static Outcome failed(Outcome.Kind kind, String code, String message) {
        return new Outcome.Failed(kind, code, message);
    }

    private void finish(Attempt attempt, @Nullable Task task, @Nullable Outcome outcome) {
        if (attempt.end()) {
            ended.add(new Ended(attempt, task, outcome));
        }
    }

    private boolean waitForRoom() {
        while (!closed) {
            try {
                if (unsettled.tryAcquire(100, TimeUnit.MILLISECONDS)) {
                    return true;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return false;
    }

    private static Lane.@Nullable Taken released(Lane lane, Pace.Ticket ticket) {
        lane.release(ticket);
        return null;
    }

    /** Hands over what has ended, up to a number. Stream thread. */
    int drain(int max, Consumer<Ended> settle) {
        int count = 0;
        for (Ended next = ended.poll(); next != null; next = count < max ? ended.poll() : null) {
            settle.accept(next);
            unsettled.release();
            count++;
        }
        return count;
    }

    /** Ends the attempts that run too long; they end as timed out. Stream thread. */
    void giveUpOverdue(long nowMillis) {
        for (Attempt attempt : executing) {
            if (attempt.isOverdue(nowMillis) && giveUp(attempt)) {
                String message = "The task did not end within "
                        + attempt.lane().limits().taskTimeout().toSeconds() + " s and was interrupted.";
                ended.add(new Ended(
                        attempt,
                        wire.decodeTask(attempt.task().bytes()),
                        failed(Outcome.Kind.TIMED_OUT, "polling.taskTimedOut", message)));
            }
        }
    }

    /** Ends the attempts of a run that is over. Stream thread. */
    void giveUpRun(UUID runId) {
        for (Attempt attempt : executing) {
            if (attempt.task().runId().equals(runId) && giveUp(attempt)) {
                ended.add(new Ended(attempt, null, null));
            }
        }
    }

    private boolean giveUp(Attempt attempt) {
        if (!attempt.giveUp()) {
            return false;
        }
        active.decrementAndGet();
        attempt.lane().release(attempt.ticket());
        attempt.lane().stuck();
        attempt.leaveRun();
        attempt.letGo();
        attempt.leave(journal);
        attempt.interrupt();
        return true;
    }

    /** Hands over the runs of which tasks began or ceased to execute since this was last asked. Stream thread. */
    void takeRecounted(Consumer<RunState> taker) {
        for (var runs = recounted.iterator(); runs.hasNext(); ) {
            RunState run = runs.next();
            runs.remove(); // first: a change from here on adds it again
            taker.accept(run);
        }
    }

    /** Whether lanes wait for a free thread: then none takes a second task in a row. Stream thread. */
    void othersWait(boolean othersWait) {
        this.othersWait = othersWait;
    }

    /** How many threads execute tasks, those given up not counted. */
    int active() {
        return active.get();
    }

    /** Interrupts what is executing; nothing ends any more. Stream thread. */
    void close() {
        closed = true;
        executing.forEach(attempt -> {
            attempt.giveUp();
            attempt.letGo();
            attempt.interrupt();
        });
    }
}
