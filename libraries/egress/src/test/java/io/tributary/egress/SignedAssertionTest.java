package io.tributary.egress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SignedAssertionTest {

    private static final URI AUDIENCE = URI.create("https://token.example/t");
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(1_800_000_000), ZoneOffset.UTC);

    private final KeyPair keys = keys();

    private static KeyPair keys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void isSignedAndSaysWhoAsksForWhom() throws Exception {
        var assertion = new SignedAssertion("robot@shop.example", "ann@shop.example", "orders.read", "k1");

        String[] parts = assertion.of(AUDIENCE, pkcs8(), CLOCK).split("\\.");

        assertThat(parts).hasSize(3);
        assertThat(isSigned(parts)).isTrue();
        assertThat(json(parts[0])).isEqualTo(json("""
            {"alg": "RS256", "typ": "JWT", "kid": "k1"}"""));
        assertThat(json(parts[1])).isEqualTo(json("""
            {"iss": "robot@shop.example", "sub": "ann@shop.example", "aud": "https://token.example/t",
             "iat": 1800000000, "exp": 1800003600, "scope": "orders.read"}"""));
    }

    @Test
    void takesAKeyInPkcs1AndLineBreaksAsTheyStandInJson() throws Exception {
        var assertion = new SignedAssertion("robot@shop.example", null, "", null);
        byte[] pkcs8 = keys.getPrivate().getEncoded();
        String pkcs1 = pem("RSA PRIVATE KEY", Arrays.copyOfRange(pkcs8, 26, pkcs8.length));

        assertThat(isSigned(assertion.of(AUDIENCE, pkcs1, CLOCK).split("\\."))).isTrue();
        assertThat(isSigned(assertion
                        .of(AUDIENCE, pkcs8().replace("\n", "\\n"), CLOCK)
                        .split("\\.")))
                .isTrue();
    }

    @Test
    void showsNothingOfAKeyThatIsNone() {
        var assertion = new SignedAssertion("robot@shop.example", null, "", null);

        assertThatThrownBy(() -> assertion.of(AUDIENCE, "s3cret", CLOCK))
                .isInstanceOf(GeneralSecurityException.class)
                .hasMessage("it is no PEM of an RSA key without a passphrase");
        assertThatThrownBy(() -> assertion.of(AUDIENCE, pem("PRIVATE KEY", "s3cret".getBytes(UTF_8)), CLOCK))
                .isInstanceOf(GeneralSecurityException.class)
                .hasMessage("it is no RSA key")
                .hasNoCause();
    }

    private boolean isSigned(String[] parts) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(keys.getPublic());
        signature.update((parts[0] + "." + parts[1]).getBytes(UTF_8));
        return signature.verify(Base64.getUrlDecoder().decode(parts[2]));
    }

    private String pkcs8() {
        return pem("PRIVATE KEY", keys.getPrivate().getEncoded());
    }

    private static String pem(String type, byte[] der) {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + type + "-----\n" + lines + "\n-----END " + type + "-----\n";
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared()
                .readTree(
                        text.startsWith("{")
                                ? text
                                : new String(Base64.getUrlDecoder().decode(text), UTF_8));
    }
}
