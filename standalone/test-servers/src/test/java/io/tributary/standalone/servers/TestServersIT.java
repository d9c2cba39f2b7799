package io.tributary.standalone.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestServersIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void leaveNeitherProcessesNorFilesBehindWhenTheJvmEnds() throws Exception {
        var program = Program.start(folder);

        program.jvm().getOutputStream().close();

        assertThat(program.jvm().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        assertThat(program.servers()).noneMatch(ProcessHandle::isAlive);
        assertThat(folder.resolve("target")).isEmptyDirectory();
    }

    @Test
    void ignoreCtrlCButEndWithAJvmThatIsKilled() throws Exception {
        var program = Program.start(folder);

        program.interruptChildren();

        try (var http = HttpClient.newHttpClient()) {
            var subjects = HttpRequest.newBuilder(URI.create(program.registryUrl() + "/subjects"));
            assertThat(http.send(subjects.build(), BodyHandlers.ofString()).statusCode())
                    .isEqualTo(200);
        }
        assertThat(program.servers()).allMatch(ProcessHandle::isAlive);

        program.jvm().destroyForcibly().waitFor();

        assertThat(Waiting.until(() -> program.servers().stream().noneMatch(ProcessHandle::isAlive), PATIENCE))
                .as("ended: %s", program.servers())
                .isTrue();
    }

    /**
     * {@link AllServers} in a JVM of its own.
     *
     * @param servers the processes it started
     */
    private record Program(Process jvm, List<ProcessHandle> servers, String registryUrl) {

        static Program start(Path folder) throws IOException {
            var jvm = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-D" + TestServers.PROPERTY + "=embedded",
                            "-D" + RegistryServer.HOME_PROPERTY + "="
                                    + System.getProperty(RegistryServer.HOME_PROPERTY),
                            "-cp",
                            System.getProperty("java.class.path"),
                            AllServers.class.getName())
                    .directory(folder.toFile())
                    .redirectError(folder.resolve("stderr.log").toFile())
                    .start();
            var output = new BufferedReader(new InputStreamReader(jvm.getInputStream(), StandardCharsets.UTF_8));
            String line = output.readLine();
            while (line != null && !line.startsWith("registry ")) {
                line = output.readLine();
            }
            assertThat(line).as(Files.readString(folder.resolve("stderr.log"))).isNotNull();
            // PostgreSQL detaches itself from whoever starts it, so it is none of the descendants.
            var servers = Stream.concat(jvm.descendants(), Stream.of(postmaster(folder)))
                    .toList();
            assertThat(servers).hasSizeGreaterThan(2);
            return new Program(jvm, servers, line.substring("registry ".length()));
        }

        private static ProcessHandle postmaster(Path folder) throws IOException {
            try (var files = Files.walk(folder)) {
                Path file = files.filter(path -> path.endsWith("postmaster.pid"))
                        .findFirst()
                        .orElseThrow();
                long pid = Long.parseLong(Files.readAllLines(file).getFirst().strip());
                return ProcessHandle.of(pid).orElseThrow();
            }
        }

        void interruptChildren() throws IOException, InterruptedException {
            for (var child : jvm.descendants().toList()) {
                new ProcessBuilder("kill", "-INT", Long.toString(child.pid()))
                        .start()
                        .waitFor();
            }
        }
    }
}
