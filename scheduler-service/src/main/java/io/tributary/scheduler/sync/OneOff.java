package io.tributary.scheduler.sync;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A requested one-off task, as responses show it.
 *
 * @param type task type of its platform
 * @param payload JSON, as stored in Postgres
 * @param runAt earliest start; it starts later if an earlier one-off task of the account still executes
 * @param status waiting, started or cancelled
 * @param runId the run that executes it; null: not started
 */
record OneOff(
        UUID id,
        UUID userIntegrationId,
        String integrationDomain,
        String type,
        @JsonRawValue @Schema(implementation = Object.class) String payload,
        Instant runAt,
        String status,
        @Nullable UUID runId,
        Instant createdAt,
        @Nullable Instant cancelledAt) {}
