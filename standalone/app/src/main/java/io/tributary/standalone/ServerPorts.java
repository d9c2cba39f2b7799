package io.tributary.standalone;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * The loopback ports to listen on; 0: any free one. The defaults are the usual ports with 10,000 or more added, so that
 * they seldom meet what a developer runs already.
 *
 * @param api of the HTTP API
 * @param edge of the edge, which takes webhooks
 */
public record ServerPorts(int api, int edge, int kafka, int postgres, int registry) {

    public static final ServerPorts DEFAULTS = new ServerPorts(18080, 18083, 19092, 15432, 18081);

    /** Any free ports. */
    public static final ServerPorts FREE = new ServerPorts(0, 0, 0, 0, 0);

    /**
     * Checks that nothing listens on them. What takes one later makes the server that wanted it fail.
     *
     * @throws UserError naming the first that is taken, and the option that changes it
     */
    void requireFree() {
        requireFree(api, "the API", "--port");
        requireFree(edge, "the edge", "--edge-port");
        requireFree(kafka, "Kafka", "--kafka-port");
        requireFree(postgres, "Postgres", "--postgres-port");
        requireFree(registry, "the schema registry", "--registry-port");
    }

    /** The port of the edge, which other services have to know before it listens: a free one instead of 0. */
    int chosenEdge() {
        if (edge != 0) {
            return edge;
        }
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UserError("there is no free port for the edge", e);
        }
    }

    private static void requireFree(int port, String what, String option) {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IllegalArgumentException e) {
            throw new UserError(option + " is " + port + "; a port is 1 to 65535, or 0 for any free one", e);
        } catch (IOException e) {
            throw new UserError(
                    "port " + port + ", meant for " + what + ", is in use or may not be used: choose another with "
                            + option + " (0: any free one)",
                    e);
        }
    }
}
