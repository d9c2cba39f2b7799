package io.tributary.worker.engine;

import io.tributary.schemas.Task;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds tasks that kill their worker by the store of the partition, where the {@link ExecutionJournal} of a worker is
 * lost with its process.
 *
 * <pre>
 *   opened --a while without an end--> calm
 *   opened --several times, never calm between--> suspicious: a task starts only once its mark is committed
 * </pre>
 *
 * <p>While nothing dies, this costs a record for each opening of a partition. An opening proves no death, since
 * partitions move between workers that live; it only makes marks worth their price. A mark proves a death when another
 * process of the same instance finds it: see {@link WorkerProcess}. The journal decides what follows from deaths.
 * Stream thread only.
 */
final class DeathMarks {

    /** Openings in a row, the present one included, from which on tasks are marked. */
    static final int SUSPICIOUS = 4;

    /** A partition that has been open for so long is calm: longer than the timeout of nearly all tasks. */
    static final Duration CALM = Duration.ofMinutes(10);

    private static final Logger log = LoggerFactory.getLogger(DeathMarks.class);

    private final PendingStore store;
    private final EngineConfig config;
    private final Map<UUID, DeathMark> marks = new HashMap<>();
    private final Map<TaskKey, UUID> marked = new HashMap<>();
    private final ArrayDeque<Held> held = new ArrayDeque<>();
    private int openings;
    private long openedNanos;
    private long commitsAtOpening;
    private boolean suspicious;
    private boolean stopped;

    /** A task that starts once a commit has followed. */
    private record Held(Lane lane, Turn.Taken taken, long commits) {}

    DeathMarks(PendingStore store, EngineConfig config) {
        this.store = store;
        this.config = config;
    }

    void restore(int openings) {
        this.openings = openings;
    }

    void restore(UUID taskId, DeathMark mark) {
        marks.put(taskId, mark);
    }

    /** Counts the opening and the proven deaths; follows the restored ones. */
    void open() {
        openings++;
        store.putOpenings(openings);
        suspicious = openings >= SUSPICIOUS;
        openedNanos = config.clock().nanos();
        commitsAtOpening = config.process().commits();
        config.process().join();
        Map.copyOf(marks).forEach((taskId, mark) -> {
            put(taskId, mark.seenBy(config.process()));
            DeathMark seen = markOf(taskId);
            if (seen.deaths() > 0) {
                config.journal().suspect(taskId, seen.deaths());
            }
        });
        if (suspicious) {
            log.warn(
                    "worker.partitionRestless: the partition was opened again and again, its tasks are marked before"
                            + " they start openings={} tasksWithDeaths={}",
                    openings,
                    marks.size());
        }
    }

    /** Whether tasks may start: the opening is committed, so that a task which kills at once does not undo it. */
    boolean mayStart() {
        return !stopped && config.process().commits() > commitsAtOpening;
    }

    /** Whether tasks are marked before they start. */
    boolean areSet() {
        return suspicious;
    }

    /** Starts a task that was taken from its lane, now or once its mark is committed. */
    void start(Lane lane, Turn.Taken taken, Partition partition, Attempts attempts) {
        EffectMarks effects = partition.effects();
        BegunEffect effect;
        try {
            effect = effects.of(lane, taken.task(), partition);
        } catch (KafkaException e) {
            log.debug("worker.taskUnmarked: a task waits, since it cannot be marked", e);
            postpone(lane, taken, partition, Outcome.UNMARKED.after(), Outcome.UNMARKED.code());
            return;
        }
        if (effect != null && effects.isBusy(effect)) {
            effects.defer(effect, lane, taken, partition);
            return;
        }
        UUID taskId = suspicious ? taskIdOf(taken.task(), partition) : null;
        if (taskId != null && waitsForSuspect(taskId)) {
            // A death of the suspect that executes must not count against this one.
            postpone(lane, taken, partition, ExecutionJournal.SUSPECT_WAIT, ExecutionJournal.SUSPECT_WAITS);
            return;
        }
        boolean begins = effect != null && !effect.happened();
        if (taskId == null && !begins) {
            attempts.start(lane, taken.with(effect));
            return;
        }
        attempts.reserve(lane);
        if (taskId != null) {
            marked.put(taken.task().key(), taskId);
            mark(taskId, markOf(taskId).executingIn(config.process()));
        }
        if (effect != null && begins) {
            effects.begin(effect);
        }
        held.add(new Held(lane, taken.with(effect), config.process().commits()));
    }

    private boolean waitsForSuspect(UUID taskId) {
        ExecutionJournal journal = config.journal();
        return journal.isExecutedAlone(journal.deathsOf(taskId)) && !journal.beAlone(taskId);
    }

    /** Null: the task cannot be read, which its attempt reports. */
    private static @Nullable UUID taskIdOf(WaitingTask waiting, Partition partition) {
        try {
            Task task = partition.tasks().decode(waiting);
            return task.getTaskId();
        } catch (KafkaException e) {
            log.debug("worker.taskUnmarked: a task is not marked", e);
            return null;
        }
    }

    private void postpone(Lane lane, Turn.Taken taken, Partition partition, Duration wait, String code) {
        lane.throttle(config.nowMillis() + wait.toMillis(), code);
        lane.release(taken);
        lane.settled();
        lane.giveBack(taken.task());
        partition.lanes().become(lane, lane.state());
        RunState run = partition.runs().find(taken.task().runId());
        if (run != null) {
            partition.runs().changed(run);
        }
    }

    /** Starts the tasks whose marks are committed. */
    void startMarked(Attempts attempts) {
        while (!held.isEmpty() && held.getFirst().commits() < config.process().commits()) {
            Held next = held.removeFirst();
            attempts.begin(next.lane(), next.taken());
        }
    }

    /** Whether nothing waits for a commit: neither a task nor the opening. */
    boolean areSettled() {
        return mayStart() && !awaitCommit();
    }

    /** Whether tasks wait for a commit. */
    boolean awaitCommit() {
        return !held.isEmpty();
    }

    /** The attempt at a task has ended, and the process lives. */
    void ended(TaskKey key) {
        UUID taskId = marked.remove(key);
        if (taskId != null) {
            config.journal().leaveAlone(taskId);
            put(taskId, DeathMark.NONE);
        }
    }

    private DeathMark markOf(UUID taskId) {
        return marks.getOrDefault(taskId, DeathMark.NONE);
    }

    private void put(UUID taskId, DeathMark mark) {
        if (mark.provesNothing()) {
            if (marks.remove(taskId) != null) {
                store.removeMark(taskId);
            }
        } else if (!mark.equals(markOf(taskId))) {
            mark(taskId, mark);
        }
    }

    /** Also writes a mark that an earlier opening left as it is: without a record, no commit would follow. */
    private void mark(UUID taskId, DeathMark mark) {
        marks.put(taskId, mark);
        store.putMark(taskId, StateJson.write(mark));
    }

    /** After a while without an end, openings count from the beginning, and tasks are not marked any more. */
    void calmDown() {
        if (openings > 0 && config.clock().nanos() - openedNanos >= CALM.toNanos()) {
            forget();
        }
    }

    /** The process stops in order, which counts against no task. */
    void stopInOrder(EffectMarks effects) {
        if (!stopped) {
            stopped = true;
            forget();
            held.stream()
                    .map(next -> next.taken().effect())
                    .filter(Objects::nonNull)
                    .forEach(effects::neverBegan);
            marked.values().forEach(taskId -> put(taskId, markOf(taskId).without(config.process())));
            config.process().ready();
        }
    }

    private void forget() {
        openings = 0;
        suspicious = false;
        store.removeOpenings();
        List.copyOf(marks.keySet()).stream()
                .filter(taskId -> !marked.containsValue(taskId))
                .forEach(taskId -> put(taskId, DeathMark.NONE));
    }

    /** The engine ends; the store keeps the marks of the tasks that execute. */
    void close() {
        held.forEach(next -> config.journal()
                .leaveAlone(marked.getOrDefault(next.taken().task().key(), new UUID(0, 0))));
        held.clear();
        config.process().leave(stopped);
    }
}
