package io.tributary.scheduler.figures;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import io.tributary.scheduler.http.Page;
import io.tributary.scheduler.http.PageRequest;
import io.tributary.scheduler.http.ProblemStatuses;
import io.tributary.scheduler.security.Caller;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.WebRequest;

/** Time series of figures. */
@RestController
@RequestMapping(path = "/v1/metrics", produces = MediaType.APPLICATION_JSON_VALUE)
record FigureController(ReadFigures readFigures) {

    private static final String DIMENSIONS = "dimensions";

    /**
     * The sums of a step are up to five minutes behind the figures.
     *
     * @param from only figures of this time or later
     * @param to only figures before this time
     * @param step 5m, 1h or 1d, in UTC; without it, the figures themselves
     * @param request has the dimensions as they are: as an argument, Spring would split them at commas
     */
    @ProblemStatuses(HttpStatus.NOT_FOUND)
    @Operation(
            operationId = "listMetrics",
            summary = "List figures of an account, or their sums by 5 minutes, hour or day; by series, then by time",
            parameters =
                    @Parameter(
                            name = DIMENSIONS,
                            in = ParameterIn.QUERY,
                            description = "each name:value; only series that have all of them",
                            array = @ArraySchema(schema = @Schema(type = "string"))))
    @GetMapping
    Page<Figure> list(
            @RequestParam(required = false) @Nullable UUID userIntegrationId,
            @RequestParam(required = false) @Nullable String series,
            @RequestParam(required = false) @Nullable Instant from,
            @RequestParam(required = false) @Nullable Instant to,
            @RequestParam(required = false) @Nullable String step,
            WebRequest request,
            PageRequest page,
            Caller caller) {
        String @Nullable [] dimensions = request.getParameterValues(DIMENSIONS);
        return readFigures.list(
                new FigureQuery(
                        userIntegrationId,
                        series,
                        from,
                        to,
                        step,
                        dimensions == null ? List.of() : List.of(dimensions)),
                page,
                caller);
    }
}
