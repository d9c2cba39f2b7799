package io.tributary.standalone.servers;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.testcontainers.dockerclient.DockerClientProviderStrategy;
import org.testcontainers.dockerclient.TransportConfig;

/**
 * Finds podman, which speaks Docker's API on a socket of its own: root's or the user's. Testcontainers looks for
 * strategies like this one by {@code META-INF/services}, and takes those with a higher priority first.
 */
public final class PodmanSocket extends DockerClientProviderStrategy {

    private final Path socket;

    /** Called by {@link java.util.ServiceLoader}. */
    public PodmanSocket() {
        this(path());
    }

    PodmanSocket(Path socket) {
        this.socket = socket;
    }

    /** Where podman listens, whether it does or not. */
    static Path path() {
        Path users = DockerServers.runtime("podman/podman.sock");
        return Files.exists(users) ? users : Path.of("/run/podman/podman.sock");
    }

    @Override
    protected boolean isApplicable() {
        return Files.exists(socket);
    }

    /** After all that Testcontainers brings. */
    @Override
    protected int getPriority() {
        return -1;
    }

    @Override
    public TransportConfig getTransportConfig() {
        return TransportConfig.builder()
                .dockerHost(URI.create("unix://" + socket))
                .build();
    }

    @Override
    public String getDescription() {
        return "podman's socket " + socket;
    }
}
