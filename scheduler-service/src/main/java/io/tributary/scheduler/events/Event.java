package io.tributary.scheduler.events;

import io.tributary.schemas.SyncEvent;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event of a run or a user integration, as {@code event_outbox} has it.
 *
 * @param sequence order of publication
 * @param details JSON object as text
 */
public record Event(
        UUID id,
        long sequence,
        String type,
        UUID userIntegrationId,
        String userId,
        String integrationDomain,
        @Nullable UUID runId,
        @Nullable String code,
        String details,
        Instant at) {

    SyncEvent message() {
        return SyncEvent.newBuilder()
                .setEventId(id)
                .setType(type)
                .setUserIntegrationId(userIntegrationId)
                .setUserId(userId)
                .setDomain(integrationDomain)
                .setRunId(runId)
                .setCode(code)
                .setDetails(details)
                .setAt(at.truncatedTo(ChronoUnit.MILLIS))
                .build();
    }
}
