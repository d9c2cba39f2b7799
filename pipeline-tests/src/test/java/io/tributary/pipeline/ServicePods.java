package io.tributary.pipeline;

import static org.awaitility.Awaitility.await;

import io.tributary.standalone.DataDir;
import io.tributary.standalone.Keys;
import io.tributary.standalone.Tokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * The images of the services as pods under podman: as the chart renders them from the values for production, read only
 * and 512 MB each, on the network of this machine.
 */
final class ServicePods implements AutoCloseable {

    static final List<String> SERVICES = List.of("scheduler", "worker", "sink");

    private static final Duration START_WITHIN = Duration.ofMinutes(4);
    private static final String MIGRATIONS = "tributary-migrations-1";
    private static final Map<String, String> IMAGES = Map.of(
            "scheduler", "tributary/scheduler-service",
            "worker", "tributary/task-worker-service",
            "sink", "tributary/output-sink-service");

    private final Path folder;
    private final Tokens tokens;
    private final ServicePorts ports;
    private final RenderedChart chart;
    private final PodOnOneMachine pods;

    /**
     * Renders the chart.
     *
     * @param folder for keys, secrets and manifests
     * @param version tag of the images
     */
    ServicePods(SecuredServers servers, Path folder, String version) throws IOException {
        this.folder = folder;
        var keys = DataDir.at(folder.resolve("keys"));
        Keys.createMissing(keys);
        tokens = new Tokens(keys, Clock.systemUTC());
        ports = ServicePorts.free();
        chart = RenderedChart.ofProduction(siteValues(servers, ports, version), folder);
        var secrets = new HashMap<>(servers.secrets());
        SERVICES.forEach(service -> secrets.putAll(servers.secretsOf(service)));
        secrets.put("tributary-credentials", Map.of("keyset.json", Files.readString(keys.keyset())));
        secrets.put("api-tokens", Map.of("public.pem", Files.readString(keys.tokenPublicKey())));
        pods = new PodOnOneMachine(chart, secrets, Files.createDirectories(folder.resolve("secrets")));
    }

    /** The image of a service, with its tag. */
    static String image(String service, String version) {
        return IMAGES.get(service) + ":" + version;
    }

    /** Values beside those for production: where the servers are, and one replica of each service. */
    static Map<String, Object> siteValues(SecuredServers servers, ServicePorts ports, String version) {
        var values = new HashMap<>(servers.values());
        values.put("image", Map.of("tag", version));
        values.put(
                "security",
                Map.of("issuer", Tokens.ISSUER, "jwkSetUri", "", "publicKey", Map.of("existingSecret", "api-tokens")));
        values.put("content", Map.of("s3", Map.of("bucket", "", "existingSecret", "")));
        values.put("http", Map.of("allowPrivateAddresses", true)); // The mailbox is on this machine.
        values.put(
                "migrations",
                Map.of("useHelmHooks", false, "database", Map.of("username", servers.ownerOfTheTables())));
        for (String service : SERVICES) {
            values.put(
                    service,
                    Map.of(
                            "replicas",
                            1,
                            "autoscaling",
                            Map.of("kind", "none"),
                            "podDisruptionBudget",
                            Map.of("enabled", false),
                            "database",
                            Map.of("username", servers.databaseUser(service)),
                            "extraEnv",
                            ports.variables(service)));
        }
        return values;
    }

    /** Runs the migrations, starts all services, and returns when they are ready. */
    void start() throws IOException {
        play(pods.of(chart.pod("Job", MIGRATIONS), MIGRATIONS));
        await("the end of the migrations")
                .atMost(START_WITHIN)
                .until(() -> state(MIGRATIONS, "migrations").startsWith("exited"));
        if (!state(MIGRATIONS, "migrations").equals("exited 0")) {
            throw new AssertionError("the migrations failed: " + Containers.podman("logs", MIGRATIONS + "-migrations"));
        }
        play(pods.of(chart.pod("Deployment", "tributary-scheduler"), pod("scheduler")));
        play(pods.of(chart.pod("StatefulSet", "tributary-worker"), pod("worker")));
        play(pods.of(chart.pod("Deployment", "tributary-sink"), pod("sink")));
        SERVICES.forEach(this::awaitReady);
    }

    /** Stops a service in good order and starts it anew; returns when it is ready. */
    void restart(String service) {
        Containers.podman("pod", "stop", "-t", "60", pod(service));
        Containers.podman("pod", "start", pod(service));
        awaitReady(service);
    }

    Api api(String user, boolean operator) {
        return new Api("http://127.0.0.1:" + ports.api(), tokens.mint(user, operator));
    }

    private void play(Map<String, Object> pod) throws IOException {
        Path manifest = Files.createTempFile(folder, "pod", ".json");
        Files.writeString(manifest, JsonMapper.shared().writeValueAsString(pod));
        Containers.podman("play", "kube", "--network", "host", manifest.toString());
    }

    private void awaitReady(String service) {
        await("readiness of the " + service)
                .atMost(START_WITHIN)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> {
                    if (state(pod(service), service).startsWith("exited")) {
                        throw new AssertionError("the " + service + " ended: "
                                + Containers.podman("logs", pod(service) + "-" + service));
                    }
                    return Http.answers200("http://127.0.0.1:" + ports.health(service) + "/actuator/health/readiness");
                });
    }

    /** Status of a container, and its exit code. */
    private static String state(String pod, String container) {
        return Containers.podman("inspect", "-f", "{{.State.Status}} {{.State.ExitCode}}", pod + "-" + container);
    }

    /** Named like the pod of a StatefulSet: the worker's name is its instance id. */
    private static String pod(String service) {
        return "tributary-" + service + "-0";
    }

    @Override
    public void close() {
        for (String service : SERVICES) {
            Containers.podman("pod", "rm", "--ignore", "-f", pod(service));
        }
        Containers.podman("pod", "rm", "--ignore", "-f", MIGRATIONS);
    }
}
