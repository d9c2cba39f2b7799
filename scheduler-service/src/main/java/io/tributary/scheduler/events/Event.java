package io.tributary.scheduler.events;

import io.tributary.schemas.SyncEvent;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened.
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
        String domain,
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
                .setDomain(domain)
                .setRunId(runId)
                .setCode(code)
                .setDetails(details)
                .setAt(at.truncatedTo(ChronoUnit.MILLIS))
                .build();
    }
}
