package io.tributary.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.api.trace.SpanContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceparentTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SAMPLED = "00-" + TRACE + "-00f067aa0ba902b7-01";
    private static final String NOT_SAMPLED = "00-" + TRACE + "-00f067aa0ba902b7-00";

    @Test
    void readsWhatItWrites() {
        for (String text : new String[] {SAMPLED, NOT_SAMPLED}) {
            SpanContext span = Traceparent.parse(text);

            assertThat(span.isRemote()).isTrue();
            assertThat(span.getTraceId()).isEqualTo(TRACE);
            assertThat(span.getSpanId()).isEqualTo("00f067aa0ba902b7");
            assertThat(Traceparent.of(span)).isEqualTo(text).hasSize(Traceparent.LENGTH);
            assertThat(Traceparent.valid(text)).isEqualTo(text);
            assertThat(Traceparent.traceId(text)).isEqualTo(TRACE);
        }
    }

    @Test
    void seesInTheFlagsWhetherSpansAreRecorded() {
        assertThat(Traceparent.isSampled(SAMPLED)).isTrue();
        assertThat(Traceparent.isSampled(NOT_SAMPLED)).isFalse();
        assertThat(Traceparent.parse(SAMPLED).isSampled()).isTrue();
        assertThat(Traceparent.parse(NOT_SAMPLED).isSampled()).isFalse();
        // Flags that this version does not know are not passed on.
        assertThat(Traceparent.of(Traceparent.parse("00-" + TRACE + "-00f067aa0ba902b7-ff")))
                .isEqualTo(SAMPLED);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "00",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-011",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-extra",
                "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
                "00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0\n",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01"
            })
    void takesAnyOtherTextAsNone(String text) {
        assertThat(Traceparent.parse(text).isValid()).isFalse();
        assertThat(Traceparent.valid(text)).isNull();
    }

    @Test
    void doesNotReadATextOfAnyLength() {
        String endless = SAMPLED + "-" + "a".repeat(1_000_000);

        assertThat(Traceparent.parse(endless).isValid()).isFalse();
        assertThat(Traceparent.isSampled(endless)).isFalse();
        assertThat(Traceparent.traceId(endless)).isNull();
    }

    @Test
    void writesNoSpanWithoutIds() {
        assertThatThrownBy(() -> Traceparent.of(SpanContext.getInvalid())).isInstanceOf(IllegalArgumentException.class);
    }
}
