package io.tributary.worker.engine;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The state that a partition must not forget, in one key-value store whose changelog is written in the transaction that
 * also sends the records:
 *
 * <pre>
 *   T lane priority sequence -> run, task      a waiting task, maybe compact; stays until its attempt is settled
 *   D due lane task          -> run, task      a task that waits for its time
 *   P run                    -> task           one of the run's tasks: what the others have in common with it
 *   R run                    -> RunState       a run under way
 *   V run                    -> JSON           its sync state, where it is large; changes less often than the run
 *   S id                     -> time           a task from outside was accepted; a second one is dropped
 *   E time id                -> run            the same by time, so that it can be forgotten after its run
 *   L lane                   -> LaneState      pause, throttling
 *   O                        -> number         openings in a row of the partition that was never calm between
 *   X task                   -> DeathMark      a task that executes, or executed when a worker died
 *   B effect                 -> task, time     an effect that began: see EffectMarks
 * </pre>
 *
 * <p>Ranges are always bounded at both ends: the in-memory store copies the keys of a range, and RocksDB would wade
 * through tombstones. Stream thread only.
 */
record PendingStore(KeyValueStore<Bytes, byte[]> store, PartitionGauges gauges) {

    /** Name of the store; also part of its changelog topic's name. */
    static final String NAME = "pending";

    private static final byte TASK = 'T';
    private static final byte DEFERRED = 'D';
    private static final byte TEMPLATE = 'P';
    private static final byte RUN = 'R';
    private static final byte STATE = 'V';
    private static final byte SEEN = 'S';
    private static final byte SEEN_BY_TIME = 'E';
    private static final byte LANE = 'L';
    private static final byte OPENINGS = 'O';
    private static final byte MARK = 'X';

    private static final Bytes OPENINGS_KEY = Bytes.wrap(new byte[] {OPENINGS});

    // Waiting tasks

    void put(WaitingTask task) {
        store.put(taskKey(task.key()), withRun(task.runId(), task.bytes()));
        gauges.stored(1);
    }

    void remove(TaskKey key) {
        store.delete(taskKey(key));
        gauges.stored(-1);
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
        gauges.stored(1);
    }

    /** Takes the deferred tasks that are due out of the store and hands each over, with its run. */
    void takeDue(long nowMillis, BiConsumer<UUID, byte[]> taker) {
        var keys = new ArrayList<Bytes>();
        var from = deferredKey(0, new UUID(0, 0), new UUID(0, 0));
        var to = deferredKey(nowMillis, new UUID(-1, -1), new UUID(-1, -1));
        try (var range = store.range(from, to)) {
            range.forEachRemaining(entry -> {
                keys.add(entry.key);
                taker.accept(readRun(entry.value), readTask(entry.value));
            });
        }
        keys.forEach(store::delete);
        gauges.stored(-keys.size());
    }

    // Runs and lanes

    void putRun(UUID runId, byte[] state) {
        store.put(uuidKey(RUN, runId), state);
    }

    void removeRun(UUID runId) {
        store.delete(uuidKey(RUN, runId));
    }

    void putState(UUID runId, byte[] json) {
        store.put(uuidKey(STATE, runId), json);
    }

    void removeState(UUID runId) {
        store.delete(uuidKey(STATE, runId));
    }

    void putTemplate(UUID runId, byte[] example) {
        store.put(uuidKey(TEMPLATE, runId), example);
    }

    void removeTemplate(UUID runId) {
        store.delete(uuidKey(TEMPLATE, runId));
    }

    void putLane(UUID lane, byte[] state) {
        store.put(uuidKey(LANE, lane), state);
    }

    void removeLane(UUID lane) {
        store.delete(uuidKey(LANE, lane));
    }

    // Deaths of workers

    void putOpenings(int openings) {
        store.put(OPENINGS_KEY, ByteBuffer.allocate(4).putInt(openings).array());
    }

    void removeOpenings() {
        store.delete(OPENINGS_KEY);
    }

    void putMark(UUID taskId, byte[] mark) {
        store.put(uuidKey(MARK, taskId), mark);
    }

    void removeMark(UUID taskId) {
        store.delete(uuidKey(MARK, taskId));
    }

    // Tasks from outside, seen before

    boolean seen(UUID id) {
        return store.get(uuidKey(SEEN, id)) != null;
    }

    void markSeen(UUID id, UUID runId, long atMillis) {
        store.put(uuidKey(SEEN, id), ByteBuffer.allocate(8).putLong(atMillis).array());
        store.put(
                seenByTimeKey(atMillis, id),
                putUuid(ByteBuffer.allocate(16), runId).array());
    }

    /**
     * Forgets the ids that were seen in a span of time, and hands over each with its run. An earlier version did not
     * store the run; then it is the id itself, as that of an initial task.
     */
    void forgetSeen(long fromMillis, long toMillis, BiConsumer<UUID, UUID> forgotten) {
        record Seen(Bytes key, UUID id, UUID runId) {}
        var found = new ArrayList<Seen>();
        try (var range =
                store.range(seenByTimeKey(fromMillis, new UUID(0, 0)), seenByTimeKey(toMillis, new UUID(-1, -1)))) {
            range.forEachRemaining(entry -> {
                UUID id = readUuid(ByteBuffer.wrap(entry.key.get(), 9, 16));
                found.add(new Seen(entry.key, id, entry.value.length < 16 ? id : readRun(entry.value)));
            });
        }
        for (Seen seen : found) {
            store.delete(uuidKey(SEEN, seen.id()));
            store.delete(seen.key());
            forgotten.accept(seen.id(), seen.runId());
        }
    }

    // Start

    /** Takes what the store holds, after a start or a rebalance. Tasks come by key and are not decoded. */
    interface Loader {
        void template(UUID runId, byte[] example);

        void run(UUID runId, byte[] json);

        /** Follows its run. */
        void stateOfRun(UUID runId, byte[] json);

        void lane(UUID lane, byte[] json);

        void task(TaskKey key);

        void deferredUntil(long dueMillis);

        void seenAt(long atMillis);

        void openings(int openings);

        void mark(UUID taskId, byte[] json);
    }

    /** Goes through the whole store once. */
    void load(Loader loader) {
        try (var all = store.all()) {
            all.forEachRemaining(entry -> {
                byte[] key = entry.key.get();
                var rest = ByteBuffer.wrap(key, 1, key.length - 1);
                switch (key[0]) {
                    case TEMPLATE -> loader.template(readUuid(rest), entry.value);
                    case RUN -> loader.run(readUuid(rest), entry.value);
                    case STATE -> loader.stateOfRun(readUuid(rest), entry.value); // after the run, by its key
                    case LANE -> loader.lane(readUuid(rest), entry.value);
                    case TASK -> {
                        gauges.stored(1);
                        loader.task(readTaskKey(entry.key));
                    }
                    case DEFERRED -> {
                        gauges.stored(1);
                        loader.deferredUntil(rest.getLong());
                    }
                    case SEEN_BY_TIME -> loader.seenAt(rest.getLong());
                    case OPENINGS ->
                        loader.openings(ByteBuffer.wrap(entry.value).getInt());
                    case MARK -> loader.mark(readUuid(rest), entry.value);
                    default -> {
                        // SEEN: its twin by time was handed over.
                    }
                }
            });
        }
    }

    // Bytes

    private static Bytes taskKey(TaskKey key) {
        return Bytes.wrap(putUuid(ofKind(TASK, 25), key.lane())
                .put((byte) key.priority())
                .putLong(key.sequence())
                .array());
    }

    private static TaskKey readTaskKey(Bytes bytes) {
        var buffer = ByteBuffer.wrap(bytes.get(), 1, 25);
        return new TaskKey(readUuid(buffer), buffer.get(), buffer.getLong());
    }

    private static Bytes deferredKey(long dueMillis, UUID lane, UUID taskId) {
        var key = ofKind(DEFERRED, 40).putLong(dueMillis);
        return Bytes.wrap(putUuid(putUuid(key, lane), taskId).array());
    }

    private static Bytes seenByTimeKey(long timeMillis, UUID id) {
        return Bytes.wrap(
                putUuid(ofKind(SEEN_BY_TIME, 24).putLong(timeMillis), id).array());
    }

    private static Bytes uuidKey(byte kind, UUID id) {
        return Bytes.wrap(putUuid(ofKind(kind, 16), id).array());
    }

    private static ByteBuffer ofKind(byte kind, int moreBytes) {
        return ByteBuffer.allocate(1 + moreBytes).put(kind);
    }

    private static ByteBuffer putUuid(ByteBuffer buffer, UUID id) {
        return buffer.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    }

    private static UUID readUuid(ByteBuffer buffer) {
        return new UUID(buffer.getLong(), buffer.getLong());
    }

    private static byte[] withRun(UUID runId, byte[] task) {
        return putUuid(ByteBuffer.allocate(16 + task.length), runId).put(task).array();
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
