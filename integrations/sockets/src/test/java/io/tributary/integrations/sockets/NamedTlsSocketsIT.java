package io.tributary.integrations.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.integrations.testkit.TestCertificate;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NamedTlsSocketsIT {

    private static final TestCertificate CERTIFICATE = TestCertificate.forName("files.example.org");

    private final ConnectionFailures failures =
            new ConnectionFailures("test", "host:1", "test.unreachable", "host and port", "Check the port.");

    @Test
    void aCertificateIsCheckedAgainstTheNameWhateverTheAddress() throws Exception {
        assertThat(handshake("files.example.org", CERTIFICATE.pem())).isEmpty();
        assertThat(handshake("other.example.org", CERTIFICATE.pem())).contains("test.certificateRefused");
    }

    @Test
    void onlyTrustedCertificatesAreAccepted() throws Exception {
        assertThat(handshake("files.example.org", null)).contains("test.certificateRefused");
    }

    @Test
    void textWithoutACertificateIsRejected() {
        assertThatThrownBy(() -> NamedTlsSockets.of("files.example.org", "none"))
                .isInstanceOf(GeneralSecurityException.class);
    }

    /** @return the code of the failure; empty when the handshake succeeds */
    private Optional<String> handshake(String name, @Nullable String trusted) throws Exception {
        try (var listening = (SSLServerSocket) CERTIFICATE
                        .server()
                        .getServerSocketFactory()
                        .createServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var connected = new Socket(InetAddress.getLoopbackAddress(), listening.getLocalPort())) {
            Thread server = Thread.startVirtualThread(() -> {
                try (var socket = (SSLSocket) listening.accept()) {
                    socket.startHandshake();
                } catch (Exception e) {
                    // The client tells what went wrong.
                }
            });
            var socket = (SSLSocket) NamedTlsSockets.of(name, trusted)
                    .createSocket(connected, "127.0.0.1", listening.getLocalPort(), true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            try {
                socket.startHandshake();
                return Optional.empty();
            } catch (Exception e) {
                return failures.of(e).map(failure -> failure.code());
            } finally {
                socket.close();
                server.join();
            }
        }
    }
}
