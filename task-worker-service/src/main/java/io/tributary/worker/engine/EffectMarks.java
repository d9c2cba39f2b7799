package io.tributary.worker.engine;

import io.tributary.schemas.Task;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * The effects that began, in the store of the partition, by account and business key.
 *
 * <pre>
 *   none --task taken--> begun --result--> none; the key is remembered as done
 *                          |  --failure without effect, stop in order before it starts--> as before
 *                          +--failure, timeout, end of the run or the worker--> begun: it may have happened
 * </pre>
 *
 * <p>A task starts only once its mark is committed ({@link DeathMarks} holds it until then, many with one commit), and
 * its result is committed together with the removal of the mark. So a mark that a task finds says that its effect may
 * have happened. It outlives the task and its run, since the next task with the same key has to find it. Of two tasks
 * with a key, the second one waits for the end of the first. Stream thread only.
 */
final class EffectMarks {

    /** Time after which a task with a key that executes looks again. */
    static final Duration BUSY_WAIT = Duration.ofSeconds(1);

    /** A mark of which nobody heard for so long is forgotten: as long as dead letters are kept. */
    static final Duration FORGOTTEN_AFTER = Duration.ofDays(90);

    private static final Logger log = LoggerFactory.getLogger(EffectMarks.class);

    /** Kind of the keys in the store: B, id of the effect -> task, time. */
    private static final byte BEGUN = 'B';

    private final KeyValueStore<Bytes, byte[]> store;
    private final EngineConfig config;
    private final Map<UUID, Mark> marks = new HashMap<>();
    private final Set<UUID> busy = new HashSet<>();

    /** The task whose execution began. */
    private record Mark(UUID taskId, long atMillis) {}

    EffectMarks(KeyValueStore<Bytes, byte[]> store, EngineConfig config) {
        this.store = store;
        this.config = config;
    }

    void restore() {
        var from = key(new UUID(0, 0));
        var to = key(new UUID(-1, -1));
        try (var range = store.range(from, to)) {
            range.forEachRemaining(entry -> {
                var key = ByteBuffer.wrap(entry.key.get(), 1, 16);
                var value = ByteBuffer.wrap(entry.value);
                marks.put(readUuid(key), new Mark(readUuid(value), value.getLong()));
            });
        }
    }

    /**
     * The effect that a task is to have; null: it executes no action, or its bytes are no task, which its
     * attempt reports.
     *
     * @throws KafkaException the registry does not answer, so the task cannot be read now
     */
    @Nullable
    BegunEffect of(Lane lane, WaitingTask waiting, Partition partition) {
        if (!lane.share().startsOneByOne()) {
            return null;
        }
        try {
            Task task = partition.tasks().decode(waiting);
            if (!config.execution().actionsOf(task.getDomain()).contains(task.getType())) {
                return null;
            }
            String key = EffectPayload.of(task).key();
            UUID id = BegunEffect.idOf(task.getUserIntegrationId(), key);
            Mark mark = marks.get(id);
            boolean happened = mark == null && partition.seen().contain(id);
            return new BegunEffect(id, key, task, mark == null ? null : mark.taskId(), happened);
        } catch (SerializationException | JacksonException e) {
            log.debug("worker.taskUnmarked: a task is not marked", e);
            return null;
        }
    }

    /** Whether another task with the key has begun and not ended. */
    boolean isBusy(BegunEffect effect) {
        return busy.contains(effect.id());
    }

    /** Puts a task aside while another one with its key executes. */
    void defer(BegunEffect effect, Lane lane, Turn.Taken taken, Partition partition) {
        lane.release(taken);
        lane.settled();
        partition.lanes().remove(taken.task());
        Task task = effect.task();
        byte[] bytes = config.codec().encode(config.codec().topics().tasks(), task);
        partition.deferred().add(task, bytes, config.nowMillis() + BUSY_WAIT.toMillis());
        partition.lanes().attend(lane);
    }

    /** Marks an effect as begun, for the next commit. */
    void begin(BegunEffect effect) {
        busy.add(effect.id());
        put(effect.id(), effect.task().getTaskId());
    }

    /**
     * The attempt at an effect has ended.
     *
     * @param outcome null: the attempt was given up, or never began
     * @param began whether the attempt began
     * @return whether this attempt or an earlier one may have had the effect, and nobody knows
     */
    boolean ended(BegunEffect effect, @Nullable Outcome outcome, boolean began, SeenTasks seen) {
        if (effect.happened()) {
            return false;
        }
        busy.remove(effect.id());
        if (outcome instanceof Outcome.Completed) {
            remove(effect.id());
            seen.add(effect.id(), effect.task().getRunId());
            return false;
        }
        UUID earlier = outcome instanceof Outcome.Failed failed && failed.lookedUp() ? null : effect.begunBy();
        boolean byThis = outcome == null ? began : outcome instanceof Outcome.Failed failed && mayHaveHappened(failed);
        if (!byThis) {
            takeBack(effect.id(), earlier);
        }
        return byThis || earlier != null;
    }

    /** Takes back the mark of a task that was to begin after a commit, and does not begin any more. */
    void neverBegan(BegunEffect effect) {
        if (busy.remove(effect.id())) {
            takeBack(effect.id(), effect.begunBy());
        }
    }

    private void takeBack(UUID id, @Nullable UUID earlier) {
        if (earlier == null) {
            remove(id);
        } else {
            put(id, earlier);
        }
    }

    private static boolean mayHaveHappened(Outcome.Failed failed) {
        return failed.kind() == Outcome.Kind.TRANSIENT || failed.kind() == Outcome.Kind.TIMED_OUT;
    }

    /** Forgets old marks. */
    void forgetOld() {
        long before = config.nowMillis() - FORGOTTEN_AFTER.toMillis();
        List<UUID> old = marks.entrySet().stream()
                .filter(entry -> entry.getValue().atMillis() < before && !busy.contains(entry.getKey()))
                .map(Map.Entry::getKey)
                .toList();
        old.forEach(this::remove);
    }

    private void put(UUID id, UUID taskId) {
        long now = config.nowMillis();
        marks.put(id, new Mark(taskId, now));
        store.put(
                key(id),
                ByteBuffer.allocate(24)
                        .putLong(taskId.getMostSignificantBits())
                        .putLong(taskId.getLeastSignificantBits())
                        .putLong(now)
                        .array());
    }

    private void remove(UUID id) {
        if (marks.remove(id) != null) {
            store.delete(key(id));
        }
    }

    private static Bytes key(UUID id) {
        return Bytes.wrap(ByteBuffer.allocate(17)
                .put(BEGUN)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array());
    }

    private static UUID readUuid(ByteBuffer buffer) {
        return new UUID(buffer.getLong(), buffer.getLong());
    }
}
