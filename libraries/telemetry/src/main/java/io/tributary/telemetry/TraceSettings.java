package io.tributary.telemetry;

import java.net.URI;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where traces go, the same for all services: {@code tributary.tracing}.
 *
 * @param endpoint URL of an OTLP/HTTP receiver, such as {@code http://collector:4318/v1/traces}; null: no span is
 *     recorded
 * @param sampling share of the traces that begin here and are recorded, 0 to 1; null: 0.01
 * @param headers of each request to the receiver, such as {@code authorization}; null: none
 */
public record TraceSettings(
        @Nullable URI endpoint,
        @Nullable Double sampling,
        @Nullable Map<String, String> headers) {

    private static final double DEFAULT_SAMPLING = 0.01;

    /** No span is recorded. */
    public static final TraceSettings NONE = new TraceSettings(null, null, null);

    public TraceSettings {
        if (endpoint != null && endpoint.toString().isBlank()) {
            endpoint = null; // an empty variable
        }
        if (endpoint != null && (!isHttp(endpoint) || endpoint.getHost() == null)) {
            throw new IllegalArgumentException(
                    "tributary.tracing.endpoint must be an http or https URL, such as http://collector:4318/v1/traces");
        }
        if (endpoint != null && endpoint.getUserInfo() != null) {
            throw new IllegalArgumentException(
                    "tributary.tracing.endpoint has credentials: use tributary.tracing.headers.authorization");
        }
        if (sampling != null && !(sampling >= 0 && sampling <= 1)) {
            throw new IllegalArgumentException("tributary.tracing.sampling is " + sampling + "; it must be 0 to 1");
        }
    }

    private static boolean isHttp(URI endpoint) {
        return "http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme());
    }

    double samplingOrDefault() {
        return Objects.requireNonNullElse(sampling, DEFAULT_SAMPLING);
    }

    Map<String, String> headersOrNone() {
        return Objects.requireNonNullElse(headers, Map.of());
    }

    /** Without the headers, which may be secret. */
    @Override
    public String toString() {
        return "TraceSettings[endpoint=" + endpoint + ", sampling=" + sampling + "]";
    }
}
