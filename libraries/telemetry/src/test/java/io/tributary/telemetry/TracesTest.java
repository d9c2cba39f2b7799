package io.tributary.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class TracesTest {

    private static final String SAMPLED = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final String NOT_SAMPLED = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";

    private final Exported exported = new Exported();

    @Test
    void recordsASpanIfItsParentIsRecordedWhateverTheSampling() {
        try (var traces = Traces.to(exported, "worker", 0)) {
            assertThat(traces.record(SAMPLED)).isTrue();
            assertThat(traces.record(NOT_SAMPLED)).isFalse();
            assertThat(traces.record(null)).isFalse();

            traces.below(SAMPLED, "execute", SpanKind.CONSUMER).startSpan().end();
            traces.below(NOT_SAMPLED, "execute", SpanKind.CONSUMER).startSpan().end();
            traces.below("", "root", SpanKind.INTERNAL).startSpan().end();
        }

        assertThat(exported.spans).singleElement().satisfies(span -> {
            assertThat(span.getTraceId()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
            assertThat(span.getParentSpanId()).isEqualTo("00f067aa0ba902b7");
            assertThat(span.getResource().getAttributes().asMap().values()).contains("worker");
        });
    }

    @Test
    void recordsRootsAsTheSamplingSays() {
        try (var traces = Traces.to(exported, "scheduler", 1)) {
            Span root = traces.below("malformed", "trigger", SpanKind.INTERNAL).startSpan();
            root.end();

            assertThat(Traceparent.isSampled(Traceparent.of(root.getSpanContext())))
                    .isTrue();
        }
        assertThat(exported.spans).hasSize(1);
    }

    @Test
    void hasIdsForTheLogsThoughNothingIsRecorded() {
        try (var traces = Traces.of("sink", TraceSettings.NONE)) {
            Span span = traces.below(SAMPLED, "write", SpanKind.CONSUMER).startSpan();

            assertThat(traces.record(SAMPLED)).isFalse();
            assertThat(span.isRecording()).isFalse();
            assertThat(Traceparent.of(span.getSpanContext()))
                    .startsWith("00-4bf92f3577b34da6a3ce929d0e0e4736-")
                    .endsWith("-00");
        }
    }

    @Test
    void keepsLittleOfASpanWhateverIsAddedToIt() {
        try (var traces = Traces.to(exported, "worker", 1)) {
            var builder = traces.below(SAMPLED, "execute", SpanKind.CONSUMER);
            for (int i = 0; i < 100; i++) {
                builder.addLink(Traceparent.parse(SAMPLED));
                builder.setAttribute("key" + i, "x".repeat(10_000));
            }
            builder.startSpan().end();
        }

        assertThat(exported.spans).singleElement().satisfies(span -> {
            assertThat(span.getLinks()).hasSize(Traces.MOST_LINKS);
            assertThat(span.getAttributes().size()).isLessThanOrEqualTo(16);
            assertThat(span.getAttributes().asMap().values())
                    .allSatisfy(value -> assertThat(value.toString()).hasSizeLessThanOrEqualTo(256));
        });
    }

    @Test
    void refusesSettingsOutOfRangeWithTheirKey() {
        assertThatThrownBy(() -> new TraceSettings(null, 1.5, null)).hasMessageContaining("tributary.tracing.sampling");
        assertThatThrownBy(() -> new TraceSettings(null, Double.NaN, null))
                .hasMessageContaining("tributary.tracing.sampling");
        assertThatThrownBy(() -> new TraceSettings(URI.create("collector:4318"), null, null))
                .hasMessageContaining("tributary.tracing.endpoint");
        assertThatThrownBy(() -> new TraceSettings(URI.create("http://user:secret@collector/v1/traces"), null, null))
                .hasMessageContaining("tributary.tracing.endpoint")
                .hasMessageNotContaining("secret");
        assertThat(new TraceSettings(URI.create(""), null, null).endpoint()).isNull();
    }

    @Test
    void showsNoHeader() {
        var settings = new TraceSettings(
                URI.create("http://collector:4318/v1/traces"), 0.5, Map.of("authorization", "Bearer secret"));

        assertThat(settings.toString()).contains("collector").doesNotContain("secret");
    }

    /** Keeps what is sent. */
    private static final class Exported implements SpanExporter {

        private final List<SpanData> spans = new CopyOnWriteArrayList<>();

        @Override
        public CompletableResultCode export(Collection<SpanData> batch) {
            spans.addAll(batch);
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }
}
