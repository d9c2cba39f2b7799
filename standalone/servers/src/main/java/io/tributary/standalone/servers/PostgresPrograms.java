package io.tributary.standalone.servers;

import io.tributary.standalone.servers.ServerFailure.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** PostgreSQL's own programs, run on one data folder. */
record PostgresPrograms(Path home, Path data) {

    private static final String PATIENCE_SECONDS = "60";
    private static final Duration LAST_MOMENTS = Duration.ofSeconds(10);

    /** Starts the server, says so, and stops it when standard input closes. Ctrl-C is for the JVM to act on. */
    private static final String RUN = """
        trap '' INT HUP
        pg_ctl=$1 data=$2 log=$3 options=$4 patience=$5
        "$pg_ctl" start -D "$data" -l "$log" -o "$options" -w -t "$patience" || exit 1
        echo started
        cat > /dev/null
        exec "$pg_ctl" stop -D "$data" -m fast -w -t "$patience"
        """;

    /** Makes the database cluster; {@code passwordFile} holds the superuser's password. */
    void initialize(String superuser, Path passwordFile) {
        run(
                "initdb",
                "--pgdata=" + data,
                "--username=" + superuser,
                "--pwfile=" + passwordFile,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8");
    }

    /** The shell that starts the server, writes {@code started}, and stops it when its standard input closes. */
    Process startGuarded(Path log, List<String> options) throws IOException {
        return process(List.of(
                "/bin/sh",
                "-c",
                RUN,
                "postgres-guard",
                program("pg_ctl"),
                data.toString(),
                log.toString(),
                String.join(" ", options),
                PATIENCE_SECONDS));
    }

    /** Stops the server in good order and waits until it ended; does nothing where none runs. */
    void stop() {
        postmaster().ifPresent(postmaster -> {
            run("pg_ctl", "stop", "-D", data.toString(), "-m", "fast", "-w", "-t", PATIENCE_SECONDS);
            awaitEnd(postmaster);
        });
    }

    /**
     * Deletes the server's file where its process number has since gone to another program, which PostgreSQL would take
     * for a server that runs. Otherwise the file stays, also that of a killed server: by it PostgreSQL sees whether
     * children of that one still work on the data.
     */
    void forgetForeignProcess() {
        if (owner().isPresent() && postmaster().isEmpty()) {
            try {
                Files.deleteIfExists(pidFile());
            } catch (IOException e) {
                throw new ServerFailure(
                        Reason.START_FAILED, "cannot delete the stale " + pidFile() + ": " + e.getMessage(), e);
            }
        }
    }

    /** The server that runs on this folder. */
    Optional<ProcessHandle> postmaster() {
        return owner().filter(
                        process -> process.info().command().orElse("postgres").contains("postgres"));
    }

    /** The process that has the number in the server's file, whatever it is. */
    private Optional<ProcessHandle> owner() {
        try (var lines = Files.lines(pidFile())) {
            return lines.findFirst().map(line -> Long.parseLong(line.strip())).flatMap(ProcessHandle::of);
        } catch (IOException | NumberFormatException e) {
            return Optional.empty(); // no such file, or cut short by a crash
        }
    }

    /** Waits for the last moments of a server: it deletes its file, which is what others look at, before it ends. */
    static void awaitEnd(ProcessHandle postmaster) {
        if (!Waiting.until(() -> !postmaster.isAlive(), LAST_MOMENTS)) {
            throw new ServerFailure(Reason.START_FAILED, "PostgreSQL does not end: kill process " + postmaster.pid());
        }
    }

    private Path pidFile() {
        return data.resolve("postmaster.pid");
    }

    private void run(String program, String... arguments) {
        var command = new ArrayList<>(List.of(program(program)));
        command.addAll(List.of(arguments));
        try {
            var process = process(command);
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw failure(program, output);
            }
        } catch (IOException e) {
            throw new ServerFailure(Reason.START_FAILED, "cannot run " + program + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            throw ServerFailure.interrupted("running " + program, e);
        }
    }

    /** What went wrong, from what the program or the server wrote. */
    ServerFailure failure(String program, String output) {
        if (output.contains("No space left on device")) {
            return new ServerFailure(
                    Reason.DISK_FULL, "the disk of " + data + " is full, " + program + " failed: free some space");
        }
        if (output.contains("cannot be run as root")) {
            return new ServerFailure(
                    Reason.START_FAILED,
                    "PostgreSQL does not run as root, and user namespaces (unshare -U) are not allowed here:"
                            + " start as another user");
        }
        return new ServerFailure(
                Reason.START_FAILED, program + " failed: " + output.strip().replaceAll("\\s+", " "));
    }

    private Process process(List<String> command) throws IOException {
        var all = new ArrayList<String>();
        if (AsRoot.NEEDS_NAMESPACE) {
            all.addAll(List.of("unshare", "-U"));
        }
        all.addAll(command);
        var builder = new ProcessBuilder(all).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C"); // messages in the language that failure() reads
        return builder.start();
    }

    private String program(String name) {
        return home.resolve("bin").resolve(name).toString();
    }

    /**
     * PostgreSQL refuses to run as root. In a user namespace without a mapping it sees itself as nobody, while its
     * files go on belonging to root.
     */
    private static final class AsRoot {

        static final boolean NEEDS_NAMESPACE = "root".equals(System.getProperty("user.name"))
                && "0".equals(output("id", "-u"))
                && !"0".equals(output("unshare", "-U", "id", "-u"));

        private static String output(String... command) {
            try {
                var process =
                        new ProcessBuilder(command).redirectErrorStream(true).start();
                String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
                return process.waitFor() == 0 ? output : "0";
            } catch (IOException e) {
                return "0"; // no such program: PostgreSQL itself will say what is missing
            } catch (InterruptedException e) {
                throw ServerFailure.interrupted("asking for the user", e);
            }
        }
    }
}
