package io.tributary.worker.engine;

import io.tributary.integrations.api.JsonObject;
import io.tributary.schemas.DeadLetter;
import io.tributary.schemas.Task;
import io.tributary.worker.Json;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * Takes tasks that arrive on the topic into the store, each once.
 *
 * <p>A follow-up task never arrives this way: the worker that executed its parent took it into its store in the same
 * transaction that published it. One that does arrive, without the header that says so, was published by something
 * else a second time, and is dropped. What starts a run, or joins one from outside, has no parent, and is known by its
 * id.
 */
final class AcceptTasks {

    private static final Logger LOG = LoggerFactory.getLogger(AcceptTasks.class);

    private final Partition partition;
    private final Send send;
    private final Wire wire;

    AcceptTasks(Partition partition, Send send, Wire wire) {
        this.partition = partition;
        this.send = send;
        this.wire = wire;
    }

    void accept(String key, byte[] bytes) {
        Task task;
        JsonObject state;
        try {
            task = wire.decodeTask(bytes);
            state = task.getSyncState() == null ? JsonObject.EMPTY : Json.readObject(task.getSyncState());
        } catch (RetriableException e) {
            throw e; // The registry is away: the record is read again.
        } catch (SerializationException | JacksonException e) {
            setAside(key, bytes, e);
            return;
        }
        if (task.getParentTaskId() != null || !partition.firstSight(task.getTaskId())) {
            LOG.info(
                    "task seen before, dropped userIntegrationId={} runId={} taskId={} taskType={}",
                    task.getUserIntegrationId(),
                    task.getRunId(),
                    task.getTaskId(),
                    task.getType());
            return;
        }
        join(task, state);
        Instant notBefore = task.getNotBefore();
        if (notBefore != null && notBefore.toEpochMilli() > partition.nowMillis()) {
            partition.defer(task, bytes, notBefore.toEpochMilli());
        } else {
            partition.enqueue(task, bytes);
        }
    }

    private void join(Task task, JsonObject state) {
        RunState run = partition.run(task.getRunId());
        if (run == null || run.isOver()) {
            partition.begin(RunState.begunBy(task, state, partition.nowMillis()));
        } else {
            run.joined();
            partition.changed(run);
        }
    }

    private void setAside(String key, byte[] bytes, RuntimeException cause) {
        LOG.error(
                "polling.taskUnreadable: a record on {} is not a task, set aside key={}",
                wire.topics().tasks(),
                key,
                cause);
        var deadLetter = DeadLetter.newBuilder()
                .setRaw(ByteBuffer.wrap(bytes))
                .setErrorCode("polling.taskUnreadable")
                .setMessage(String.valueOf(cause.getMessage()))
                .setAttempts(1)
                .setAt(Instant.ofEpochMilli(partition.nowMillis()))
                .build();
        send.deadLetter(key, wire.encode(wire.topics().deadLetters(), deadLetter));
    }
}
