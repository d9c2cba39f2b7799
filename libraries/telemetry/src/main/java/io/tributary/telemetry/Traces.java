package io.tributary.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SdkTracerProviderBuilder;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Records the spans of a service, and sends them to an OTLP receiver in the background.
 *
 * <p>Every span has ids, so that lines of logs show the trace. It is recorded if its parent was; a trace that begins
 * here is recorded by chance, as the sampling says. Without an endpoint, no span is recorded. What waits to be sent is
 * bounded: when the receiver is slow or away, spans are dropped, and nothing waits. Thread safe.
 */
public final class Traces implements AutoCloseable {

    public static final AttributeKey<String> RUN = AttributeKey.stringKey("tributary.run.id");
    public static final AttributeKey<String> ACCOUNT = AttributeKey.stringKey("tributary.user_integration.id");
    public static final AttributeKey<String> DOMAIN = AttributeKey.stringKey("tributary.domain");
    public static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("tributary.outcome");
    public static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");

    /** Spans that wait to be sent; more are dropped. */
    private static final int QUEUED = 4_096;

    private static final int BATCH = 512;
    private static final Duration SEND_EVERY = Duration.ofSeconds(1);
    private static final Duration SEND_WITHIN = Duration.ofSeconds(5);

    /** Most links of a span. */
    public static final int MOST_LINKS = 16;

    private static final SpanLimits LIMITS = SpanLimits.builder()
            .setMaxNumberOfAttributes(16)
            .setMaxAttributeValueLength(256)
            .setMaxNumberOfEvents(0)
            .setMaxNumberOfLinks(MOST_LINKS)
            .build();

    private final SdkTracerProvider provider;
    private final Tracer tracer;
    private final boolean recording;

    private Traces(SdkTracerProvider provider, boolean recording) {
        this.provider = provider;
        this.tracer = provider.get("io.tributary");
        this.recording = recording;
    }

    /** Traces as the settings say. */
    public static Traces of(String service, TraceSettings settings) {
        URI endpoint = settings.endpoint();
        if (endpoint == null) {
            return off(service);
        }
        var exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(endpoint.toString())
                .setCompression("gzip")
                .setConnectTimeout(SEND_WITHIN)
                .setTimeout(SEND_WITHIN);
        settings.headersOrNone().forEach(exporter::addHeader);
        return to(exporter.build(), service, settings.samplingOrDefault());
    }

    /** No span is recorded. */
    public static Traces off(String service) {
        return new Traces(provider(service).setSampler(Sampler.alwaysOff()).build(), false);
    }

    /** Traces to an exporter, which this closes. */
    public static Traces to(SpanExporter exporter, String service, double sampling) {
        return new Traces(
                provider(service)
                        .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(sampling)))
                        .addSpanProcessor(BatchSpanProcessor.builder(exporter)
                                .setMaxQueueSize(QUEUED)
                                .setMaxExportBatchSize(BATCH)
                                .setScheduleDelay(SEND_EVERY)
                                .setExporterTimeout(SEND_WITHIN)
                                .build())
                        .build(),
                true);
    }

    private static SdkTracerProviderBuilder provider(String service) {
        return SdkTracerProvider.builder()
                .setResource(Resource.getDefault()
                        .merge(Resource.create(Attributes.of(AttributeKey.stringKey("service.name"), service))))
                .setSpanLimits(LIMITS);
    }

    /** Whether this service records spans of a trace; false costs nothing. */
    public boolean record(@Nullable String traceparent) {
        return recording && Traceparent.isSampled(traceparent);
    }

    /** A span below that of a text; the root of a new trace if there is none, or it is malformed. */
    public SpanBuilder below(@Nullable String traceparent, String name, SpanKind kind) {
        return below(Traceparent.parse(traceparent), name, kind);
    }

    /** A span below another; the root of a new trace if that is not valid. */
    public SpanBuilder below(SpanContext parent, String name, SpanKind kind) {
        SpanBuilder span = tracer.spanBuilder(name).setSpanKind(kind);
        return parent.isValid() ? span.setParent(Context.root().with(Span.wrap(parent))) : span.setNoParent();
    }

    /** Sends what waits, up to some seconds. */
    public void flush() {
        provider.forceFlush().join(SEND_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Sends what waits, up to some seconds, and ends. */
    @Override
    public void close() {
        provider.shutdown().join(SEND_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    }
}
