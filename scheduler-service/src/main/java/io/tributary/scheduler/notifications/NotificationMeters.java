package io.tributary.scheduler.notifications;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import org.springframework.stereotype.Component;

/** Metrics of notifications, by the domain of their channel. Thread safe. */
@Component
record NotificationMeters(MeterRegistry meters) {

    /** Counts a delivery that has ended. */
    void ended(String domain, String status) {
        Counter.builder("tributary.notifications.deliveries")
                .description("Deliveries of notifications that ended, by channel and status")
                .tag("domain", domain)
                .tag("status", status)
                .register(meters)
                .increment();
    }

    /** Measures how late a delivery is queued. */
    void late(String domain, Instant dueAt, Instant now) {
        Timer.builder("tributary.notifications.lateness")
                .description("Time from when a delivery of a notification is due until it is queued")
                .tag("domain", domain)
                .register(meters)
                .record(Duration.between(dueAt, now));
    }
}
