package io.tributary.worker.engine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The runs under way on a partition, in memory and in the store. Stream thread only, but for {@link #find}. */
final class LiveRuns {

    private final PendingStore store;
    private final RunTasks tasks;
    private final Map<UUID, RunState> runs = new ConcurrentHashMap<>();
    private final Set<RunState> changed = new LinkedHashSet<>();
    private final List<RunState> begun = new ArrayList<>();

    LiveRuns(PendingStore store, RunTasks tasks) {
        this.store = store;
        this.tasks = tasks;
    }

    void restore(RunState run) {
        runs.put(run.runId(), run);
        begun.add(run);
    }

    /** A state that is stored apart from its run. Follows the runs. */
    void restoreState(UUID runId, byte[] json) {
        RunState run = runs.get(runId);
        if (run != null) {
            run.restoreState(SyncState.read(json));
        }
    }

    /** The live run of an id. Any thread. */
    @Nullable
    RunState find(UUID runId) {
        return runs.get(runId);
    }

    Collection<RunState> all() {
        return runs.values();
    }

    boolean contain(UUID runId) {
        return runs.containsKey(runId);
    }

    void begin(RunState run) {
        runs.put(run.runId(), run);
        begun.add(run);
        changed.add(run);
    }

    /** Hands over the runs that began, or were restored, since the last call. */
    void takeBegun(Consumer<RunState> taker) {
        begun.forEach(taker);
        begun.clear();
    }

    /** A run has changed: it is saved, and reported, at the end of the turn. */
    void changed(RunState run) {
        changed.add(run);
    }

    /** The runs that changed since the last call, saved; those that are over are forgotten. */
    List<RunState> saveChanged() {
        var saved = List.copyOf(changed);
        changed.clear();
        for (RunState run : saved) {
            if (run.isOver()) {
                store.removeRun(run.runId());
                store.removeState(run.runId());
                tasks.forget(run.runId());
                runs.remove(run.runId());
            } else {
                save(run);
            }
        }
        return saved;
    }

    /** Saves a live run as it is. */
    void save(RunState run) {
        store.putRun(run.runId(), StateJson.write(run));
        run.storeState(store);
    }
}
