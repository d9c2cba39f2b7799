package io.tributary.pipeline.bench;

import io.tributary.pipeline.ServiceProcess;
import io.tributary.schemas.Migrations;
import io.tributary.standalone.DataDir;
import io.tributary.standalone.Keys;
import io.tributary.standalone.servers.KafkaServerProcess;
import io.tributary.standalone.servers.PostgresServer;
import io.tributary.standalone.servers.RegistryServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.util.FileSystemUtils;

/**
 * The servers that benchmarks run on, real ones: a broker as a process of its own, Postgres and a schema registry, in a
 * folder that goes with them.
 */
final class Lab implements AutoCloseable {

    /** Of the logins of all services. */
    static final String PASSWORD = "bench";

    private static final String DATABASE = "bench";
    private static final Map<String, String> ROLES = Map.of(
            "scheduler-service", "tributary_scheduler",
            "task-worker-service", "tributary_worker",
            "output-sink-service", "tributary_sink");

    private final Path folder;
    private final List<String> workerFlags;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Map<String, Path> services = new HashMap<>();
    private final KafkaServerProcess kafka;
    private final PostgresServer postgres;
    private final RegistryServer registry;
    private final DataDir keys;
    private boolean closed;

    private Lab(Path folder, List<String> workerFlags) {
        this.folder = folder;
        this.workerFlags = workerFlags;
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(this::close));
        kafka = own(KafkaServerProcess.start(folder.resolve("kafka"), 0));
        postgres = own(PostgresServer.start(folder.resolve("postgres"), 0));
        registry = own(RegistryServer.start(folder.resolve("registry"), 0, postgres));
        postgres.createDatabase(DATABASE);
        Flyway.configure()
                .configuration(Migrations.SETTINGS)
                .dataSource(databaseUrl(), postgres.username(), postgres.password())
                .load()
                .migrate();
        ROLES.forEach((module, role) -> postgres.createLogin(login(module), PASSWORD, List.of(role)));
        keys = DataDir.at(folder.resolve("keys"));
        Keys.createMissing(keys);
        packPlugin();
    }

    /**
     * Starts the servers; takes some seconds.
     *
     * @param parent where to make the folder
     * @param workerFlags of the JVMs of all workers, after those that a scenario needs
     */
    static Lab open(Path parent, List<String> workerFlags) {
        try {
            return new Lab(Files.createTempDirectory(Files.createDirectories(parent), "bench-"), workerFlags);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a folder in " + parent, e);
        }
    }

    /** Takes care that something is closed with the lab, before what was there earlier. */
    synchronized <T extends AutoCloseable> T own(T resource) {
        open.push(resource);
        return resource;
    }

    /** This program's own jar is the plugin: it names the benchmarks' integrations. */
    private void packPlugin() {
        Path jar = Path.of(
                Lab.class.getProtectionDomain().getCodeSource().getLocation().getPath());
        try {
            Files.copy(jar, Files.createDirectories(plugins()).resolve("bench.jar"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot copy " + jar, e);
        }
    }

    Path folder() {
        return folder;
    }

    Path plugins() {
        return folder.resolve("plugins");
    }

    /** The keys that services share. */
    DataDir keys() {
        return keys;
    }

    /** What a service is called when it logs in to the database. */
    static String login(String module) {
        return "bench_" + module.replace('-', '_');
    }

    /** What to start of a service: its jar, taken apart when it is first asked for. */
    synchronized Path service(String module) {
        return services.computeIfAbsent(module, _ -> ServiceProcess.takeApart(module, folder.resolve(module)));
    }

    List<String> workerFlags() {
        return workerFlags;
    }

    String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    ProcessHandle broker() {
        return kafka.handle();
    }

    String registryUrl() {
        return registry.url();
    }

    /** The database server, with the processes of its connections. */
    List<ProcessHandle> postgres() {
        Path pid = folder.resolve("postgres").resolve("data").resolve("postmaster.pid");
        try {
            long postmaster = Long.parseLong(Files.readAllLines(pid).getFirst().strip());
            return ProcessHandle.of(postmaster).map(Cpu::withChildren).orElse(List.of());
        } catch (IOException e) {
            throw new UncheckedIOException("Postgres does not run", e);
        }
    }

    String databaseUrl() {
        return postgres.jdbcUrl(DATABASE);
    }

    /** A connection of its own, for who asks often: opening one costs the server more than a question does. */
    SingleConnectionDataSource connection() {
        return new SingleConnectionDataSource(databaseUrl(), postgres.username(), postgres.password(), true);
    }

    JdbcClient database() {
        return JdbcClient.create(new DriverManagerDataSource(databaseUrl(), postgres.username(), postgres.password()));
    }

    /** Stops everything and deletes the folder. A second call does nothing. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (AutoCloseable resource : open) {
            try {
                resource.close();
            } catch (Exception e) {
                System.err.println("bench: did not stop: " + e); // the others are still to be stopped
            }
        }
        try {
            FileSystemUtils.deleteRecursively(folder);
        } catch (IOException e) {
            System.err.println("bench: left behind: " + e);
        }
    }
}
