package io.tributary.content;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentKeyTest {

    private static final UUID ACCOUNT = UUID.fromString("00000000-0000-0000-0000-00000000000a");
    private static final Instant APRIL = Instant.parse("2026-04-30T23:59:59.999Z");

    private final ContentKey key = ContentKey.of(ACCOUNT, "large".getBytes(UTF_8), APRIL);

    @Test
    void namesContentByMonthUserIntegrationAndDigest() {
        assertThat(key)
                .hasToString("2026-04/00000000-0000-0000-0000-00000000000a/"
                        + "d35c416a85b807e9b5384915d6ebb4a9f7352713efd89857b45a242f473728a9");
        assertThat(key.toString()).hasSize(ContentKey.LENGTH);
    }

    @Test
    void isTheSameForTheSameContentWithinAMonth() {
        assertThat(ContentKey.of(ACCOUNT, "large".getBytes(UTF_8), APRIL.minusSeconds(86_400)))
                .isEqualTo(key);
        assertThat(ContentKey.of(ACCOUNT, "large".getBytes(UTF_8), APRIL.plusMillis(1)))
                .isNotEqualTo(key);
        assertThat(ContentKey.of(ACCOUNT, "other".getBytes(UTF_8), APRIL)).isNotEqualTo(key);
    }

    @Test
    void isFoundInReferencesOfAnyStore() {
        assertThat(ContentKey.in(key.under(URI.create("s3://bucket/prefix/")).toString()))
                .contains(key);
        assertThat(ContentKey.in(key.under(URI.create("file:///data/content/")).toString()))
                .contains(key);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "file:///etc/passwd",
                "2026-13/00000000-0000-0000-0000-00000000000a/0000000000000000000000000000000000000000000000000000000000000000",
                "2026-04/../../../../../../../etc/passwd/////////////////////////////////////////////////////////////////////////",
            })
    void isNotFoundInAnythingElse(String reference) {
        assertThat(ContentKey.in(reference)).isEmpty();
    }
}
