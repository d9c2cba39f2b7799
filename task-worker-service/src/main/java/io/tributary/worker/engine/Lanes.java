package io.tributary.worker.engine;

import io.tributary.egress.Tenant;
import io.tributary.integrations.api.Limits;
import io.tributary.schemas.Task;
import io.tributary.schemas.Trigger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The lanes of a partition: one for each user integration with tasks or with a state to keep. Stream thread only. */
final class Lanes {

    private final PendingStore store;
    private final EngineConfig config;
    private final Predicate<UUID> isLiveRun;
    private final LaneQueue queue = new LaneQueue();
    private final Map<UUID, Lane> lanes = new HashMap<>();

    Lanes(PendingStore store, EngineConfig config, Predicate<UUID> isLiveRun) {
        this.store = store;
        this.config = config;
        this.isLiveRun = isLiveRun;
    }

    /** Decides which lane is next. */
    LaneQueue queue() {
        return queue;
    }

    // After a start: what the store holds

    void restore(UUID userIntegrationId, LaneState state) {
        of(userIntegrationId).become(state.restored(config.nowMillis()));
    }

    void restore(TaskKey task) {
        of(task.lane()).found(task);
    }

    /** The lane of a run may have been at work until now, on another worker. */
    void restore(RunState run) {
        Lane lane = of(run.userIntegrationId());
        Tenant tenant = run.tenant();
        if (tenant != null) {
            lane.share().belongTo(tenant);
        }
        adopt(lane, run.domain(), false);
    }

    // Lanes

    @Nullable
    Lane find(UUID userIntegrationId) {
        return lanes.get(userIntegrationId);
    }

    Lane of(UUID userIntegrationId) {
        return lanes.computeIfAbsent(userIntegrationId, this::newLane);
    }

    /** The lane may have work: it gets its turn. */
    void attend(Lane lane) {
        queue.attend(lane);
    }

    void attendAll() {
        lanes.values().forEach(queue::attend);
    }

    /** Adds a task to its lane, in the store and, where the window has room, in memory. */
    void enqueue(Task task, byte[] bytes) {
        Lane lane = of(task.getUserIntegrationId());
        if (!lane.isAdopted()) {
            adopt(lane, task.getDomain(), true);
        }
        lane.share().belongTo(Tenant.of(task.getOrgId(), task.getUserId()));
        int level = Backlogs.level(task.getPriority(), task.getTrigger() == Trigger.backfill);
        store.put(lane.add(level, task.getRunId(), bytes));
        attend(lane);
    }

    /** Loads waiting tasks of a lane from the store; those of runs that are over are removed. */
    void refill(Lane lane, Predicate<UUID> isLive) {
        lane.refill(store, isLive);
    }

    /** The task no longer waits. */
    void remove(WaitingTask task) {
        store.remove(task.key());
    }

    /** Drops the waiting tasks of a run that is over. */
    void drop(RunState run) {
        Lane lane = of(run.userIntegrationId());
        lane.drop(run.runId(), store);
        attend(lane);
    }

    /** Puts a lane into a state, also in the store. */
    void become(Lane lane, LaneState state) {
        lane.become(state);
        if (state.flowing()) {
            store.removeLane(lane.userIntegrationId());
        } else {
            store.putLane(lane.userIntegrationId(), StateJson.write(state));
        }
        attend(lane);
    }

    /** A run is over: its pause would hold later backfills. */
    void forgetPauseOf(RunState run) {
        Lane lane = find(run.userIntegrationId());
        if (lane != null && lane.state().pausedRuns().contains(run.runId())) {
            become(lane, lane.state().withoutPausedRun(run.runId()));
        }
    }

    /** Forgets lanes without work and without a state; their rate starts anew, with a full burst. */
    void forgetIdle() {
        List.copyOf(lanes.values()).stream()
                .filter(lane -> lane.isIdle() && queue.forget(lane))
                .forEach(lane -> lanes.remove(lane.userIntegrationId()));
    }

    /** How the lanes are now. */
    PartitionGauges.LaneCounts sample(long nowMillis) {
        var sample = new SampleLanes(nowMillis, config.metrics().queues()::label);
        lanes.values().forEach(lane -> lane.addTo(sample));
        return sample.counts();
    }

    /** Releases the partition's share of the rate limiters. */
    void leave() {
        lanes.values().forEach(Lane::releaseAll);
    }

    private Lane newLane(UUID userIntegrationId) {
        var limiter = RateLimiter.withFullBurst(Limits.DEFAULT, config.nowMillis());
        return new Lane(userIntegrationId, limiter, config.pauses(), isLiveRun);
    }

    private void adopt(Lane lane, String domain, boolean withFullBurst) {
        Limits limits = config.execution().limitsOf(domain);
        long now = config.nowMillis();
        RateLimiter limiter = switch (limits.sharedBy()) {
            case PROVIDER_APP -> config.sharedRateLimiters().of(domain, limits, now);
            case USER_INTEGRATION ->
                withFullBurst ? RateLimiter.withFullBurst(limits, now) : RateLimiter.withoutBurst(limits, now);
        };
        lane.adopt(domain, limits, limiter, now);
        lane.share().startOneByOne(!config.execution().actionsOf(domain).isEmpty());
    }
}
