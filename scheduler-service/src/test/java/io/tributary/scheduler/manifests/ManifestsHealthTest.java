package io.tributary.scheduler.manifests;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

class ManifestsHealthTest {

    @Test
    void isUpOnceTheManifestsWereRead() {
        assertThat(health(new Manifests()).getStatus()).isEqualTo(Status.DOWN);
        assertThat(health(KnownManifests.of()).getStatus()).isEqualTo(Status.UP);
    }

    private static Health health(Manifests manifests) {
        return requireNonNull(
                new ManifestsConfiguration().manifestsHealthIndicator(manifests).health());
    }
}
