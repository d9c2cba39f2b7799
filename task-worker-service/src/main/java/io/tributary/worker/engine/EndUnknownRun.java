package io.tributary.worker.engine;

import io.tributary.schemas.RunError;
import io.tributary.schemas.RunProgress;
import io.tributary.schemas.RunStatus;
import java.time.Instant;
import java.util.UUID;

/**
 * Reports the end of a run that has no task on this partition although others take it for live: its initial task is
 * unreadable, was lost, is still to be read, or the report of its end did not reach the sink. The sink ignores the
 * report when it has the end of the run already.
 */
record EndUnknownRun(SeenTasks seen, RecordSender sender, EngineConfig config) {

    /** Reports the end; an initial task of the run that is read later is dropped. */
    void end(UUID userIntegrationId, UUID runId, RunStatus status, RunError cause) {
        long now = config.nowMillis();
        seen.expect(runId, now);
        sender.progress(
                userIntegrationId,
                RunProgress.newBuilder()
                        .setRunId(runId)
                        .setUserIntegrationId(userIntegrationId)
                        .setSpawned(0)
                        .setCompleted(0)
                        .setFailed(1)
                        .setOutputs(0)
                        .setStatus(status)
                        .setError(cause)
                        .setAt(Instant.ofEpochMilli(now))
                        .build());
    }
}
