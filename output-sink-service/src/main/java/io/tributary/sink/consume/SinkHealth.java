package io.tributary.sink.consume;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Says what the sink waits for: out of service while any of its consumers waits, down when none is running. */
public final class SinkHealth implements HealthIndicator {

    private final ConsumerThreads consumers;

    public SinkHealth(ConsumerThreads consumers) {
        this.consumers = consumers;
    }

    @Override
    public Health health() {
        if (!consumers.isRunning()) {
            return Health.down().build();
        }
        return consumers
                .waiting()
                .map(waiting -> Health.outOfService()
                        .withDetail("waitsFor", waiting.what())
                        .withDetail("since", waiting.since().toString())
                        .withDetail("attempts", waiting.attempts())
                        .build())
                .orElseGet(() -> Health.up().build());
    }
}
