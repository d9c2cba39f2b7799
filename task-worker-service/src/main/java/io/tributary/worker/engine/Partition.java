package io.tributary.worker.engine;

import io.tributary.integrations.api.Limits;
import io.tributary.integrations.api.Manifest;
import io.tributary.schemas.Task;
import io.tributary.schemas.Trigger;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The state of one partition that the steps of the engine share: what the store holds, and what is kept in memory of
 * it. Stream thread only, but for {@link #run}.
 */
final class Partition {

    final PendingStore store;
    final Lanes lanes = new Lanes();

    private final TaskExecution execution;
    private final SharedPaces sharedPaces;
    private final Supplier<Pauses> pauses;
    private final RunStateJson runStateJson = new RunStateJson();
    private final Clock clock;
    private final DueTimes dueTimes = new DueTimes();
    private final Map<UUID, RunState> runs = new ConcurrentHashMap<>();
    private final Set<RunState> changed = new LinkedHashSet<>();
    private long seenSinceMillis = Long.MAX_VALUE;

    Partition(
            PendingStore store,
            TaskExecution execution,
            SharedPaces sharedPaces,
            Supplier<Pauses> pauses,
            Clock clock) {
        this.store = store;
        this.execution = execution;
        this.sharedPaces = sharedPaces;
        this.pauses = pauses;
        this.clock = clock;
    }

    /** Takes up what the store holds: after a start, a crash or a rebalance. */
    void load() {
        var laneStates = new HashMap<UUID, LaneState>();
        var tasks = new ArrayList<TaskKey>();
        store.load(
                (id, json) -> runs.put(id, runStateJson.readRun(id, json, nowMillis())),
                (id, json) -> laneStates.put(id, runStateJson.readLane(json)),
                tasks::add,
                dueTimes::add,
                atMillis -> seenSinceMillis = Math.min(seenSinceMillis, atMillis));
        laneStates.forEach((id, state) -> lanes.getOrAdd(id, unused -> newLane(id, state)));
        for (TaskKey key : tasks) {
            laneOf(key.lane()).found(key);
        }
        for (RunState run : runs.values()) {
            adopt(laneOf(run.userIntegrationId()), run.domain(), false);
        }
        lanes.snapshot().forEach(lanes::attend);
    }

    long nowMillis() {
        return clock.millis();
    }

    /** What is paused as a whole; the same instance as long as nothing changes. */
    Pauses pauses() {
        return pauses.get();
    }

    // Runs

    /** The live run of an id. Any thread. */
    @Nullable
    RunState run(UUID runId) {
        return runs.get(runId);
    }

    /** What its integration says of a run's sync type. */
    Optional<Manifest.SyncType> syncTypeOf(RunState run) {
        return execution.syncTypeOf(run.domain(), run.syncType());
    }

    Iterable<RunState> runs() {
        return runs.values();
    }

    boolean isLive(UUID runId) {
        return runs.containsKey(runId);
    }

    void begin(RunState run) {
        runs.put(run.runId(), run);
        changed.add(run);
    }

    /** The run's sums have changed: they are saved, and told, at the end of the turn. */
    void changed(RunState run) {
        changed.add(run);
    }

    /** The runs that changed since this was last asked, saved; those that are over are forgotten. */
    Iterable<RunState> saveChanged() {
        var saved = List.copyOf(changed);
        changed.clear();
        for (RunState run : saved) {
            if (run.isOver()) {
                store.removeRun(run.runId());
                runs.remove(run.runId());
                forgetPauseOf(run);
            } else {
                save(run);
            }
        }
        return saved;
    }

    private void forgetPauseOf(RunState run) {
        Lane lane = lanes.find(run.userIntegrationId());
        if (lane != null && lane.state().pausedRuns().contains(run.runId())) {
            become(lane, lane.state().withoutPausedRun(run.runId()));
        }
    }

    /** Saves a live run as it is. */
    void save(RunState run) {
        store.putRun(run.runId(), runStateJson.write(run));
    }

    // Tasks

    /** Adds a task to its lane, in the store and, where the window has room, in memory. */
    void enqueue(Task task, byte[] bytes) {
        Lane lane = laneOf(task);
        int level = Lane.level(task.getPriority(), task.getTrigger() == Trigger.backfill);
        store.put(lane.add(level, task.getRunId(), bytes));
        lanes.attend(lane);
    }

    /** Keeps a task until its time. */
    void defer(Task task, byte[] bytes, long untilMillis) {
        long due = dueTimes.add(untilMillis);
        store.defer(due, task.getUserIntegrationId(), task.getTaskId(), task.getRunId(), bytes);
    }

    /** Enqueues the deferred tasks that are due. */
    void wakeDeferred(Wire wire) {
        if (dueTimes.takeDue(nowMillis())) {
            store.takeDue(nowMillis(), (laneId, runId, bytes) -> {
                if (isLive(runId)) {
                    enqueue(wire.decodeTask(bytes), bytes);
                }
            });
        }
    }

    Lane laneOf(Task task) {
        Lane lane = laneOf(task.getUserIntegrationId());
        if (!lane.isAdopted()) {
            adopt(lane, task.getDomain(), true);
        }
        return lane;
    }

    private void adopt(Lane lane, String domain, boolean rested) {
        Limits limits = execution.limitsOf(domain);
        long now = nowMillis();
        Pace pace = switch (limits.sharedBy()) {
            case PROVIDER_APP -> sharedPaces.of(domain, limits, now);
            case USER_INTEGRATION -> rested ? Pace.rested(limits, now) : Pace.restless(limits, now);
        };
        lane.adopt(domain, limits, pace, now);
    }

    Lane laneOf(UUID userIntegrationId) {
        return lanes.getOrAdd(userIntegrationId, id -> newLane(id, LaneState.FLOWING));
    }

    /** Forgets the lanes that have nothing to do and nothing to remember; their rate starts anew, with a full burst. */
    void forgetIdleLanes() {
        for (Lane lane : lanes.snapshot()) {
            if (lane.isIdle()) {
                lanes.forget(lane);
            }
        }
    }

    void become(Lane lane, LaneState state) {
        lane.become(state);
        if (state.flowing()) {
            store.removeLane(lane.userIntegrationId());
        } else {
            store.putLane(lane.userIntegrationId(), runStateJson.write(state));
        }
        lanes.attend(lane);
    }

    /** Parks a lane because its pace rests, and tells the run that waits. */
    void park(Lane lane, Pace.Rest rest) {
        become(lane, lane.state().parkedUntil(rest.untilMillis(), rest.reason()));
        UUID runId = lane.nextRunId();
        RunState run = runId == null ? null : run(runId);
        if (run != null) {
            changed(run);
        }
    }

    /** Gives up what the partition holds of this worker. */
    void leave() {
        lanes.snapshot().forEach(Lane::releaseAll);
    }

    private Lane newLane(UUID userIntegrationId, LaneState state) {
        return new Lane(userIntegrationId, state, Pace.rested(Limits.DEFAULT, nowMillis()), pauses);
    }

    // Tasks from outside

    /** Notes the id of a task from outside: true when it is new. */
    boolean firstSight(UUID taskId) {
        if (store.seen(taskId)) {
            return false;
        }
        long now = nowMillis();
        store.markSeen(taskId, now);
        seenSinceMillis = Math.min(seenSinceMillis, now);
        return true;
    }

    /** Forgets ids of tasks from outside that were seen before a time. */
    void forgetSeenBefore(long beforeMillis) {
        if (seenSinceMillis < beforeMillis) {
            store.forgetSeen(seenSinceMillis, beforeMillis - 1);
            seenSinceMillis = beforeMillis;
        }
    }
}
