package io.tributary.scheduler.billing;

import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Body of a request that adds usage.
 *
 * @param events 1 to {@link AddUsage#MAX_EVENTS}
 */
record NewUsage(@Nullable List<@Nullable Event> events) {

    /**
     * Usage to bill.
     *
     * @param id chosen by the sender, unique in the organisation, 1 to 200 characters, not beginning with
     *     {@code run:}; an event that is sent again counts once
     * @param orgId the organisation to bill
     * @param meter name of what was used, such as {@code seats}; letters, digits, {@code . _ -}, 1 to 100
     * @param quantity how much, 0 and up; operators may correct by less than 0
     * @param at when it was used; at most a day from now
     * @param properties JSON object of up to 4 KB, kept with the event; default empty
     */
    record Event(
            @Nullable String id,
            @Nullable String orgId,
            @Nullable String meter,
            @Nullable BigDecimal quantity,
            @Nullable Instant at,
            @Schema(implementation = Object.class) @Nullable JsonNode properties) {}
}
