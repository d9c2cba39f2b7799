package io.tributary.worker.engine;

import io.tributary.integrations.api.Limits;
import io.tributary.schedule.Backoff;
import io.tributary.schemas.DeadLetter;
import io.tributary.schemas.RunStatus;
import io.tributary.schemas.Task;
import io.tributary.worker.engine.TaskCounters.Settled;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns the outcome of an attempt into records and changes of the store, in the transaction of the next commit.
 */
record SettleAttempts(Partition partition, EndRun endRun, RecordSender sender, EngineConfig config) {

    private static final Logger log = LoggerFactory.getLogger(SettleAttempts.class);

    void settle(Attempts.Ended ended) {
        WaitingTask waiting = ended.attempt().task();
        Lane lane = ended.attempt().lane();
        lane.settled();
        partition.marks().ended(waiting.key());
        partition.lanes().attend(lane);
        RunState run = partition.runs().find(waiting.runId());
        Outcome outcome = ended.outcome();
        BegunEffect effect = ended.attempt().taken().effect();
        boolean uncertain = effect != null
                && partition.effects().ended(effect, outcome, ended.attempt().wasGivenUp(), partition.seen());
        if (run == null || run.isOver() || outcome == null) {
            partition.lanes().remove(waiting);
            if (effect != null) {
                settleAfterItsRun(run, effect, outcome, uncertain);
            }
            count(ended.task(), Settled.DROPPED);
            return;
        }
        switch (outcome) {
            case Outcome.Completed completed
            when !run.admits(completed, config.bounds().maxStateBytes()) ->
                fail(
                        run,
                        lane,
                        waiting,
                        ended.task(),
                        Outcome.stateTooLarge(config.bounds().maxStateBytes()),
                        false);
            case Outcome.Completed completed -> {
                complete(run, waiting, completed);
                count(ended.task(), Settled.COMPLETED);
            }
            case Outcome.Throttled throttled -> {
                throttle(run, lane, waiting, throttled);
                count(ended.task(), Settled.THROTTLED);
            }
            case Outcome.Failed failed -> fail(run, lane, waiting, ended.task(), failed, uncertain);
        }
        partition.runs().changed(run);
    }

    /** The run is over, but the effect may have happened: it is stored, or somebody has to find out. */
    private void settleAfterItsRun(
            @Nullable RunState run, BegunEffect effect, @Nullable Outcome outcome, boolean uncertain) {
        Task task = effect.task();
        if (outcome instanceof Outcome.Completed completed && run != null) { // Its last progress follows.
            run.returnedLate(completed.outputs().size());
            completed.outputs().forEach(output -> sender.output(task.getUserIntegrationId(), output));
        } else if (outcome instanceof Outcome.Completed completed) {
            completed.outputs().forEach(output -> sender.lateOutput(task.getUserIntegrationId(), output));
        } else if (uncertain) {
            deadLetter(
                    task.getUserIntegrationId(),
                    task,
                    null,
                    Outcome.interruptedEffect("Its run ended while it was executed."));
        }
    }

    private void count(@Nullable Task task, Settled as) {
        config.metrics().tasks().count(task, as);
    }

    private void complete(RunState run, WaitingTask waiting, Outcome.Completed result) {
        for (byte[] output : result.outputs()) {
            sender.output(run.userIntegrationId(), output);
        }
        String rejection = result.firstRejection() == null
                ? TaskLabels.OTHER
                : result.firstRejection().getCode();
        for (byte[] deadLetter : result.rejected()) {
            sender.deadLetter(run.userIntegrationId().toString(), rejection, deadLetter);
        }
        partition.tasks().expect(run.runId(), result.followUps());
        for (Outcome.EncodedTask followUp : result.followUps()) {
            if (followUp.afterCommit()) {
                sender.taskAfterCommit(run.userIntegrationId(), followUp.bytes());
            } else {
                partition.lanes().enqueue(followUp.task(), partition.tasks().stored(followUp));
                sender.acceptedTask(run.userIntegrationId(), followUp.bytes());
            }
        }
        for (byte[] listing : result.listed().listings()) {
            sender.output(run.userIntegrationId(), listing);
        }
        partition.lanes().remove(waiting);
        run.taskCompleted(result, config.nowMillis());
        log.debug(
                "worker.taskCompleted: task completed userIntegrationId={} runId={} outputs={} followUps={}",
                run.userIntegrationId(),
                run.runId(),
                result.outputs().size(),
                result.followUps().size());
    }

    private void throttle(RunState run, Lane lane, WaitingTask waiting, Outcome.Throttled throttled) {
        lane.giveBack(waiting);
        boolean anew = lane.isThrottledAnew(config.nowMillis());
        partition.lanes().become(lane, lane.state());
        if (!anew) {
            return; // Reported with the first task of the lane.
        }
        log.info(
                "worker.throttled: throttled by the provider code={} userIntegrationId={} runId={} seconds={}"
                        + " reason={}",
                throttled.code(),
                run.userIntegrationId(),
                run.runId(),
                throttled.after().toSeconds(),
                throttled.message());
    }

    /** @param uncertain whether nobody knows if the task had its effect */
    private void fail(
            RunState run,
            Lane lane,
            WaitingTask waiting,
            @Nullable Task task,
            Outcome.Failed outcome,
            boolean uncertain) {
        partition.lanes().remove(waiting);
        run.progressed(config.nowMillis());
        if (task != null
                && outcome.kind().isTriedAgain()
                && task.getAttempt() < lane.limits().attempts()) {
            run.triesAgainAt(tryAgain(task, lane.limits(), outcome));
            count(task, Settled.RETRIED);
            return;
        }
        Outcome.Failed failure = uncertain ? outcome.asUncertain() : outcome;
        deadLetter(run.userIntegrationId(), task, waiting, failure);
        count(task, Settled.FAILED);
        if (outcome.kind().endsTheRun()) {
            endRun.end(run, RunStatus.failed, outcome.asRunError());
        } else {
            run.taskFailed(failure.asRunError());
        }
    }

    /** Returns when, milliseconds since the epoch. */
    private long tryAgain(Task task, Limits limits, Outcome.Failed failure) {
        long wait = backoff(limits, task.getAttempt()).toMillis();
        long due = config.nowMillis() + wait;
        Task next = Task.newBuilder(task)
                .setAttempt(task.getAttempt() + 1)
                .setNotBefore(Instant.ofEpochMilli(due))
                .build();
        partition
                .deferred()
                .add(next, config.codec().encode(config.codec().topics().tasks(), next), due);
        log.info(
                "worker.taskRetried: task failed, tried again code={} waitMillis={} userIntegrationId={} runId={}"
                        + " taskId={} taskType={} attempt={} reason={}",
                failure.code(),
                wait,
                task.getUserIntegrationId(),
                task.getRunId(),
                task.getTaskId(),
                task.getType(),
                task.getAttempt(),
                failure.message());
        return due;
    }

    /**
     * Doubled for each attempt, up to the cap, and then a quarter more or less, so that retries do not come in step.
     */
    private Duration backoff(Limits limits, int attempt) {
        return limits.backoff().isZero()
                ? Duration.ZERO
                : new Backoff(limits.backoff(), 2, limits.backoffCap(), 0.25).after(attempt, config.random());
    }

    private void deadLetter(
            UUID userIntegrationId, @Nullable Task task, @Nullable WaitingTask waiting, Outcome.Failed failure) {
        int attempts = task == null ? 1 : task.getAttempt();
        var deadLetter = DeadLetter.newBuilder()
                .setTask(task)
                .setRaw(task == null && waiting != null ? ByteBuffer.wrap(waiting.bytes()) : null)
                .setErrorCode(failure.code())
                .setErrorKind(failure.kind().wireName())
                .setMessage(failure.message())
                .setStack(failure.stack())
                .setAttempts(attempts)
                .setHttpStatus(failure.httpStatus())
                .setAt(Instant.ofEpochMilli(config.nowMillis()))
                .build();
        sender.deadLetter(userIntegrationId.toString(), deadLetter);
        log.warn(
                "worker.taskDeadLettered: task dead-lettered code={} userIntegrationId={} runId={} taskId={}"
                        + " taskType={} attempt={} reason={}",
                failure.code(),
                userIntegrationId,
                task == null ? Objects.requireNonNull(waiting).runId() : task.getRunId(),
                task == null ? "?" : task.getTaskId(),
                task == null ? "?" : task.getType(),
                attempts,
                failure.message());
    }
}
