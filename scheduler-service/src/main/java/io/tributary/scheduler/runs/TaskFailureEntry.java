package io.tributary.scheduler.runs;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tributary.scheduler.http.RunError;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the run log: a task that failed permanently.
 *
 * @param id grows with time
 * @param attempts number of attempts
 * @param httpStatus status of the provider's HTTP response, if any
 */
record TaskFailureEntry(
        long id,
        UUID taskId,
        String taskType,
        int attempts,
        RunError error,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer httpStatus,
        Instant failedAt) {}
