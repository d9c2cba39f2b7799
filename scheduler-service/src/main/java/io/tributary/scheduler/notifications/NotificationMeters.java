package io.tributary.scheduler.notifications;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/** Metrics of notifications, by the domain of their channel. Thread safe; a meter is kept. */
@Component
final class NotificationMeters {

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30),
        Duration.ofMinutes(5)
    };

    private record Ending(String domain, String status) {}

    private final MeterRegistry meters;
    private final Map<Ending, Counter> endings = new ConcurrentHashMap<>();
    private final Map<String, Timer> lateness = new ConcurrentHashMap<>();

    NotificationMeters(MeterRegistry meters) {
        this.meters = meters;
        counter(new Ending(Draft.INBOX, "delivered"));
        timer(Draft.INBOX);
    }

    /** Counts a delivery that has ended. */
    void ended(String domain, String status) {
        counter(new Ending(domain, status)).increment();
    }

    /** Measures how late a delivery is queued. */
    void late(String domain, Instant dueAt, Instant now) {
        timer(domain).record(Duration.between(dueAt, now));
    }

    private Counter counter(Ending of) {
        return endings.computeIfAbsent(
                of,
                _ -> Counter.builder("tributary.notifications.deliveries")
                        .description("Deliveries of notifications that ended, by channel and status")
                        .tag("domain", of.domain())
                        .tag("status", of.status())
                        .register(meters));
    }

    private Timer timer(String ofDomain) {
        return lateness.computeIfAbsent(
                ofDomain,
                _ -> Timer.builder("tributary.notifications.lateness")
                        .description("Time from when a delivery of a notification was due until it was queued")
                        .tag("domain", ofDomain)
                        .serviceLevelObjectives(BUCKETS)
                        .register(meters));
    }
}
