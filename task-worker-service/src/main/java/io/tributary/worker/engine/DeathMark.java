package io.tributary.worker.engine;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * What the store knows about a task that may kill its worker; kept as JSON.
 *
 * @param deaths of workers during the task, as far as they are proven
 * @param executing the processes that may be executing it: by instance, the id of its start
 */
record DeathMark(int deaths, Map<String, UUID> executing) {

    static final DeathMark NONE = new DeathMark(0, Map.of());

    DeathMark {
        executing = Map.copyOf(executing);
    }

    /** A process executes it from now on. */
    DeathMark executingIn(WorkerProcess process) {
        var all = new HashMap<>(executing);
        all.put(process.instance(), process.start());
        return new DeathMark(deaths, all);
    }

    /** A process does not execute it any more, and lives. */
    DeathMark without(WorkerProcess process) {
        var others = new HashMap<>(executing);
        others.remove(process.instance());
        return new DeathMark(deaths, others);
    }

    /** As a process of the worker sees it that starts: an earlier process of the same instance is dead. */
    DeathMark seenBy(WorkerProcess process) {
        UUID earlier = executing.get(process.instance());
        boolean died = earlier != null
                && !earlier.equals(process.start())
                && !process.instance().isEmpty();
        return died ? new DeathMark(deaths + 1, without(process).executing()) : this;
    }

    boolean provesNothing() {
        return deaths == 0 && executing.isEmpty();
    }
}
