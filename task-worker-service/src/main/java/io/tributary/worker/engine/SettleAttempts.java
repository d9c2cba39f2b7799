package io.tributary.worker.engine;

import io.tributary.integrations.api.Limits;
import io.tributary.schemas.DeadLetter;
import io.tributary.schemas.RunStatus;
import io.tributary.schemas.Task;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns the outcome of an attempt into records and into changes of the store. All of it, with whatever else happens
 * until the next commit, is one transaction.
 */
final class SettleAttempts {

    private static final Logger LOG = LoggerFactory.getLogger(SettleAttempts.class);

    private final Partition partition;
    private final EndRun endRun;
    private final Send send;
    private final Wire wire;
    private final RandomGenerator random;

    SettleAttempts(Partition partition, EndRun endRun, Send send, Wire wire, RandomGenerator random) {
        this.partition = partition;
        this.endRun = endRun;
        this.send = send;
        this.wire = wire;
        this.random = random;
    }

    void settle(Attempts.Ended ended) {
        WaitingTask waiting = ended.attempt().task();
        Lane lane = ended.attempt().lane();
        lane.settled();
        partition.lanes.attend(lane);
        RunState run = partition.run(waiting.runId());
        Outcome outcome = ended.outcome();
        if (run == null || run.isOver() || outcome == null) {
            partition.store.remove(waiting.key());
            return;
        }
        switch (outcome) {
            case Outcome.Completed completed -> complete(run, waiting, completed);
            case Outcome.Throttled throttled -> rest(run, lane, waiting, throttled);
            case Outcome.Failed failed -> fail(run, lane, waiting, ended.task(), failed);
        }
        if (!(outcome instanceof Outcome.Throttled)) {
            run.progressed(partition.nowMillis());
        }
        partition.changed(run);
    }

    private void complete(RunState run, WaitingTask waiting, Outcome.Completed result) {
        for (byte[] output : result.outputs()) {
            send.output(run.userIntegrationId(), output);
        }
        for (byte[] deadLetter : result.refused()) {
            send.deadLetter(run.userIntegrationId().toString(), deadLetter);
        }
        if (result.firstRefusal() != null) {
            run.itemRefused(result.firstRefusal());
        }
        for (Outcome.EncodedTask followUp : result.followUps()) {
            partition.enqueue(followUp.task(), followUp.bytes());
            send.acceptedTask(run.userIntegrationId(), followUp.bytes());
        }
        for (byte[] listing : result.listed().listings()) {
            send.output(run.userIntegrationId(), listing);
        }
        run.listed(result.listed());
        run.connected(result.account());
        partition.store.remove(waiting.key());
        run.taskCompleted(result.followUps().size(), result.outputs().size(), result.statePatch());
    }

    private void rest(RunState run, Lane lane, WaitingTask waiting, Outcome.Throttled throttled) {
        lane.giveBack(waiting);
        boolean anew = lane.isParkedAnew(partition.nowMillis());
        partition.become(lane, lane.state());
        if (!anew) {
            return; // Other tasks of the lane were told the same.
        }
        LOG.info(
                "{}: to wait, resting userIntegrationId={} runId={} seconds={} reason={}",
                throttled.code(),
                run.userIntegrationId(),
                run.runId(),
                throttled.after().toSeconds(),
                throttled.message());
    }

    private void fail(RunState run, Lane lane, WaitingTask waiting, @Nullable Task task, Outcome.Failed failure) {
        partition.store.remove(waiting.key());
        if (task != null
                && failure.kind().isTriedAgain()
                && task.getAttempt() < lane.limits().attempts()) {
            tryAgain(task, lane.limits(), failure);
            return;
        }
        setAside(run, waiting, task, failure);
        if (failure.kind().endsTheRun()) {
            endRun.end(run, RunStatus.failed, failure.asRunError());
        } else {
            run.taskFailed(failure.asRunError());
        }
    }

    private void tryAgain(Task task, Limits limits, Outcome.Failed failure) {
        long wait = backoffMillis(limits, task.getAttempt());
        long due = partition.nowMillis() + wait;
        Task next = Task.newBuilder(task)
                .setAttempt(task.getAttempt() + 1)
                .setNotBefore(Instant.ofEpochMilli(due))
                .build();
        partition.defer(next, wire.encode(wire.topics().tasks(), next), due);
        LOG.info(
                "{}: task failed, tried again in {} ms userIntegrationId={} runId={} taskId={} taskType={} attempt={} reason={}",
                failure.code(),
                wait,
                task.getUserIntegrationId(),
                task.getRunId(),
                task.getTaskId(),
                task.getType(),
                task.getAttempt(),
                failure.message());
    }

    /** Doubled for each attempt, up to the cap, and then a quarter more or less, so that retries do not come in step. */
    private long backoffMillis(Limits limits, int attempt) {
        double doubled = limits.backoff().toMillis() * Math.pow(2, Math.min(attempt - 1, 30));
        double capped = Math.min(doubled, limits.backoffCap().toMillis());
        return (long) (capped * (0.75 + random.nextDouble() / 2));
    }

    private void setAside(RunState run, WaitingTask waiting, @Nullable Task task, Outcome.Failed failure) {
        var deadLetter = DeadLetter.newBuilder()
                .setTask(task)
                .setRaw(task == null ? ByteBuffer.wrap(waiting.bytes()) : null)
                .setErrorCode(failure.code())
                .setErrorKind(failure.kind().wireName())
                .setMessage(failure.message())
                .setStack(failure.stack())
                .setAttempts(task == null ? 1 : task.getAttempt())
                .setHttpStatus(failure.httpStatus())
                .setAt(Instant.ofEpochMilli(partition.nowMillis()))
                .build();
        send.deadLetter(run.userIntegrationId(), deadLetter);
        LOG.warn(
                "{}: task set aside userIntegrationId={} runId={} taskId={} taskType={} attempt={} reason={}",
                failure.code(),
                run.userIntegrationId(),
                run.runId(),
                task == null ? "?" : task.getTaskId(),
                task == null ? "?" : task.getType(),
                task == null ? 1 : task.getAttempt(),
                failure.message());
    }
}
