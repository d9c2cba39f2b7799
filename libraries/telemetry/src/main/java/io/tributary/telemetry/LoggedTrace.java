package io.tributary.telemetry;

import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** Adds the id of a trace to each line that the thread logs, those of libraries as well, until it is closed. */
public final class LoggedTrace implements AutoCloseable {

    private static final String TRACE = "traceId";

    /** @param traceparent null or malformed: lines have no such id */
    public LoggedTrace(@Nullable String traceparent) {
        String id = Traceparent.traceId(traceparent);
        if (id != null) {
            MDC.put(TRACE, id);
        }
    }

    @Override
    public void close() {
        MDC.remove(TRACE);
    }
}
