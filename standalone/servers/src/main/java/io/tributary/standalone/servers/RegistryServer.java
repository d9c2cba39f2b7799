package io.tributary.standalone.servers;

import io.tributary.standalone.servers.ServerFailure.Reason;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A schema registry (Apicurio) in a JVM of its own, with its state in a PostgreSQL database: {@link #url} is the base
 * of the API that Confluent's registry has. It refuses schemas that are not {@code BACKWARD_TRANSITIVE} compatible.
 *
 * <p>It listens on loopback alone and ends with this JVM, by kill -9 too. Its log is {@code registry.log} in its
 * folder.
 */
public final class RegistryServer implements AutoCloseable {

    /** System property that names the folder into which the build unpacked the registry. */
    public static final String HOME_PROPERTY = "tributary.registry.home";

    private static final String MAIN = "io.quarkus.runner.GeneratedMain";
    private static final String GUARD = "*-guard.jar";
    private static final String DATABASE = "schema_registry";
    private static final Duration START_PATIENCE = Duration.ofSeconds(90);
    /** A training run has the lowest priority. */
    private static final Duration TRAINING_PATIENCE = Duration.ofMinutes(10);

    /** What Quarkus' own launcher sets, and what keeps the JVM small. */
    private static final List<String> FLAGS = List.of(
            "-XX:-UsePerfData",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
            "-Djava.util.concurrent.ForkJoinPool.common.threadFactory="
                    + "io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory");

    /**
     * Folders of the registry's jars in the order of its class path; the first has classes that replace those of
     * libraries. The registry's launcher would load them by a class loader of its own, for which the JVM keeps no
     * linked classes.
     */
    private static final List<String> JARS = List.of("quarkus", "app", "lib/boot", "lib/main");

    /**
     * What the build unpacked.
     *
     * @param guard the jar with {@link EndWithParent}
     * @param jars of the registry
     */
    private record Program(Path guard, List<Path> jars) {

        String classPath() {
            return Stream.concat(Stream.of(guard), jars.stream())
                    .map(Path::toString)
                    .collect(Collectors.joining(File.pathSeparator));
        }
    }

    private final DataFolder folder;
    private final ChildJvm child;
    private final ClassArchive archive;
    private final RegistryApi api;

    private RegistryServer(DataFolder folder, ChildJvm child, ClassArchive archive, RegistryApi api) {
        this.folder = folder;
        this.child = child;
        this.archive = archive;
        this.api = api;
    }

    /**
     * Starts the registry that the build unpacked, and returns when it answers. Takes three to
     * five seconds.
     *
     * @param folder for its log; made when missing
     * @param port loopback port; 0: a free one
     * @param postgres keeps its state, in the database {@code schema_registry}; close it after the registry
     * @throws ServerFailure the port or the folder is in use, the registry is not unpacked, or it did not start within
     *     90 s; nothing stays behind, so the caller may try again
     */
    public static RegistryServer start(Path folder, int port, PostgresAdmin postgres) {
        var program = unpackedProgram();
        var data = DataFolder.open(folder, 0);
        try {
            int free = Ports.claim(port, "the schema registry", ThreadLocalRandom.current());
            var archive = new ClassArchive(program.guard(), data.path(), Training.ofThisProcess());
            var child = run(program, archive, environment(free, postgres), data.path());
            var api = new RegistryApi("http://" + Ports.LOOPBACK + ":" + free);
            try {
                child.await(api::answers, archive.isTraining() ? TRAINING_PATIENCE : START_PATIENCE);
                api.refuseIncompatibleSchemas();
                return new RegistryServer(data, child, archive, api);
            } catch (RuntimeException e) {
                api.close();
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
        return api.url();
    }

    /** Stops the registry and waits until it ended. A second call does nothing. */
    @Override
    public void close() {
        try (folder;
                api) {
            child.close();
            archive.share();
        }
    }

    private static Program unpackedProgram() {
        String home = System.getProperty(HOME_PROPERTY);
        if (home == null) {
            throw new ServerFailure(
                    Reason.REGISTRY_MISSING,
                    "the system property " + HOME_PROPERTY
                            + " is not set: point it to standalone/servers/target/registry");
        }
        Path folder = Path.of(home).toAbsolutePath();
        try (var guards = Files.newDirectoryStream(folder, GUARD)) {
            var guard = guards.iterator();
            if (guard.hasNext()) {
                return new Program(guard.next(), jars(folder));
            }
        } catch (IOException e) {
            // No such folder: the same answer.
        }
        throw new ServerFailure(
                Reason.REGISTRY_MISSING,
                "there is no schema registry in " + home
                        + ": build first, with ./mvnw -pl standalone/servers process-classes");
    }

    private static List<Path> jars(Path home) throws IOException {
        var jars = new ArrayList<Path>();
        for (String folder : JARS) {
            try (var files = Files.list(home.resolve(folder))) {
                // Transformed bytecode before the generated one that extends it.
                files.filter(file -> file.toString().endsWith(".jar"))
                        .sorted(Comparator.reverseOrder())
                        .forEach(jars::add);
            }
        }
        return jars;
    }

    private static ChildJvm run(Program program, ClassArchive archive, Map<String, String> environment, Path folder) {
        List<String> flags = Stream.of(ChildJvm.SMALL, FLAGS, archive.flags())
                .flatMap(List::stream)
                .toList();
        archive.describe(flags, program.classPath());
        return ChildJvm.start(
                new ChildJvm.Program("the schema registry", flags, program.classPath(), List.of(MAIN)),
                environment,
                folder,
                folder.resolve("registry.log"));
    }

    private static Map<String, String> environment(int port, PostgresAdmin postgres) {
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
}
