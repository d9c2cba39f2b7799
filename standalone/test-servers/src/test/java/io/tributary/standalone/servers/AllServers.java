package io.tributary.standalone.servers;

import java.io.IOException;

/** A program that starts every server, says where the registry is, and ends when its input ends. */
final class AllServers {

    private AllServers() {}

    public static void main(String[] arguments) throws IOException {
        TestServers.kafka();
        System.out.println("registry " + TestServers.registry().url());
        while (System.in.read() >= 0) {
            // only the end counts
        }
        System.exit(0); // as test runners do: a broker's threads would keep the JVM going
    }
}
