package io.tributary.worker.engine;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * What a partition must not forget, in one key-value store whose changelog is written in the transaction that also
 * sends the records:
 *
 * <pre>
 *   T lane priority sequence -> run, task      a waiting task; stays until its attempt is settled
 *   D due lane task          -> run, task      a task that waits for its time
 *   R run                    -> RunState       a run under way
 *   S id                     -> time           a task that came from outside was accepted; a second one is dropped
 *   E time id                -> nothing        the same by time, so that it can be forgotten
 *   L lane                   -> LaneState      pause, throttling
 * </pre>
 *
 * <p>Ranges are always bounded at both ends: the in-memory store copies the keys of a range, and RocksDB would wade
 * through tombstones. Stream thread only.
 */
final class PendingStore {

    /** Name of the store; also part of its changelog topic's name. */
    static final String NAME = "pending";

    private static final byte TASK = 'T';
    private static final byte DEFERRED = 'D';
    private static final byte RUN = 'R';
    private static final byte SEEN = 'S';
    private static final byte SEEN_BY_TIME = 'E';
    private static final byte LANE = 'L';
    private static final byte[] NOTHING = {};

    private final KeyValueStore<Bytes, byte[]> store;

    PendingStore(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
    }

    // Waiting tasks

    void put(WaitingTask task) {
        store.put(taskKey(task.key()), withRun(task.runId(), task.bytes()));
    }

    void remove(TaskKey key) {
        store.delete(taskKey(key));
    }

    /** The waiting tasks of a lane and priority whose sequence is from {@code first} to {@code last}, in order. */
    List<WaitingTask> waiting(UUID lane, int priority, long first, long last) {
        var found = new ArrayList<WaitingTask>();
        var from = taskKey(new TaskKey(lane, priority, first));
        var to = taskKey(new TaskKey(lane, priority, last));
        try (var range = store.range(from, to)) {
            range.forEachRemaining(entry -> found.add(waitingTask(readTaskKey(entry.key), entry.value)));
        }
        return found;
    }

    // Deferred tasks

    /**
     * Puts a task that waits for its time. The key has the task's id: a number counted here could meet one that was
     * counted before a restart, by a clock that has not moved since, and one task would take another's place.
     */
    void defer(long dueMillis, UUID lane, UUID taskId, UUID runId, byte[] task) {
        store.put(deferredKey(dueMillis, lane, taskId), withRun(runId, task));
    }

    /** Takes the deferred tasks that are due out of the store and hands each over. */
    void takeDue(long nowMillis, DueTask taker) {
        var keys = new ArrayList<Bytes>();
        var from = deferredKey(0, new UUID(0, 0), new UUID(0, 0));
        var to = deferredKey(nowMillis, new UUID(-1, -1), new UUID(-1, -1));
        try (var range = store.range(from, to)) {
            range.forEachRemaining(entry -> {
                keys.add(entry.key);
                var key = ByteBuffer.wrap(entry.key.get(), 9, 16);
                taker.take(readUuid(key), readRun(entry.value), readTask(entry.value));
            });
        }
        keys.forEach(store::delete);
    }

    @FunctionalInterface
    interface DueTask {
        void take(UUID lane, UUID runId, byte[] task);
    }

    // Runs and lanes

    void putRun(UUID runId, byte[] state) {
        store.put(uuidKey(RUN, runId), state);
    }

    void removeRun(UUID runId) {
        store.delete(uuidKey(RUN, runId));
    }

    void putLane(UUID lane, byte[] state) {
        store.put(uuidKey(LANE, lane), state);
    }

    void removeLane(UUID lane) {
        store.delete(uuidKey(LANE, lane));
    }

    // Tasks from outside, seen before

    boolean seen(UUID id) {
        return store.get(uuidKey(SEEN, id)) != null;
    }

    void markSeen(UUID id, long nowMillis) {
        store.put(uuidKey(SEEN, id), ByteBuffer.allocate(8).putLong(nowMillis).array());
        store.put(seenByTimeKey(nowMillis, id), NOTHING);
    }

    /** Forgets the ids that were seen in a span of time. */
    void forgetSeen(long fromMillis, long toMillis) {
        var keys = new ArrayList<Bytes>();
        try (var range =
                store.range(seenByTimeKey(fromMillis, new UUID(0, 0)), seenByTimeKey(toMillis, new UUID(-1, -1)))) {
            range.forEachRemaining(entry -> keys.add(entry.key));
        }
        for (Bytes key : keys) {
            store.delete(uuidKey(SEEN, readUuid(ByteBuffer.wrap(key.get(), 9, 16))));
            store.delete(key);
        }
    }

    // Start

    /** Goes through the whole store once, after a start or a rebalance. Tasks are told by key, without decoding them. */
    void load(
            BiConsumer<UUID, byte[]> run,
            BiConsumer<UUID, byte[]> lane,
            Consumer<TaskKey> task,
            LongConsumer deferredUntil,
            LongConsumer seenAt) {
        try (var all = store.all()) {
            all.forEachRemaining(entry -> {
                byte[] key = entry.key.get();
                var rest = ByteBuffer.wrap(key, 1, key.length - 1);
                switch (key[0]) {
                    case RUN -> run.accept(readUuid(rest), entry.value);
                    case LANE -> lane.accept(readUuid(rest), entry.value);
                    case TASK -> task.accept(readTaskKey(entry.key));
                    case DEFERRED -> deferredUntil.accept(rest.getLong());
                    case SEEN_BY_TIME -> seenAt.accept(rest.getLong());
                    default -> {
                        // SEEN: its twin by time was told.
                    }
                }
            });
        }
    }

    // Bytes

    private static Bytes taskKey(TaskKey key) {
        return Bytes.wrap(ByteBuffer.allocate(26)
                .put(TASK)
                .putLong(key.lane().getMostSignificantBits())
                .putLong(key.lane().getLeastSignificantBits())
                .put((byte) key.priority())
                .putLong(key.sequence())
                .array());
    }

    private static TaskKey readTaskKey(Bytes bytes) {
        var buffer = ByteBuffer.wrap(bytes.get(), 1, 25);
        return new TaskKey(readUuid(buffer), buffer.get(), buffer.getLong());
    }

    private static Bytes deferredKey(long dueMillis, UUID lane, UUID taskId) {
        return Bytes.wrap(ByteBuffer.allocate(41)
                .put(DEFERRED)
                .putLong(dueMillis)
                .putLong(lane.getMostSignificantBits())
                .putLong(lane.getLeastSignificantBits())
                .putLong(taskId.getMostSignificantBits())
                .putLong(taskId.getLeastSignificantBits())
                .array());
    }

    private static Bytes seenByTimeKey(long timeMillis, UUID id) {
        return Bytes.wrap(ByteBuffer.allocate(25)
                .put(SEEN_BY_TIME)
                .putLong(timeMillis)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array());
    }

    private static Bytes uuidKey(byte kind, UUID id) {
        return Bytes.wrap(ByteBuffer.allocate(17)
                .put(kind)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array());
    }

    private static UUID readUuid(ByteBuffer buffer) {
        return new UUID(buffer.getLong(), buffer.getLong());
    }

    private static byte[] withRun(UUID runId, byte[] task) {
        return ByteBuffer.allocate(16 + task.length)
                .putLong(runId.getMostSignificantBits())
                .putLong(runId.getLeastSignificantBits())
                .put(task)
                .array();
    }

    private static WaitingTask waitingTask(TaskKey key, byte[] value) {
        return new WaitingTask(key, readRun(value), readTask(value));
    }

    private static UUID readRun(byte[] value) {
        return readUuid(ByteBuffer.wrap(value));
    }

    private static byte[] readTask(byte[] value) {
        byte[] task = new byte[value.length - 16];
        System.arraycopy(value, 16, task, 0, task.length);
        return task;
    }
}
