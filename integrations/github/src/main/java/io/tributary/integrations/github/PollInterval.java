package io.tributary.integrations.github;

import io.tributary.integrations.api.HttpResponse;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import java.time.Duration;
import java.time.Instant;

/**
 * Keeps to {@code X-Poll-Interval}, the seconds that GitHub asks to wait between two requests for the same list. The
 * state's {@code pollAfter} is the time, in epoch seconds, before which neither list is asked for again.
 */
record PollInterval(TaskContext context) {

    private static final long LONGEST_SECONDS = Duration.ofHours(1).toSeconds();

    void check() throws TaskFailure.RetryLater {
        Instant after =
                Instant.ofEpochSecond(context.syncState().integer("pollAfter").orElse(0L));
        Instant now = context.clock().instant();
        if (now.isBefore(after)) {
            throw new TaskFailure.RetryLater(
                    "github.pollTooSoon", "GitHub asks to wait between two polls.", Duration.between(now, after));
        }
    }

    /** The change of state that an answer asks for. */
    JsonObject requestedBy(HttpResponse response) {
        return response.header("x-poll-interval")
                .filter(seconds -> seconds.matches("\\d{1,6}"))
                .map(Long::parseLong)
                .map(seconds -> context.clock().instant().getEpochSecond() + Math.min(seconds, LONGEST_SECONDS))
                .filter(after ->
                        after > context.syncState().integer("pollAfter").orElse(0L))
                .map(after -> JsonObject.of("pollAfter", after))
                .orElse(JsonObject.EMPTY);
    }
}
