package io.tributary.standalone.servers;

import io.tributary.standalone.servers.ServerFailure.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.random.RandomGenerator;

/** Chooses and checks the loopback ports that servers listen on. */
final class Ports {

    /** The only address the servers listen on. */
    static final String LOOPBACK = "127.0.0.1";

    // Below the range from which Linux (32768 and up) and macOS (49152 and up) take the ports of outgoing
    // connections: a port found free here cannot be taken by a client before the server binds it.
    private static final int LOWEST = 20_000;
    private static final int HIGHEST = 32_000;
    private static final int ATTEMPTS = 200;

    private Ports() {}

    /**
     * The port itself, when it is free; a free one for 0.
     *
     * @throws ServerFailure {@link Reason#PORT_IN_USE}
     */
    static int claim(int port, String server, RandomGenerator random) {
        if (port == 0) {
            return free(random);
        }
        if (!isFree(port)) {
            throw inUse(port, server);
        }
        return port;
    }

    static ServerFailure inUse(int port, String server) {
        return new ServerFailure(
                Reason.PORT_IN_USE,
                "port " + port + " for " + server + " is in use: end the program that listens on it,"
                        + " or choose another port");
    }

    private static int free(RandomGenerator random) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int candidate = random.nextInt(LOWEST, HIGHEST);
            if (isFree(candidate)) {
                return candidate;
            }
        }
        throw new ServerFailure(
                Reason.PORT_IN_USE,
                "found no free port between " + LOWEST + " and " + HIGHEST + ": end some programs that listen there");
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.ofLiteral(LOOPBACK))) {
            return socket.isBound();
        } catch (IOException e) {
            return false; // that it cannot be bound is the answer
        }
    }
}
