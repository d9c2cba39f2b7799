package io.tributary.scheduler.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.sun.net.httpserver.HttpServer;
import io.tributary.scheduler.CannotStart;
import io.tributary.scheduler.testing.Tokens;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;

/** Tokens of an issuer that publishes its keys, and of one whose key is a file. */
class JwkSetIT {

    @TempDir
    private Path folder;

    @Test
    void takesTokensBothWaysOfSigning() throws IOException {
        var rsa = Tokens.rsa();
        var ec = Tokens.ec();
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/keys", exchange -> {
            byte[] keys = ("{\"keys\":[" + rsa.jwk() + "," + ec.jwk() + "]}").getBytes(UTF_8);
            exchange.sendResponseHeaders(200, keys.length);
            exchange.getResponseBody().write(keys);
            exchange.close();
        });
        server.start();
        try {
            var decoder =
                    decoder(null, "http://127.0.0.1:" + server.getAddress().getPort() + "/keys");

            assertThat(decoder.decode(rsa.user("ann")).getSubject()).isEqualTo("ann");
            assertThat(decoder.decode(ec.user("ann")).getSubject()).isEqualTo("ann");
            assertThatThrownBy(() -> decoder.decode(Tokens.rsa().user("ann"))).isInstanceOf(JwtException.class);
            assertThatThrownBy(() -> decoder.decode(rsa.signedWith(
                            JWSAlgorithm.PS256, Tokens.claims("ann").build())))
                    .isInstanceOf(JwtException.class);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void takesEs256TokensByAKeyOfThatKind() {
        var ec = Tokens.ec();
        var decoder = decoder(ec.writePublicKey(folder).toString(), null);

        assertThat(decoder.decode(ec.user("ann")).getSubject()).isEqualTo("ann");
        assertThatThrownBy(() -> decoder.decode(Tokens.rsa().user("ann"))).isInstanceOf(JwtException.class);
    }

    @Test
    void wantsExactlyOneSourceOfKeys() {
        assertThatThrownBy(() -> decoder(null, null)).isInstanceOf(CannotStart.class);
        assertThatThrownBy(() -> decoder("a.pem", "http://127.0.0.1/keys")).isInstanceOf(CannotStart.class);
        assertThatThrownBy(() -> decoder(" ", "")).isInstanceOf(CannotStart.class);
    }

    @Test
    void wantsAnIssuer() {
        assertThatThrownBy(() -> new TokenConfiguration()
                        .jwtDecoder(new SecurityProperties(null, Tokens.AUDIENCE, "a.pem", null, "org")))
                .isInstanceOf(CannotStart.class)
                .hasMessageContaining("TRIBUTARY_SECURITY_ISSUER");
    }

    private static JwtDecoder decoder(@Nullable String publicKey, @Nullable String jwkSetUri) {
        return new TokenConfiguration()
                .jwtDecoder(new SecurityProperties(Tokens.ISSUER, Tokens.AUDIENCE, publicKey, jwkSetUri, "org"));
    }
}
