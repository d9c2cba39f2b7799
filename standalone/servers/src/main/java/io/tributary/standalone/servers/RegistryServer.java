package io.tributary.standalone.servers;

import io.tributary.standalone.servers.ServerFailure.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A schema registry (Apicurio) in a JVM of its own, with its state in a PostgreSQL database: {@link #url} is the base of
 * the API that Confluent's registry has. It refuses schemas that are not {@code BACKWARD_TRANSITIVE} compatible.
 *
 * <p>It listens on loopback alone and ends with this JVM, by kill -9 too. Its log is {@code registry.log} in its folder.
 */
public final class RegistryServer implements AutoCloseable {

    /** System property that names the folder into which the build unpacked the registry. */
    public static final String HOME_PROPERTY = "tributary.registry.home";

    private static final String DATABASE = "schema_registry";
    private static final Duration START_PATIENCE = Duration.ofSeconds(90);
    private static final Duration REQUEST_PATIENCE = Duration.ofSeconds(10);
    private static final List<String> FLAGS = List.of(
            "-Xms64m",
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    private final DataFolder folder;
    private final ChildJvm child;
    private final URI url;

    private RegistryServer(DataFolder folder, ChildJvm child, URI url) {
        this.folder = folder;
        this.child = child;
        this.url = url;
    }

    /**
     * Starts the registry that the build unpacked, and returns when it answers. Takes four to eight seconds.
     *
     * @param folder for its log; made when missing
     * @param port loopback port; 0: a free one
     * @param postgres keeps its state, in the database {@code schema_registry}; close it after the registry
     * @throws ServerFailure the port or the folder is in use, the registry is not unpacked, or it did not start within
     *     90 s; nothing stays behind, so the caller may try again
     */
    public static RegistryServer start(Path folder, int port, PostgresServer postgres) {
        Path program = unpackedProgram();
        var data = DataFolder.open(folder, 0);
        try {
            int free = Ports.claim(port, "the schema registry", ThreadLocalRandom.current());
            var child = run(program, data.path(), environment(free, postgres));
            var registry = new RegistryServer(
                    data, child, URI.create("http://" + Ports.LOOPBACK + ":" + free + "/apis/ccompat/v7"));
            try {
                child.await(registry::answers, START_PATIENCE);
                registry.refuseIncompatibleSchemas();
                return registry;
            } catch (RuntimeException e) {
                child.close();
                throw e;
            }
        } catch (RuntimeException e) {
            data.close();
            throw e;
        }
    }

    /** Base URL of the API, to be used as {@code schema.registry.url}. */
    public String url() {
        return url.toString();
    }

    /** Stops the registry and waits until it ended. A second call does nothing. */
    @Override
    public void close() {
        try (folder) {
            child.close();
        }
    }

    private static Path unpackedProgram() {
        String home = System.getProperty(HOME_PROPERTY);
        if (home == null) {
            throw new ServerFailure(
                    Reason.REGISTRY_MISSING,
                    "the system property " + HOME_PROPERTY
                            + " is not set: point it to standalone/servers/target/registry");
        }
        Path program = Path.of(home).toAbsolutePath().resolve("quarkus-run.jar");
        if (!Files.exists(program)) {
            throw new ServerFailure(
                    Reason.REGISTRY_MISSING,
                    "there is no schema registry in " + home
                            + ": build first, with ./mvnw -pl standalone/servers process-resources");
        }
        return program;
    }

    private static ChildJvm run(Path program, Path folder, Map<String, String> environment) {
        Path guard = unpackGuard(folder.resolve("guard"));
        return ChildJvm.start(
                new ChildJvm.Program(
                        "the schema registry",
                        FLAGS,
                        guard + ":" + program,
                        List.of("io.quarkus.bootstrap.runner.QuarkusEntryPoint")),
                environment,
                folder,
                folder.resolve("registry.log"));
    }

    /** The one class of ours in that JVM, as a file: our class path may be a jar inside a jar. */
    private static Path unpackGuard(Path folder) {
        String name = EndWithParent.class.getName().replace('.', '/') + ".class";
        Path file = folder.resolve(name);
        try (InputStream bytes = EndWithParent.class.getClassLoader().getResourceAsStream(name)) {
            if (bytes == null) {
                throw new IOException("not on the class path: " + name);
            }
            Files.createDirectories(folder.resolve(name).resolveSibling("."));
            Files.write(file, bytes.readAllBytes());
            return folder;
        } catch (IOException e) {
            throw new ServerFailure(Reason.START_FAILED, "cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    private static Map<String, String> environment(int port, PostgresServer postgres) {
        var settings = new HashMap<String, String>();
        settings.put("QUARKUS_HTTP_HOST", Ports.LOOPBACK);
        settings.put("QUARKUS_HTTP_PORT", Integer.toString(port));
        settings.put("QUARKUS_MANAGEMENT_HOST", Ports.LOOPBACK);
        settings.put("QUARKUS_MANAGEMENT_PORT", "0"); // any free one: nobody asks for it
        settings.put("QUARKUS_HTTP_ACCESS_LOG_ENABLED", "false");
        settings.put("APICURIO_STORAGE_KIND", "sql");
        settings.put("APICURIO_STORAGE_SQL_KIND", "postgresql");
        settings.put("APICURIO_DATASOURCE_URL", postgres.createDatabase(DATABASE));
        settings.put("APICURIO_DATASOURCE_USERNAME", postgres.username());
        settings.put("APICURIO_DATASOURCE_PASSWORD", postgres.password());
        settings.put("APICURIO_DATASOURCE_JDBC_INITIAL_SIZE", "1");
        settings.put("APICURIO_DATASOURCE_JDBC_MIN_SIZE", "1");
        settings.put("APICURIO_DATASOURCE_JDBC_MAX_SIZE", "4");
        return settings;
    }

    private boolean answers() {
        try {
            return send(request("/subjects").GET()) == 200;
        } catch (IOException e) {
            return false; // not yet
        }
    }

    private void refuseIncompatibleSchemas() {
        var body = BodyPublishers.ofString("{\"compatibility\": \"BACKWARD_TRANSITIVE\"}");
        try {
            int status = send(request("/config")
                    .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                    .PUT(body));
            if (status != 200) {
                throw new ServerFailure(
                        Reason.START_FAILED,
                        "the schema registry answered " + status + " when its compatibility was set");
            }
        } catch (IOException e) {
            throw new ServerFailure(
                    Reason.START_FAILED, "the schema registry does not answer any more: " + e.getMessage(), e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path)).timeout(REQUEST_PATIENCE);
    }

    private static int send(HttpRequest.Builder request) throws IOException {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(request.build(), BodyHandlers.discarding()).statusCode();
        } catch (InterruptedException e) {
            throw ServerFailure.interrupted("asking the schema registry", e);
        }
    }
}
