package io.tributary.integrations.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.integrations.api.TaskFailure;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConnectionFailuresTest {

    private final ConnectionFailures failures =
            new ConnectionFailures("test", "host:1", "test.unreachable", "host and port", "Check the port.");

    static Stream<Arguments> exceptions() {
        return Stream.of(
                Arguments.of(new ConnectException("Connection refused"), "test.unreachable"),
                Arguments.of(new SocketTimeoutException("Read timed out"), "test.unreachable"),
                Arguments.of(new RuntimeException(new EOFException()), "test.unreachable"),
                Arguments.of(new SSLException("lost", new SocketException("reset")), "test.unreachable"),
                Arguments.of(new SSLException("Unrecognized SSL message"), "test.tlsUnavailable"),
                Arguments.of(
                        new IOException(new SSLHandshakeException("x").initCause(new CertificateException("expired"))),
                        "test.certificateRefused"));
    }

    @ParameterizedTest
    @MethodSource("exceptions")
    void namesWhatBroke(Exception exception, String code) throws Exception {
        assertThat(failures.of(exception)).hasValueSatisfying(failure -> {
            assertThat(failure.code()).isEqualTo(code);
            assertThat(failure.reason()).contains("host:1");
        });
    }

    @Test
    void saysNothingOfWhatIsNoConnection() throws Exception {
        assertThat(failures.of(new IllegalStateException("a bug"))).isEmpty();
    }

    @Test
    void anInterruptIsNoFailure() {
        assertThatThrownBy(() -> failures.of(new IOException(new InterruptedIOException())))
                .isInstanceOf(InterruptedException.class);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> failures.of(new SocketException("Closed by interrupt")))
                .isInstanceOf(InterruptedException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void textOfAServerIsCutAndMadePrintable() {
        assertThat(ConnectionFailures.printable(" a\u0000b\n" + "x".repeat(300)))
                .startsWith("a?b?x")
                .hasSize(203);
        assertThat(ConnectionFailures.rootText(new IOException(new SocketException())))
                .isEqualTo("SocketException");
    }

    @Test
    void anotherAddressIsTriedAfterATransientFailureOnly() throws Exception {
        InetAddress one = InetAddress.ofLiteral("192.0.2.1");
        InetAddress two = InetAddress.ofLiteral("192.0.2.2");
        var tried = new ArrayList<InetAddress>();

        String connected = TryAddresses.inOrder(List.of(one, two), failures, address -> {
            tried.add(address);
            if (address == one) {
                throw failures.unreachable("is off", null);
            }
            return "connected";
        });

        assertThat(connected).isEqualTo("connected");
        assertThat(tried).containsExactly(one, two);
        assertThatThrownBy(() -> TryAddresses.inOrder(List.of(one, two), failures, address -> {
                    throw failures.unreachable(address.getHostAddress(), null);
                }))
                .hasMessageContaining("192.0.2.1")
                .satisfies(first -> assertThat(first.getSuppressed()).hasSize(1));
        assertThatThrownBy(() -> TryAddresses.inOrder(List.of(one, two), failures, address -> {
                    throw new TaskFailure.Unauthorized("test.refused", address.getHostAddress(), null);
                }))
                .isInstanceOf(TaskFailure.Unauthorized.class)
                .hasNoSuppressedExceptions();
        assertThatThrownBy(() -> TryAddresses.inOrder(List.of(), failures, address -> "connected"))
                .hasMessageContaining("has no address");
    }
}
