package io.tributary.scheduler.sync;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Body that asks for one task.
 *
 * @param userIntegrationId the account to run it with
 * @param type one of the task types of its platform
 * @param payload what the task is given; default empty
 * @param runAt when to start it, an RFC 3339 date-time up to a year from now; default at once
 */
record OneOffRequest(
        @Nullable UUID userIntegrationId,
        @Nullable String type,

        @Schema(implementation = Object.class, type = "object") @Nullable
        ObjectNode payload,

        @Schema(format = "date-time") @Nullable String runAt) {}
