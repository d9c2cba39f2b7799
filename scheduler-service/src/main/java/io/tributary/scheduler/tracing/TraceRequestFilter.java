package io.tributary.scheduler.tracing;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.tributary.telemetry.LoggedTrace;
import io.tributary.telemetry.Traceparent;
import io.tributary.telemetry.Traces;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.MDC;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Gives each request a span, below that of its header {@value Traceparent#HEADER} or as the root of a new trace. Runs
 * that the request triggers belong under it, and each line that is logged for the request has the id of the trace.
 *
 * <p>After the filters of security: a caller without a token cannot have spans recorded.
 */
@Component
@Order(TraceRequestFilter.AFTER_SECURITY)
class TraceRequestFilter extends OncePerRequestFilter {

    /** Those have -100. */
    static final int AFTER_SECURITY = -50;

    private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
    private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
    private static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
    private static final AttributeKey<String> REQUEST = AttributeKey.stringKey("tributary.request.id");

    private final Traces traces;

    TraceRequestFilter(Traces traces) {
        this.traces = traces;
    }

    /** Probes and metrics are no requests of callers. */
    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return request.getRequestURI().startsWith("/actuator");
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Span span = traces.below(request.getHeader(Traceparent.HEADER), "request", SpanKind.SERVER)
                .startSpan();
        int status = HttpStatus.INTERNAL_SERVER_ERROR.value(); // The container answers a request that throws with it.
        try (var _ = span.makeCurrent();
                var _ = new LoggedTrace(Traceparent.of(span.getSpanContext()))) {
            chain.doFilter(request, response);
            status = response.getStatus();
        } finally {
            if (span.isRecording()) {
                describe(span, request, status);
            }
            span.end();
        }
    }

    /** By the route, not by the URL, which has ids and maybe more. */
    private static void describe(Span span, HttpServletRequest request, int status) {
        if (request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE) instanceof String route) {
            span.updateName(request.getMethod() + " " + route);
            span.setAttribute(ROUTE, route);
        }
        span.setAttribute(METHOD, request.getMethod());
        span.setAttribute(STATUS, (long) status);
        String id = MDC.get("requestId");
        if (id != null) {
            span.setAttribute(REQUEST, id);
        }
        if (status >= 500) {
            span.setStatus(StatusCode.ERROR);
        }
    }
}
