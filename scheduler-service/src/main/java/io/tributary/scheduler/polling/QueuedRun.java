package io.tributary.scheduler.polling;

import io.tributary.scheduler.manifests.Manifest;
import io.tributary.schemas.Task;
import io.tributary.schemas.Trigger;
import java.time.Instant;
import java.util.UUID;

/**
 * A run that was not dispatched yet.
 *
 * @param id identity of the run, and of its initial task
 * @param sequence order of runs, 1 and up
 * @param trigger what started it, as in the table
 * @param options JSON object as text
 * @param syncState cursor to start from, JSON object as text
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
        Instant createdAt) {

    /** The same at each call but for the sync state, so that a worker recognises the task it already has. */
    Task initialTask(Manifest manifest) {
        var type = manifest.syncType(syncType);
        return Task.newBuilder()
                .setTaskId(id)
                .setRunId(id)
                .setRunSequence(sequence)
                .setUserIntegrationId(userIntegrationId)
                .setUserId(userId)
                .setDomain(domain)
                .setSyncType(type.name())
                .setType(type.initialTask())
                .setPayload("{}")
                // Someone waits for a manual run: its first task goes before those of a backfill beside it.
                .setPriority(trigger.equals("manual") ? 0 : manifest.priority(type.initialTask()))
                .setTrigger(Trigger.valueOf(trigger))
                .setOptions(options)
                .setSyncState(syncState)
                .setCreatedAt(createdAt)
                .build();
    }
}
