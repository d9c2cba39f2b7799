package io.tributary.scheduler.credentials;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.scheduler.testing.Keysets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealCredentialsTest {

    private static final UUID ID = UUID.fromString("0198c0de-0000-4000-8000-00000000ABCD");

    @TempDir
    private Path folder;

    @Test
    void sealsTheJsonOfTheCredentialsForOneRowOnly() throws Exception {
        var keysets = Keysets.create(folder);
        byte[] sealed =
                requireNonNull(new SealCredentials(keysets.keyset()).seal(ID, Map.of("password", "wonder\u00fc")));

        assertThat(new String(
                        keysets.aead().decrypt(sealed, "0198c0de-0000-4000-8000-00000000abcd".getBytes(UTF_8)), UTF_8))
                .isEqualTo("{\"password\":\"wonder\u00fc\"}");
        assertThatThrownBy(() -> keysets.aead()
                        .decrypt(sealed, UUID.randomUUID().toString().getBytes(UTF_8)))
                .isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void hasNothingToSealWhereThereAreNoCredentials() {
        assertThat(new SealCredentials(Keysets.create(folder).keyset()).seal(ID, Map.of()))
                .isNull();
    }
}
