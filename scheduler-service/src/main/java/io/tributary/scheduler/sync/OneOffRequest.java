package io.tributary.scheduler.sync;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Body that requests a one-off task.
 *
 * @param userIntegrationId the account of the task
 * @param type task type of its platform
 * @param payload payload of the task; default empty
 * @param runAt earliest start, an RFC 3339 date-time up to a year from now; default now
 */
record OneOffRequest(
        @Nullable UUID userIntegrationId,
        @Nullable String type,

        @Schema(implementation = Object.class, type = "object") @Nullable
        ObjectNode payload,

        @Schema(format = "date-time") @Nullable String runAt) {}
