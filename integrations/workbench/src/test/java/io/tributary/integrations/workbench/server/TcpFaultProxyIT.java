package io.tributary.integrations.workbench.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.integrations.workbench.server.TcpFaultProxy.Fault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TcpFaultProxyIT {

    private ServerSocket server;
    private TcpFaultProxy proxy;

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::greetEveryone);
        proxy = TcpFaultProxy.to(server.getLocalPort());
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        server.close();
    }

    private void greetEveryone() {
        while (!server.isClosed()) {
            try (Socket guest = server.accept()) {
                guest.getInputStream().read();
                guest.getOutputStream().write("welcome".getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                // Closed, or a guest who left early.
            }
        }
    }

    private String greeting() throws IOException {
        try (var guest = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
            guest.setSoTimeout(300);
            guest.getOutputStream().write('?');
            return new String(guest.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    @Test
    void forwardsAndCounts() throws IOException {
        assertThat(greeting()).isEqualTo("welcome");
        assertThat(greeting()).isEqualTo("welcome");
        assertThat(proxy.received()).isEqualTo(14);
        assertThat(proxy.sent()).isEqualTo(2);
    }

    @Test
    void truncatesOneConnection() throws IOException {
        proxy.inject(Fault.TRUNCATE, 10);

        assertThat(greeting()).isEqualTo("welcome");
        assertThat(proxy.isArmed()).isTrue();
        assertThat(greeting()).isEqualTo("wel");
        assertThat(proxy.isArmed()).isFalse();
        assertThat(greeting()).isEqualTo("welcome");
    }

    @Test
    void resetsOneConnection() throws IOException {
        proxy.inject(Fault.RESET, 0);

        assertThatThrownBy(this::greeting).isInstanceOf(SocketException.class);
        assertThat(greeting()).isEqualTo("welcome");
    }

    @Test
    void stallsOneConnection() throws IOException {
        proxy.inject(Fault.STALL, 3);

        assertThatThrownBy(this::greeting).isInstanceOf(SocketTimeoutException.class);
        assertThat(greeting()).isEqualTo("welcome");
    }

    @Test
    void endsConnectionsWhileTheServerIsAway() throws IOException {
        server.close();

        assertThatThrownBy(this::greeting).isInstanceOf(SocketException.class);
        assertThatThrownBy(this::greeting).isInstanceOf(SocketException.class);
    }

    @Test
    void refusesUntilItIsHealed() throws IOException {
        proxy.refuse();
        assertThatThrownBy(this::greeting).isInstanceOf(SocketException.class);
        assertThatThrownBy(this::greeting).isInstanceOf(SocketException.class);

        proxy.heal();
        assertThat(greeting()).isEqualTo("welcome");
    }
}
