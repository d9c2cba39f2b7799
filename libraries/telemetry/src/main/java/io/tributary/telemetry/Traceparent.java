package io.tributary.telemetry;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import org.jspecify.annotations.Nullable;

/**
 * The text that takes a trace from one process to the next, in version 00 of W3C Trace Context:
 * {@code 00-<32 hex digits of the trace>-<16 of the span>-<2 of flags>}. Any other text counts as none.
 *
 * @see <a href="https://www.w3.org/TR/trace-context/#traceparent-header">traceparent</a>
 */
public final class Traceparent {

    /** Its name as a header. */
    public static final String HEADER = "traceparent";

    /** Characters of every valid text. */
    public static final int LENGTH = 55;

    private static final int TRACE = 3;
    private static final int SPAN = TRACE + 32 + 1;
    private static final int FLAGS = SPAN + 16 + 1;

    private Traceparent() {}

    /**
     * The text of a span. Of its flags, it has only whether the span is recorded.
     *
     * @throws IllegalArgumentException when the span has no ids
     */
    public static String of(SpanContext span) {
        if (!span.isValid()) {
            throw new IllegalArgumentException("the span has no ids");
        }
        return "00-" + span.getTraceId() + "-" + span.getSpanId() + (span.isSampled() ? "-01" : "-00");
    }

    /** The span of a text; {@link SpanContext#getInvalid()} when there is none, or it is malformed. */
    public static SpanContext parse(@Nullable String text) {
        return text == null || !isValid(text)
                ? SpanContext.getInvalid()
                : SpanContext.createFromRemoteParent(
                        text.substring(TRACE, SPAN - 1),
                        text.substring(SPAN, FLAGS - 1),
                        isFlagged(text) ? TraceFlags.getSampled() : TraceFlags.getDefault(),
                        TraceState.getDefault());
    }

    /** The text if it is valid, else null: what a stranger wrote is not passed on. */
    public static @Nullable String valid(@Nullable String text) {
        return text != null && isValid(text) ? text : null;
    }

    /** Whether the spans of the trace are recorded. Makes no object, for the path of each task. */
    public static boolean isSampled(@Nullable String text) {
        return text != null && text.length() == LENGTH && isFlagged(text) && isValid(text);
    }

    /** The id of the trace; null: there is none. */
    public static @Nullable String traceId(@Nullable String text) {
        return text != null && isValid(text) ? text.substring(TRACE, SPAN - 1) : null;
    }

    private static boolean isValid(String text) {
        return text.length() == LENGTH
                && text.startsWith("00-")
                && isId(text, TRACE, SPAN - 1)
                && text.charAt(SPAN - 1) == '-'
                && isId(text, SPAN, FLAGS - 1)
                && text.charAt(FLAGS - 1) == '-'
                && hexDigit(text.charAt(FLAGS)) >= 0
                && hexDigit(text.charAt(FLAGS + 1)) >= 0;
    }

    /** Hex digits, and not only zeros. */
    private static boolean isId(String text, int begin, int end) {
        int any = 0;
        for (int i = begin; i < end; i++) {
            int digit = hexDigit(text.charAt(i));
            if (digit < 0) {
                return false;
            }
            any |= digit;
        }
        return any != 0;
    }

    /** The lowest bit of the flags. */
    private static boolean isFlagged(String text) {
        return (hexDigit(text.charAt(LENGTH - 1)) & 1) == 1;
    }

    /** In lower case; -1: it is none. */
    private static int hexDigit(char digit) {
        if (digit >= '0' && digit <= '9') {
            return digit - '0';
        }
        return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
    }
}
