package io.tributary.scheduler.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.scheduler.CannotStart;
import io.tributary.scheduler.testing.Tokens;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadPublicKeyTest {

    @TempDir
    private Path folder;

    @Test
    void readsAnRsaKey() {
        assertThat(ReadPublicKey.from(Tokens.rsa().writePublicKey(folder).toString()))
                .isInstanceOf(RSAPublicKey.class);
    }

    @Test
    void readsAKeyOfTheCurveOfEs256() {
        assertThat(ReadPublicKey.from(Tokens.ec().writePublicKey(folder).toString()))
                .isInstanceOf(ECPublicKey.class);
    }

    @Test
    void refusesAnotherCurve() throws Exception {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(384);
        Path file = pem(generator.generateKeyPair().getPublic().getEncoded());

        assertThatThrownBy(() -> ReadPublicKey.from(file.toString()))
                .isInstanceOf(CannotStart.class)
                .hasMessageContaining("P-256");
    }

    @Test
    void saysWhatIsWrongWithTheFile() throws Exception {
        assertThatThrownBy(() -> ReadPublicKey.from(folder.resolve("none").toString()))
                .isInstanceOf(CannotStart.class)
                .hasMessageContaining("cannot be read");
        assertThatThrownBy(() -> ReadPublicKey.from(pem(new byte[] {1, 2, 3}).toString()))
                .isInstanceOf(CannotStart.class)
                .hasMessageContaining("neither an RSA nor an EC");
        assertThatThrownBy(() -> ReadPublicKey.from(
                        Files.writeString(folder.resolve("x"), "!").toString()))
                .isInstanceOf(CannotStart.class)
                .hasMessageContaining("not a PEM");
    }

    private Path pem(byte[] der) throws Exception {
        return Files.writeString(
                folder.resolve("key.pem"),
                "-----BEGIN PUBLIC KEY-----\n" + Base64.getMimeEncoder().encodeToString(der)
                        + "\n-----END PUBLIC KEY-----\n");
    }
}
