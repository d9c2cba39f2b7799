package io.tributary.standalone.api;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A replay, as {@code GET /v1/replays/{id}} shows it. */
public record Replay(
        String id,
        String kind,
        String status,
        Records records,
        Results results,
        SyncRun.@Nullable Problem error,
        @Nullable Long etaSeconds) {

    private static final Set<String> LIVE = Set.of("queued", "running");

    /** How far the topic was read. */
    public record Records(long total, long read) {}

    /** What became of what the replay is about. */
    public record Results(
            long matched, long rowsInserted, long rowsUpdated, long rowsUnchanged, long tasksQueued, long skipped) {}

    /** What to replay; null: not given. */
    public record Request(
            String kind,
            @Nullable String userIntegrationId,
            @Nullable String taskType,
            @Nullable String fromTime,
            @Nullable Long fromOffset,
            @Nullable String targetSchema) {}

    public boolean isLive() {
        return LIVE.contains(status);
    }

    public boolean hasSucceeded() {
        return status.equals("succeeded");
    }
}
