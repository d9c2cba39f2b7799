package io.tributary.scheduler.runs;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tributary.scheduler.http.RunError;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the run log: a task that failed for good.
 *
 * @param id grows with time
 * @param attempts how often it was tried
 * @param httpStatus what the provider answered, where it speaks HTTP
 */
record TaskFailureEntry(
        long id,
        UUID taskId,
        String taskType,
        int attempts,
        RunError error,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer httpStatus,
        Instant failedAt) {}
