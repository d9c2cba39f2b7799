package io.tributary.scheduler.figures;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Selects figures.
 *
 * @param userIntegrationId its user integration; null: missing
 * @param series name of the series; null: all
 * @param from only figures of this time or later; null: no bound
 * @param to only figures before this time; null: no bound
 * @param step 5m, 1h or 1d; null: the figures themselves
 * @param dimensions each {@code name:value}; figures that have all of them
 */
record FigureQuery(
        @Nullable UUID userIntegrationId,
        @Nullable String series,
        @Nullable Instant from,
        @Nullable Instant to,
        @Nullable String step,
        List<String> dimensions) {}
