package io.tributary.scheduler.polling;

import java.util.List;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Down when a repeated step does not come back: a thread that hangs, say in a statement that is never answered. Only a
 * restart helps then. A step that fails does come back: an outage of Postgres or Kafka is no reason to restart.
 */
final class ProgressHealth implements HealthIndicator {

    private final List<Repeated> steps;

    ProgressHealth(List<Repeated> steps) {
        this.steps = List.copyOf(steps);
    }

    @Override
    public Health health() {
        var stuck = steps.stream().filter(Repeated::isStuck).map(Repeated::name).toList();
        return stuck.isEmpty()
                ? Health.up().build()
                : Health.down().withDetail("stuck", stuck).build();
    }
}
