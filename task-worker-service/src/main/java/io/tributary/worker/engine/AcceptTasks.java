package io.tributary.worker.engine;

import io.tributary.integrations.api.JsonObject;
import io.tributary.schemas.DeadLetter;
import io.tributary.schemas.RunError;
import io.tributary.schemas.RunStatus;
import io.tributary.schemas.Task;
import io.tributary.schemas.Topics;
import io.tributary.worker.codec.Json;
import io.tributary.worker.codec.MessageCodec;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * Stores tasks that arrive on the topic, each once.
 *
 * <p>The store already has most follow-up tasks: the worker that executed its parent stored it in the transaction that
 * published it, and marked the record with a header. A follow-up task without this header was published a second time
 * by another program, and is dropped. A follow-up task that waits for the commit of its parent's result has another
 * header: it enters the store here. A task without a parent starts a run, or joins one from outside; its id shows
 * whether it arrived before.
 */
record AcceptTasks(Partition partition, EndUnknownRun endUnknownRun, RecordSender sender, EngineConfig config) {

    private static final Logger log = LoggerFactory.getLogger(AcceptTasks.class);

    /** Largest task that is accepted: half of a record, since a dead letter with the task must fit as well. */
    private static final int MAX_TASK_BYTES = Topics.MAX_RECORD_BYTES / 2;

    void accept(String key, byte[] bytes) {
        Incoming incoming = decode(key, bytes);
        if (incoming == null) {
            return;
        }
        Task task = incoming.task();
        if (task.getParentTaskId() != null || !partition.seen().add(task.getTaskId(), task.getRunId())) {
            drop(task);
            return;
        }
        long now = config.nowMillis();
        if (bytes.length > MAX_TASK_BYTES) {
            refuse(task, incoming.state(), now, bytes.length);
            return;
        }
        join(task, incoming.state(), now);
        Instant notBefore = task.getNotBefore();
        if (notBefore != null && notBefore.toEpochMilli() > now) {
            partition.deferred().add(task, bytes, notBefore.toEpochMilli());
        } else {
            partition.lanes().enqueue(task, bytes);
        }
    }

    /**
     * Takes a follow-up task that waited for the commit of its parent's result, which its run counts as pending since
     * then. Kafka hands over the record after that commit, and once; its id keeps a copy by another program out.
     */
    void acceptCommitted(String key, byte[] bytes) {
        Incoming incoming = decode(key, bytes);
        if (incoming == null) {
            return;
        }
        Task task = incoming.task();
        if (partition.seen().add(task.getTaskId(), task.getRunId())
                && partition.runs().contain(task.getRunId())) {
            partition.lanes().enqueue(task, bytes);
        } else {
            drop(task);
        }
    }

    private record Incoming(Task task, JsonObject state) {}

    /** The task of a record; null: the record is not one, and was dead-lettered. */
    private @Nullable Incoming decode(String key, byte[] bytes) {
        try {
            Task task = config.codec().decodeTask(bytes);
            return new Incoming(
                    task, task.getSyncState() == null ? JsonObject.EMPTY : Json.readObject(task.getSyncState()));
        } catch (RetriableException e) {
            throw e; // The registry does not answer: the record is read again.
        } catch (SerializationException | JacksonException e) {
            deadLetter(key, bytes, e);
            endRunOf(key, bytes);
            return null;
        }
    }

    private static void drop(Task task) {
        log.info(
                "worker.taskDropped: task seen before, or of a run that is over, dropped userIntegrationId={} runId={}"
                        + " taskId={} taskType={}",
                task.getUserIntegrationId(),
                task.getRunId(),
                task.getTaskId(),
                task.getType());
    }

    private void join(Task task, JsonObject state, long now) {
        LiveRuns runs = partition.runs();
        RunState run = runs.find(task.getRunId());
        if (run == null || run.isOver()) {
            runs.begin(RunState.begunBy(task, state, now));
        } else {
            run.joined();
            runs.changed(run);
        }
    }

    /** The store, and a dead letter with the task, could not hold it: the run ends at once. */
    private void refuse(Task task, JsonObject state, long now, int bytes) {
        var error = new RunError(
                "polling.taskTooLarge",
                "The task has " + bytes + " bytes; the most is " + MAX_TASK_BYTES + ".",
                Outcome.Kind.PERMANENT.wireName());
        log.error(
                "polling.taskTooLarge: task dead-lettered userIntegrationId={} runId={} taskId={} taskType={} bytes={}",
                task.getUserIntegrationId(),
                task.getRunId(),
                task.getTaskId(),
                task.getType(),
                bytes);
        join(task, state, now);
        RunState run = Objects.requireNonNull(partition.runs().find(task.getRunId()));
        run.taskFailed(error);
        partition.runs().changed(run);
        sender.deadLetter(
                task.getUserIntegrationId().toString(),
                DeadLetter.newBuilder()
                        .setTask(task)
                        .setErrorCode(error.getCode())
                        .setMessage(error.getMessage())
                        .setAttempts(1)
                        .setAt(Instant.ofEpochMilli(now))
                        .build());
    }

    private void deadLetter(String key, byte[] bytes, RuntimeException cause) {
        MessageCodec codec = config.codec();
        log.error(
                "polling.taskUnreadable: a record is not a task, dead-lettered topic={} key={}",
                codec.topics().tasks(),
                key,
                cause);
        var deadLetter = DeadLetter.newBuilder()
                .setRaw(ByteBuffer.wrap(bytes))
                .setErrorCode("polling.taskUnreadable")
                .setMessage(String.valueOf(cause.getMessage()))
                .setAttempts(1)
                .setAt(Instant.ofEpochMilli(config.nowMillis()))
                .build();
        sender.deadLetter(key, deadLetter);
    }

    /** Without its initial task, the run would stay live for ever, as far as the record names it. */
    private void endRunOf(String key, byte[] bytes) {
        UUID userIntegrationId = UnreadableTask.userIntegrationOf(key);
        UUID runId = UnreadableTask.runBegunBy(bytes);
        if (userIntegrationId != null && runId != null && !partition.runs().contain(runId)) {
            endUnknownRun.end(
                    userIntegrationId,
                    runId,
                    RunStatus.failed,
                    new RunError(
                            "polling.taskUnreadable",
                            "The worker cannot read the initial task of the run: see the dead letters.",
                            "permanent"));
        }
    }
}
