package io.tributary.standalone.servers;

import io.tributary.standalone.servers.ServerFailure.Reason;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A PostgreSQL server in a child process, with a durable data folder: commits survive a crash of the machine.
 *
 * <p>It listens on loopback alone and asks for passwords. It ends with this JVM, by kill -9 too: a small shell holds
 * the other end of a pipe and stops the server when the pipe closes. Should that shell be killed as well, the next
 * start on the same folder stops what was left behind before it starts its own.
 */
public final class PostgresServer extends PostgresAdmin implements AutoCloseable {

    private static final String SUPERUSER = "postgres";
    private static final int STOP_PATIENCE_SECONDS = 70;
    private static final int ATTEMPTS_BESIDE_ORPHANS = 50;
    private static final Duration PAUSE_FOR_ORPHANS = Duration.ofMillis(200);

    private final DataFolder folder;
    private final PostgresPrograms programs;
    private final Process guard;
    private final AtomicBoolean closed = new AtomicBoolean();

    private PostgresServer(DataFolder folder, PostgresPrograms programs, Process guard, int port, String password) {
        super(Ports.LOOPBACK, port, SUPERUSER, password);
        this.folder = folder;
        this.programs = programs;
        this.guard = guard;
    }

    /**
     * Starts the server; makes its database cluster first where the folder is new. Takes a second or two.
     *
     * @param folder where its data lives; made when missing. Its file {@code password} holds the superuser's password
     * @param port loopback port; 0: a free one
     * @throws ServerFailure the port or the folder is in use, the disk is full, there are no programs for this
     *     platform, or the server refused to start; nothing stays behind, so the caller may try again
     */
    public static PostgresServer start(Path folder, int port) {
        var data = DataFolder.open(folder, DataFolder.ROOM_BYTES);
        try {
            Path home = PostgresBinaries.unpacked(data.path().resolve("programs"));
            Path cluster = data.path().resolve("data");
            var programs = new PostgresPrograms(home, cluster);
            programs.stop(); // left behind by a JVM that was killed, and ours to stop: we hold the folder's lock
            programs.forgetForeignProcess();
            int free = Ports.claim(port, "PostgreSQL", ThreadLocalRandom.current());
            Path passwordFile = data.path().resolve("password");
            if (!Files.exists(cluster)) {
                initialize(home, cluster, passwordFile);
            }
            String password = Files.readString(passwordFile).strip();
            return new PostgresServer(
                    data, programs, run(programs, data.path().resolve("postgres.log"), free), free, password);
        } catch (IOException e) {
            data.close();
            throw new ServerFailure(
                    Reason.START_FAILED, "PostgreSQL cannot use " + data.path() + ": " + e.getMessage(), e);
        } catch (RuntimeException e) {
            data.close();
            throw e;
        }
    }

    /** Disconnects clients, stops the server in good order and waits until it ended. A second call does nothing. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            try (folder) {
                var postmaster = programs.postmaster();
                stop(guard);
                programs.stop(); // where the guard was killed before us
                postmaster.ifPresent(PostgresPrograms::awaitEnd);
            }
        }
    }

    /** Leaves the server running without anybody to stop it, as when this JVM and the guard are killed. For tests. */
    void abandon() throws InterruptedException {
        guard.destroyForcibly().waitFor();
        folder.close();
    }

    /** Creates the cluster in another folder and moves it to its place, so that a crash cannot leave half of one. */
    private static void initialize(Path home, Path cluster, Path passwordFile) throws IOException {
        Path partial = cluster.resolveSibling("data.part");
        FileTree.delete(partial);
        byte[] secret = new byte[16];
        new SecureRandom().nextBytes(secret);
        Files.deleteIfExists(passwordFile);
        Files.createFile(
                passwordFile, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(passwordFile, HexFormat.of().formatHex(secret) + "\n");
        new PostgresPrograms(home, partial).initialize(SUPERUSER, passwordFile);
        Files.move(partial, cluster, StandardCopyOption.ATOMIC_MOVE);
    }

    private static Process run(PostgresPrograms programs, Path log, int port) throws IOException {
        List<String> options = List.of(
                "-p " + port,
                "-c listen_addresses=" + Ports.LOOPBACK,
                "-c unix_socket_directories=''",
                "-c fsync=on",
                "-c synchronous_commit=on",
                // Passwords are random: more rounds protect nothing, and cost each new connection a millisecond or
                // more.
                "-c scram_iterations=1",
                "-c max_connections=100");
        for (int attempt = 1; true; attempt++) {
            Files.deleteIfExists(log); // its last lines tell why a start failed, so they must be of this start
            var guard = programs.startGuarded(log, options);
            String output = outputUntilStarted(guard);
            if (output.isEmpty()) {
                return guard;
            }
            String said = Files.exists(log) ? Files.readString(log) : output;
            if (said.contains("Address already in use")) {
                throw Ports.inUse(port, "PostgreSQL");
            }
            // Children of a killed server notice that it is gone, and end.
            if (!said.contains("pre-existing shared memory block") || attempt == ATTEMPTS_BESIDE_ORPHANS) {
                throw programs.failure("PostgreSQL", said);
            }
            Waiting.pause(PAUSE_FOR_ORPHANS);
        }
    }

    /** What the guard wrote before it ended; empty when the server started. */
    private static String outputUntilStarted(Process guard) throws IOException {
        var output = new StringBuilder("no output");
        var reader = new BufferedReader(new InputStreamReader(guard.getInputStream(), StandardCharsets.UTF_8));
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (line.equals("started")) {
                return "";
            }
            output.append('\n').append(line);
        }
        return output.toString();
    }

    private static void stop(Process guard) {
        try {
            guard.getOutputStream().close();
        } catch (IOException e) {
            // The pipe is broken: the guard is gone already.
        }
        try {
            if (!guard.waitFor(STOP_PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                guard.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            throw ServerFailure.interrupted("stopping PostgreSQL", e);
        }
    }
}
