package io.tributary.scheduler.polling;

import io.tributary.scheduler.manifests.Manifest;
import io.tributary.schemas.Task;
import io.tributary.schemas.Trigger;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A run that was not dispatched yet.
 *
 * @param id identity of the run, and of its initial task
 * @param sequence order of runs, 1 and up
 * @param trigger what started it, as in the table
 * @param options JSON object as text
 * @param syncState cursor to start from, JSON object as text
 * @param initialTask what the run begins with; null: the initial task of the sync type
 */
record QueuedRun(
        UUID id,
        long sequence,
        UUID userIntegrationId,
        String userId,
        String domain,
        String syncType,
        String trigger,
        String options,
        String syncState,
        Instant createdAt,
        @Nullable InitialTask initialTask) {

    /**
     * A task that is not the one of the sync type.
     *
     * @param payload JSON object as text
     */
    record InitialTask(String type, String payload) {}

    /** The same at each call but for the sync state, so that a worker recognises the task it already has. */
    Task initialTask(Manifest manifest) {
        var ofSyncType = manifest.syncType(syncType);
        var first = initialTask != null ? initialTask : new InitialTask(ofSyncType.initialTask(), "{}");
        return Task.newBuilder()
                .setTaskId(id)
                .setRunId(id)
                .setRunSequence(sequence)
                .setUserIntegrationId(userIntegrationId)
                .setUserId(userId)
                .setDomain(domain)
                .setSyncType(ofSyncType.name())
                .setType(first.type())
                .setPayload(first.payload())
                // Someone waits for it: its first task goes before those of a backfill beside it.
                .setPriority(trigger.equals("manual") || trigger.equals("system") ? 0 : manifest.priority(first.type()))
                .setTrigger(Trigger.valueOf(trigger))
                .setOptions(options)
                .setSyncState(syncState)
                .setCreatedAt(createdAt)
                .build();
    }
}
