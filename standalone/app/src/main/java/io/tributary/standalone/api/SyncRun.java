package io.tributary.standalone.api;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A run, as {@code GET /v1/sync-runs/{id}} shows it. */
public record SyncRun(
        String id,
        String status,
        Tasks tasks,
        long outputs,
        long outputsSaved,
        @Nullable Instant throttledUntil,
        @Nullable Problem error,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable Long etaSeconds) {

    private static final Set<String> LIVE = Set.of("queued", "running");

    /** Tasks of a run: {@code spawned} does not count the initial one. */
    public record Tasks(long spawned, long completed, long failed, long pending) {}

    /** Why a run failed. */
    public record Problem(String code, @Nullable String message) {}

    public boolean isLive() {
        return LIVE.contains(status);
    }

    public boolean hasSucceeded() {
        return status.equals("succeeded");
    }

    /** Tasks that ended, well or not. */
    public long done() {
        return tasks.completed() + tasks.failed();
    }

    /** Tasks known so far: the initial one and all that it led to. */
    public long known() {
        return tasks.spawned() + 1;
    }
}
