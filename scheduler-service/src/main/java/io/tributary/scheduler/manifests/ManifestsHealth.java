package io.tributary.scheduler.manifests;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Down until the manifests were read once: before that, every integration would seem unknown. */
final class ManifestsHealth implements HealthIndicator {

    private final Manifests manifests;

    ManifestsHealth(Manifests manifests) {
        this.manifests = manifests;
    }

    @Override
    public Health health() {
        return (manifests.caughtUp() ? Health.up() : Health.down()).build();
    }
}
