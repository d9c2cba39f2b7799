package io.tributary.worker.execution;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tributary.integrations.api.HttpRequest;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.http.Received;
import io.tributary.integrations.http.Transport;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Measures the HTTP exchanges with providers, by domain and class of status. Thread safe; a timer is kept. */
final class MeasureExchanges {

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30)
    };

    private final MeterRegistry meters;
    private final Map<String, Map<String, Timer>> timers = new ConcurrentHashMap<>();

    MeasureExchanges(MeterRegistry meters) {
        this.meters = meters;
    }

    /**
     * The transport, measured.
     *
     * @param domain of a loaded integration
     */
    Transport of(String domain, Transport transport) {
        Map<String, Timer> ofDomain = timers.computeIfAbsent(domain, _ -> new ConcurrentHashMap<>());
        return request -> exchange(transport, request, domain, ofDomain);
    }

    private Received exchange(Transport transport, HttpRequest request, String domain, Map<String, Timer> ofDomain)
            throws TaskFailure {
        long begin = System.nanoTime();
        String status = "failed";
        try {
            Received received = transport.exchange(request);
            status = label(received.status());
            return received;
        } finally {
            ofDomain.computeIfAbsent(status, each -> timer(domain, each))
                    .record(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
        }
    }

    private Timer timer(String domain, String status) {
        return Timer.builder("tributary.worker.http")
                .description("Time of one HTTP exchange with a provider")
                .tag("domain", domain)
                .tag("status", status)
                .serviceLevelObjectives(BUCKETS)
                .register(meters);
    }

    private static String label(int status) {
        if (status == 429) {
            return "429";
        }
        return switch (status / 100) {
            case 1, 2 -> "2xx";
            case 3 -> "3xx";
            case 4 -> "4xx";
            default -> "5xx";
        };
    }
}
