package io.tributary.scheduler.manifests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.testing.ManifestJson;
import org.junit.jupiter.api.Test;

class ManifestsTest {

    @Test
    void listsThemByDomain() {
        assertThat(KnownManifests.of(ManifestJson.MAIL, ManifestJson.HELLO).all())
                .extracting(Manifest::domain)
                .containsExactly("hello", "mail");
    }

    @Test
    void namesTheKnownOnesWhenOneIsUnknown() {
        assertThatThrownBy(() ->
                        KnownManifests.of(ManifestJson.MAIL, ManifestJson.HELLO).require("helo"))
                .isInstanceOfSatisfying(ApiException.class, failure -> {
                    assertThat(failure.problem().code()).isEqualTo("polling.integrationNotFound");
                    assertThat(failure.problem().status()).isEqualTo(422);
                    assertThat(failure.problem().detail()).contains("'helo'", "hello, mail");
                });
    }
}
