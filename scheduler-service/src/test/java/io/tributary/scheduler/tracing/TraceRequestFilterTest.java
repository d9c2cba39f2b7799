package io.tributary.scheduler.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.tributary.telemetry.Traceparent;
import io.tributary.telemetry.Traces;
import jakarta.servlet.ServletException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class TraceRequestFilterTest {

    private static final String SAMPLED = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private final InMemorySpanExporter exported = InMemorySpanExporter.create();

    @AutoClose
    private final Traces traces = Traces.to(exported, "scheduler", 0);

    private final TraceRequestFilter filter = new TraceRequestFilter(traces);

    private static MockHttpServletRequest request() {
        var request = new MockHttpServletRequest("GET", "/v1/sync-runs");
        request.addHeader(Traceparent.HEADER, SAMPLED);
        return request;
    }

    private SpanData span() {
        traces.flush();
        return exported.getFinishedSpanItems().getFirst();
    }

    @Test
    void recordsTheStatusOfTheResponse() throws Exception {
        filter.doFilter(
                request(),
                new MockHttpServletResponse(),
                (_, response) -> ((MockHttpServletResponse) response).setStatus(202));

        assertThat(span().getAttributes().get(AttributeKey.longKey("http.response.status_code")))
                .isEqualTo(202);
    }

    @Test
    void recordsARequestThatThrowsAsFailed() {
        assertThatThrownBy(() -> filter.doFilter(request(), new MockHttpServletResponse(), (_, _) -> {
                    throw new ServletException("unexpected");
                }))
                .isInstanceOf(ServletException.class);

        assertThat(span().getAttributes().get(AttributeKey.longKey("http.response.status_code")))
                .isEqualTo(500);
        assertThat(span().getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    }
}
