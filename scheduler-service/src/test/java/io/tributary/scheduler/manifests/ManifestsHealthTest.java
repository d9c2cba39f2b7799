package io.tributary.scheduler.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Status;

class ManifestsHealthTest {

    @Test
    void isUpOnceTheManifestsWereRead() {
        assertThat(new ManifestsHealth(new Manifests()).health().getStatus()).isEqualTo(Status.DOWN);
        assertThat(new ManifestsHealth(KnownManifests.of()).health().getStatus())
                .isEqualTo(Status.UP);
    }
}
