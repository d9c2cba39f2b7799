package io.tributary.scheduler.figures;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.time.Instant;

/**
 * A figure, or the sum of a step of time.
 *
 * @param series name of the series
 * @param dimensions of its series: texts by name, such as {@code ad} with the id of an ad
 * @param time of the figure, or the begin of the step
 * @param value the newest figure of the step
 * @param points figures in the step; 1 without a step
 * @param sum of the figures of the step
 * @param min least figure of the step
 * @param max greatest figure of the step
 */
record Figure(
        String series,
        @JsonRawValue @Schema(implementation = Object.class) String dimensions,
        Instant time,
        BigDecimal value,
        long points,
        BigDecimal sum,
        BigDecimal min,
        BigDecimal max) {}
