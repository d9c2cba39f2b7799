package io.tributary.pipeline;

import io.tributary.standalone.servers.PostgresAdmin;
import io.tributary.standalone.servers.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A Postgres of a test's own that can be killed; it keeps its port. Used by one thread. */
final class KillablePostgres implements AutoCloseable {

    private final Path folder;
    private PostgresServer server;

    /** Starts it. @param folder of its data */
    KillablePostgres(Path folder) {
        this.folder = folder;
        server = PostgresServer.start(folder, 0);
    }

    PostgresAdmin admin() {
        return server;
    }

    /** Kills the server as a whole by signal 9, and starts it again; returns when it accepts connections. */
    void killAndRestart() {
        int port = server.port();
        postmaster().destroyForcibly();
        server.close();
        server = PostgresServer.start(folder, port);
    }

    private ProcessHandle postmaster() {
        try {
            Path file = folder.resolve("data").resolve("postmaster.pid");
            return ProcessHandle.of(
                            Long.parseLong(Files.readAllLines(file).getFirst().strip()))
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
