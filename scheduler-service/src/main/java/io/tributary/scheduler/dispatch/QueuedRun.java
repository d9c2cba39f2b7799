package io.tributary.scheduler.dispatch;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.manifests.Manifest;
import io.tributary.schemas.ActionRuns;
import io.tributary.schemas.ManifestDocument.SyncType;
import io.tributary.schemas.Task;
import io.tributary.schemas.Trigger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A run that waits for its dispatch.
 *
 * @param id identity of the run, and of its initial task
 * @param sequence order of runs, 1 and up
 * @param trigger what started it, as in the table
 * @param options JSON object as text
 * @param syncState cursor to start from, JSON object as text
 * @param initialTask first task of the run; null: the initial task of the sync type
 * @param traceparent of its trigger; null: it was queued before there were traces
 */
record QueuedRun(
        UUID id,
        long sequence,
        OfAccount account,
        String syncType,
        String trigger,
        String options,
        String syncState,
        Instant createdAt,
        @Nullable InitialTask initialTask,
        @Nullable String traceparent) {

    /**
     * Its user integration.
     *
     * @param connectedAt when it was made
     */
    record OfAccount(UUID userIntegrationId, String userId, String orgId, String domain, Instant connectedAt) {}

    UUID userIntegrationId() {
        return account.userIntegrationId();
    }

    String domain() {
        return account.domain();
    }

    /**
     * A first task other than the one of the sync type.
     *
     * @param payload JSON object as text
     */
    record InitialTask(String type, String payload) {}

    /** Reads a run that {@code RunTable} marked. */
    static QueuedRun read(ResultSet row, int index) throws SQLException {
        String type = row.getString("initial_task_type");
        String payload = row.getString("initial_payload");
        return new QueuedRun(
                row.getObject("id", UUID.class),
                row.getLong("sequence"),
                new OfAccount(
                        row.getObject("user_integration_id", UUID.class),
                        row.getString("user_id"),
                        row.getString("org_id"),
                        row.getString("integration_domain"),
                        SqlTime.read(row, "connected_at")),
                row.getString("sync_type"),
                row.getString("trigger"),
                row.getString("options"),
                row.getString("sync_state"),
                SqlTime.read(row, "created_at"),
                type == null ? null : new InitialTask(type, payload == null ? "{}" : payload),
                row.getString("traceparent"));
    }

    /**
     * Each call returns the same task, except for the sync state, so that a worker recognises a task that it already
     * has. Empty: the integration does not sync any more.
     */
    Optional<Task> initialTask(Manifest manifest) {
        Optional<SyncType> ofSyncType =
                ActionRuns.SYNC_TYPE.equals(syncType) ? Optional.empty() : manifest.syncType(syncType);
        return Optional.ofNullable(initialTask)
                .or(() -> ofSyncType.map(type -> new InitialTask(type.initialTask(), "{}")))
                .map(first -> task(manifest, ofSyncType, first));
    }

    private Task task(Manifest manifest, Optional<SyncType> ofSyncType, InitialTask first) {
        return Task.newBuilder()
                .setTaskId(id)
                .setRunId(id)
                .setRunSequence(sequence)
                .setUserIntegrationId(account.userIntegrationId())
                .setUserId(account.userId())
                .setOrgId(account.orgId())
                .setDomain(account.domain())
                .setSyncType(ofSyncType.map(SyncType::name).orElse(syncType))
                .setType(first.type())
                .setPayload(first.payload())
                // A person waits for it: its first task precedes those of a concurrent backfill.
                .setPriority(trigger.equals("manual") || trigger.equals("system") ? 0 : manifest.priority(first.type()))
                .setTrigger(Trigger.valueOf(trigger))
                .setOptions(optionsOf(ofSyncType))
                .setSyncState(syncState)
                .setCreatedAt(createdAt)
                .setTraceparent(traceparent)
                .build();
    }

    /**
     * A first sync is bounded by its window, unless the run has options of its own. The window ends when the account
     * was connected: so an outage during the first syncs hides nothing.
     */
    private String optionsOf(Optional<SyncType> ofSyncType) {
        Long window = ofSyncType.map(SyncType::firstWindowSeconds).orElse(null);
        boolean first = syncs() && initialTask == null && syncState.equals("{}") && options.equals("{}");
        return window == null || !first
                ? options
                : "{\"firstSince\": \""
                        + account.connectedAt().minusSeconds(window).truncatedTo(ChronoUnit.MILLIS) + "\"}";
    }

    /** Neither a backfill nor a replay, nor a system run. */
    private boolean syncs() {
        return switch (Trigger.valueOf(trigger)) {
            case schedule, manual, webhook -> true;
            case backfill, replay, system, unknown -> false;
        };
    }
}
