package io.tributary.worker.engine;

import java.util.UUID;

/** The state of one partition that the steps of the engine work on, as the store holds it. Stream thread only. */
record Partition(
        LiveRuns runs,
        RunTasks tasks,
        Lanes lanes,
        DeferredTasks deferred,
        SeenTasks seen,
        DeathMarks marks,
        EffectMarks effects) {

    /** Restores the state from the store: after a start, a crash or a rebalance. */
    static Partition restored(PendingStore store, EngineConfig config) {
        var tasks = new RunTasks(store, config.codec());
        var runs = new LiveRuns(store, tasks);
        var partition = new Partition(
                runs,
                tasks,
                new Lanes(store, config, runs::contain),
                new DeferredTasks(store),
                new SeenTasks(store),
                new DeathMarks(store, config),
                new EffectMarks(store.store(), config));
        partition.restore(store, config.nowMillis());
        return partition;
    }

    private void restore(PendingStore store, long now) {
        store.load(new PendingStore.Loader() {
            @Override
            public void template(UUID runId, byte[] example) {
                tasks.restore(runId, example);
            }

            @Override
            public void run(UUID runId, byte[] json) {
                runs.restore(StateJson.readRun(runId, json, now));
            }

            @Override
            public void stateOfRun(UUID runId, byte[] json) {
                runs.restoreState(runId, json);
            }

            @Override
            public void lane(UUID lane, byte[] json) {
                lanes.restore(lane, StateJson.readLane(json));
            }

            @Override
            public void task(TaskKey key) {
                lanes.restore(key);
            }

            @Override
            public void deferredUntil(long dueMillis) {
                deferred.restore(dueMillis);
            }

            @Override
            public void seenAt(long atMillis) {
                seen.restore(atMillis);
            }

            @Override
            public void openings(int openings) {
                marks.restore(openings);
            }

            @Override
            public void mark(UUID taskId, byte[] json) {
                marks.restore(taskId, StateJson.readMark(json));
            }
        });
        effects.restore();
        runs.all().forEach(lanes::restore);
        lanes.attendAll();
        marks.open();
    }

    /** When a lane or a deferred task is due that no record announces. */
    long nextDueMillis() {
        return Math.min(lanes.queue().nextMillis(), deferred.nextDueMillis());
    }

    /** Enqueues the deferred tasks that are due. */
    void wakeDeferred(EngineConfig config) {
        deferred.takeDue(config.nowMillis(), (runId, bytes) -> {
            if (runs.contain(runId)) {
                lanes.enqueue(config.codec().decodeTask(bytes), bytes);
            }
        });
    }
}
