package io.tributary.sink.consume;

import io.tributary.sink.outage.Outages;
import io.tributary.sink.outage.Outages.Outage;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Reports outages: out of service while any consumer waits, down when no consumer is running. */
public record SinkHealth(Consumers consumers, Outages outages, Clock clock) implements HealthIndicator {

    /** Consumers send heartbeats every few seconds; after this time without one, the broker counts as unavailable. */
    private static final Duration OVERDUE = Duration.ofSeconds(10);

    @Override
    public Health health() {
        return outages.longest()
                .or(this::ofKafka)
                .map(outage -> Health.outOfService()
                        .withDetail("waitsFor", outage.waitsFor())
                        .withDetail("since", outage.since().toString())
                        .withDetail("attempts", outage.attempts())
                        .build())
                .orElseGet(() -> consumers.isRunning()
                        ? Health.up().build()
                        : Health.down().build());
    }

    /** A broker that is unavailable looks like a topic without new records. */
    private Optional<Outage> ofKafka() {
        Duration silence = consumers.sinceHeartbeat();
        return silence.compareTo(OVERDUE) > 0
                ? Optional.of(new Outage("kafka", clock.instant().minus(silence), 1))
                : Optional.empty();
    }
}
