package io.tributary.worker.engine;

import io.tributary.egress.FairShares;
import io.tributary.egress.Tenant;
import io.tributary.schemas.Task;
import io.tributary.worker.codec.StackText;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes tasks on virtual threads and collects their outcomes. A thread that has executed a task takes the next one
 * of its lane, so that a lane never waits for the next turn of the stream thread.
 *
 * <p>Outcomes that the stream thread has not settled yet are bounded in number and bytes: a thread waits before it
 * executes another task, and memory stays flat when the broker is slow.
 */
final class Attempts {

    private static final Logger log = LoggerFactory.getLogger(Attempts.class);
    private static final Duration REGISTRY_WAIT = Duration.ofSeconds(2);

    private final EngineConfig config;
    private final ExecutionJournal journal;
    private final LiveRuns runs;
    private final RunTasks tasks;
    private final Set<Attempt> executing = ConcurrentHashMap.newKeySet();
    private final EndedAttempts ended;
    private final Set<RunState> recounted = ConcurrentHashMap.newKeySet();
    private final FairShares threads;
    private volatile Counts.@Nullable EndedTwiceException fault;
    private volatile boolean closed;
    private volatile boolean othersWait;

    /** An attempt that ended, with its task; the outcome is null when the run was over before. */
    record Ended(
            Attempt attempt, @Nullable Task task, @Nullable Outcome outcome) {}

    Attempts(EngineConfig config, LiveRuns runs, RunTasks tasks) {
        this.config = config;
        this.journal = config.journal();
        this.runs = runs;
        this.tasks = tasks;
        this.ended = new EndedAttempts(config);
        this.threads = new FairShares(config.bounds().maxExecuting());
    }

    /** Starts a task that was taken from its lane. Stream thread. */
    void start(Lane lane, Turn.Taken first) {
        reserve(lane);
        begin(lane, first);
    }

    /** Reserves a thread for a task that begins later. Stream thread. */
    void reserve(Lane lane) {
        if (!threads.tryTake(lane.share().threadBegins())) {
            throw new IllegalStateException("a task starts although there is no room for its tenant");
        }
    }

    /** Begins a task on the thread that was reserved for it. Stream thread. */
    void begin(Lane lane, Turn.Taken first) {
        config.executor().execute(() -> {
            try {
                if (executeAll(lane, first)) {
                    threads.release(lane.share().threadEnds());
                }
            } catch (Counts.EndedTwiceException e) {
                fault = e;
            }
        });
    }

    /** Returns whether the thread still counts at its end, that is, was not given up. */
    private boolean executeAll(Lane lane, Turn.Taken first) {
        Turn.Taken taken = first;
        while (taken != null) {
            long expectedBytes = lane.share().expectedBytes();
            if (!ended.reserve(expectedBytes)) {
                return true;
            }
            var attempt = new Attempt(
                    lane,
                    taken,
                    config.clock().nanos() + lane.limits().taskTimeout().toNanos());
            attempt.resultBytes(expectedBytes);
            if (lane.share().startsOneByOne()) {
                attempt.ownPermit();
            }
            executing.add(attempt);
            if (closed) {
                // The flag was set before this attempt could be interrupted.
                executing.remove(attempt);
                return true;
            }
            boolean goesOn = execute(attempt);
            executing.remove(attempt);
            if (attempt.wasGivenUp()) {
                lane.unstuck();
                return false; // Its slot was released, and may belong to another task by now.
            }
            if (!goesOn || othersWait || lane.share().startsOneByOne()) {
                lane.release(taken);
                return true;
            }
            taken = lane.takeNext(taken, config.nowMillis());
        }
        return true;
    }

    /**
     * Returns whether the lane continues: not after an outcome that ends the run, since the next task may belong to the
     * same run.
     */
    private boolean execute(Attempt attempt) {
        WaitingTask waiting = attempt.task();
        RunState run = runs.find(waiting.runId());
        if (run == null) {
            finish(attempt, null, null);
            return true;
        }
        run.taskBegins();
        attempt.own(run::taskLeaves);
        recounted.add(run);
        @Nullable Task task = null;
        Outcome outcome;
        try {
            task = tasks.decode(waiting);
            outcome = execute(attempt, task, run);
        } catch (InterruptedException e) {
            // The interrupting thread gave up the attempt; otherwise the plugin itself threw this exception.
            outcome = failed(Outcome.Kind.TRANSIENT, "polling.taskExecutionFailed", "The task was interrupted.");
        } catch (SerializationException e) {
            outcome = failed(Outcome.Kind.PERMANENT, "polling.taskUnreadable", String.valueOf(e.getMessage()));
        } catch (KafkaException e) { // The registry does not answer, or refuses this worker: not the task's fault.
            outcome =
                    new Outcome.Throttled("polling.registryUnavailable", String.valueOf(e.getMessage()), REGISTRY_WAIT);
        } catch (Counts.EndedTwiceException e) {
            throw e;
        } catch (Throwable e) { // Whatever it is: a thread that ends here would count as stuck for ever.
            String stack = StackText.of(e);
            log.error(
                    "polling.taskExecutionFailed: the worker cannot execute a task runId={}\n{}",
                    waiting.runId(),
                    stack);
            outcome = new Outcome.Failed(
                    Outcome.Kind.TRANSIENT,
                    "polling.taskExecutionFailed",
                    "The worker cannot execute the task (" + e.getClass().getSimpleName() + "); see its log.",
                    stack,
                    null);
        } finally {
            attempt.release();
        }
        if (outcome instanceof Outcome.Throttled throttled) {
            // Immediately, not when the attempt is settled: the provider would throttle the next task of this lane too.
            attempt.lane().throttle(config.nowMillis() + throttled.after().toMillis(), throttled.code());
        }
        recounted.add(run);
        finish(attempt, task, outcome);
        return !(outcome instanceof Outcome.Failed failure && failure.kind().endsTheRun());
    }

    /** Executes a task, with an entry in the journal meanwhile. */
    private Outcome execute(Attempt attempt, Task task, RunState run) throws InterruptedException {
        UUID id = task.getTaskId();
        if (config.results().fatal().isPoison(id)) {
            return failed(
                    Outcome.Kind.PERMANENT,
                    "polling.resultStopsWorker",
                    "The worker cannot settle the result of this task, and stopped " + FatalResults.MOST
                            + " times over it: see its log.");
        }
        int deaths = journal.deathsOf(id);
        if (deaths >= ExecutionJournal.DEATHS_AT_MOST) {
            journal.forget(id);
            return failed(
                    Outcome.Kind.PERMANENT,
                    "polling.taskKilledWorker",
                    "The worker died " + deaths + " times while it executed this task: see its log, and"
                            + " fix the integration before the task is tried again.");
        }
        if (journal.isExecutedAlone(deaths)) {
            if (!journal.beAlone(id)) {
                // Does not wait for the permit here, since the task's timeout runs already.
                return new Outcome.Throttled(
                        ExecutionJournal.SUSPECT_WAITS,
                        "Tasks that executed when the worker died are executed one after the other.",
                        ExecutionJournal.SUSPECT_WAIT);
            }
            attempt.own(() -> journal.leaveAlone(id));
        }
        int slot = journal.begin(id);
        attempt.own(() -> {
            if (attempt.wasGivenUp()) {
                journal.giveUp(slot, attempt.thread());
            } else {
                journal.end(id, slot);
            }
        });
        return config.execution()
                .execute(task, attempt.taken().effect(), run.state(), attempt.learning(config.clock()));
    }

    private static Outcome failed(Outcome.Kind kind, String code, String message) {
        return new Outcome.Failed(kind, code, message);
    }

    private void finish(Attempt attempt, @Nullable Task task, @Nullable Outcome outcome) {
        if (attempt.end()) {
            ended.addWeighed(new Ended(attempt, task, outcome));
        }
    }

    /** Hands over ended attempts, as far as the budget of a turn allows. Stream thread. */
    void drain(TurnBudget budget, Consumer<Ended> settle) {
        if (fault != null) {
            throw new IllegalStateException("the engine of this partition starts anew from its store", fault);
        }
        ended.drain(budget, settle);
    }

    /** Ends attempts that run too long, as timed out. Stream thread. */
    void giveUpOverdue() {
        long now = config.clock().nanos();
        for (Attempt attempt : executing) {
            if (attempt.isOverdue(now) && giveUp(attempt)) {
                String message = "The task did not end within "
                        + attempt.lane().limits().taskTimeout().toSeconds() + " s and was interrupted.";
                ended.add(new Ended(
                        attempt,
                        tasks.decode(attempt.task()),
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
        Lane lane = attempt.lane();
        lane.stuck(); // First: the thread may return, and report it, as soon as it was given up.
        if (!attempt.giveUp()) {
            lane.unstuck();
            return false;
        }
        threads.release(lane.share().threadEnds());
        lane.release(attempt.taken());
        return true;
    }

    /** Hands over the runs of which tasks began or ceased to execute since the last call. Stream thread. */
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

    /**
     * Whether no task executes and no outcome waits. A thread adds its outcome before it returns its slot, so an
     * outcome is not overlooked; threads that were given up have none. Stream thread.
     */
    boolean areIdle() {
        return threads.used() == 0 && ended.isEmpty() && recounted.isEmpty();
    }

    /** Whether another thread may execute tasks of a tenant. Threads that were given up do not count. */
    boolean haveRoom(Tenant tenant) {
        return threads.hasRoom(tenant);
    }

    /** Interrupts the executing tasks; no attempt ends after that. Stream thread. */
    void close() {
        closed = true;
        ended.close();
        executing.forEach(this::giveUp);
    }
}
