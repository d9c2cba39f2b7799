package io.tributary.standalone.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.dockerclient.DockerClientProviderStrategy;

@Timeout(60)
class DockerServersIT {

    @TempDir
    Path folder;

    @Test
    void answersSoonWhetherDockerIsThere() {
        assertTimeout(Duration.ofSeconds(20), DockerServers::canRun);
    }

    @Test
    void isFoundByTestcontainers() {
        assertThat(ServiceLoader.load(DockerClientProviderStrategy.class))
                .hasAtLeastOneElementOfType(PodmanSocket.class);
    }

    @Test
    void speaksToADockerApiOnPodmansSocket() throws Exception {
        Path socket = folder.resolve("podman.sock");
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            Thread.ofVirtual().start(() -> answerPings(server));
            var podman = new PodmanSocket(socket);
            assertThat(podman.isApplicable()).isTrue();

            try (var client = DockerClientProviderStrategy.getClientForConfig(podman.getTransportConfig())) {
                client.pingCmd().exec();
            }
        }
    }

    @Test
    void isNotApplicableWithoutASocket() {
        assertThat(new PodmanSocket(folder.resolve("none.sock")).isApplicable()).isFalse();
    }

    @Test
    void refusesAnotherValueOfTheProperty() {
        assertThatThrownBy(() -> TestServers.isDocker("podman"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("neither docker nor embedded");
        assertThat(TestServers.isDocker("embedded")).isFalse();
        assertThat(TestServers.isDocker("docker")).isTrue();
    }

    /** Answers everything as a daemon answers a ping, until the server is closed. */
    private static void answerPings(ServerSocketChannel server) {
        while (server.isOpen()) {
            try (var connection = server.accept()) {
                connection.read(ByteBuffer.allocate(4_096));
                connection.write(StandardCharsets.US_ASCII.encode("HTTP/1.1 200 OK\r\n"
                        + "Content-Type: text/plain\r\n"
                        + "Content-Length: 2\r\n"
                        + "Connection: close\r\n\r\n"
                        + "OK"));
            } catch (IOException e) {
                // The client went away, or the test is over.
            }
        }
    }
}
