package io.tributary.worker.execution;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Options;
import java.time.Instant;

/** Reads the options of a run from a task. */
final class RunOptions {

    private RunOptions() {}

    /**
     * @throws java.time.format.DateTimeParseException when a date is not RFC 3339
     * @throws IllegalArgumentException when the options contradict each other
     */
    static Options read(JsonObject options) {
        return options.isEmpty()
                ? Options.NONE
                : new Options(
                        options.text("startDate").map(Instant::parse).orElse(null),
                        options.text("endDate").map(Instant::parse).orElse(null),
                        options.bool("force").orElse(false));
    }
}
