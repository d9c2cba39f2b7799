package io.tributary.scheduler.explain;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.http.Lifecycle;
import io.tributary.scheduler.http.RunError;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A live run, as far as its explanation needs it.
 *
 * @param isDefault whether it holds the live slot of the default sync type
 * @param waitingTasks tasks that do not execute
 * @param waits what the worker reported
 */
record LiveRun(
        UUID id,
        String syncType,
        String trigger,
        boolean isDefault,
        boolean paused,
        boolean cancelled,
        @Nullable Instant dispatchedAt,
        @Nullable Instant startedAt,
        long executing,
        long waitingTasks,
        Reported waits,
        Lifecycle lifecycle) {

    /**
     * What its worker reported.
     *
     * @param throttledUntil the provider asked to wait until then
     * @param waitsFor reason why no task executes
     */
    record Reported(
            @Nullable Instant throttledUntil,
            @Nullable String throttledReason,
            @Nullable String waitsFor,
            @Nullable Instant waitsUntil) {}

    @Nullable
    RunError error() {
        return lifecycle.error();
    }

    static LiveRun read(ResultSet row, Instant now) throws SQLException {
        long ended = row.getLong("completed") + row.getLong("failed");
        long pending = Math.max(0, row.getLong("spawned") + 1 - ended);
        long executing = row.getLong("executing");
        Instant throttledUntil = SqlTime.find(row, "throttled_until");
        return new LiveRun(
                row.getObject("id", UUID.class),
                row.getString("sync_type"),
                row.getString("trigger"),
                row.getBoolean("is_default"),
                row.getBoolean("paused"),
                row.getBoolean("cancelled"),
                SqlTime.find(row, "dispatched_at"),
                SqlTime.find(row, "started_at"),
                executing,
                Math.max(0, pending - executing),
                new Reported(
                        throttledUntil,
                        row.getString("throttled_reason"),
                        row.getString("waits_for"),
                        SqlTime.find(row, "waits_until")),
                Lifecycle.read(row, now, ended, pending, throttledUntil));
    }
}
