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
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/**
 * The images of the services as pods under podman: read only, 512 MB each, without rights of root, on the network of
 * this machine.
 */
final class ServicePods implements AutoCloseable {

    static final List<String> SERVICES = List.of("scheduler", "worker", "sink");

    private static final Duration START_WITHIN = Duration.ofMinutes(4);
    private static final Map<String, String> IMAGES = Map.of(
            "scheduler", "tributary/scheduler-service",
            "worker", "tributary/task-worker-service",
            "sink", "tributary/output-sink-service");
    private static final String MOUNTED = "/etc/tributary";

    private final SecuredServers servers;
    private final Path folder;
    private final String version;
    private final Tokens tokens;
    private final Map<String, Integer> ports = new HashMap<>();
    private final Map<String, Integer> healthPorts = new HashMap<>();

    /**
     * @param folder for keys and manifests
     * @param version tag of the images
     */
    ServicePods(SecuredServers servers, Path folder, String version) throws IOException {
        this.servers = servers;
        this.folder = folder;
        this.version = version;
        var keys = DataDir.at(folder.resolve("keys"));
        Keys.createMissing(keys);
        tokens = new Tokens(keys, Clock.systemUTC());
        Path mounted = Files.createDirectories(folder.resolve("mounted"));
        Files.writeString(mounted.resolve("keyset.json"), Files.readString(keys.keyset()));
        Files.writeString(mounted.resolve("token.pub"), Files.readString(keys.tokenPublicKey()));
        Files.writeString(mounted.resolve("ca.crt"), Files.readString(servers.certificate()));
    }

    /** The image of a service, with its tag. */
    static String image(String service, String version) {
        return IMAGES.get(service) + ":" + version;
    }

    /** Starts all of them, and returns when they are ready. */
    void start() throws IOException {
        for (String service : SERVICES) {
            ports.put(service, ServiceProcess.freePort());
            healthPorts.put(service, ServiceProcess.freePort());
            Path manifest = folder.resolve(service + ".json");
            Files.writeString(manifest, JsonMapper.shared().writeValueAsString(pod(service)));
            Containers.podman("play", "kube", "--network", "host", manifest.toString());
        }
        SERVICES.forEach(this::awaitReady);
    }

    /** Stops a service in good order and starts it anew; returns when it is ready. */
    void restart(String service) {
        Containers.podman("pod", "stop", "-t", "60", name(service));
        Containers.podman("pod", "start", name(service));
        awaitReady(service);
    }

    Api api(String user, boolean operator) {
        return new Api("http://127.0.0.1:" + ports.get("scheduler"), tokens.mint(user, operator));
    }

    String log(String service) {
        return Containers.podman("logs", name(service) + "-" + service);
    }

    private void awaitReady(String service) {
        await("readiness of the " + service)
                .atMost(START_WITHIN)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> {
                    String state =
                            Containers.podman("inspect", "-f", "{{.State.Status}}", name(service) + "-" + service);
                    if (state.equals("exited")) {
                        throw new AssertionError("the " + service + " ended: " + log(service));
                    }
                    return Http.answers200(
                            "http://127.0.0.1:" + healthPorts.get(service) + "/actuator/health/readiness");
                });
    }

    private static String name(String service) {
        return "tributary-try-" + service;
    }

    private Map<String, String> environment(String service) {
        var environment = new TreeMap<>(servers.environmentOf(service, MOUNTED + "/ca.crt"));
        environment.put("SERVER_ADDRESS", "127.0.0.1");
        environment.put("SERVER_PORT", String.valueOf(ports.get(service)));
        environment.put("MANAGEMENT_SERVER_PORT", String.valueOf(healthPorts.get(service)));
        environment.put("MANAGEMENT_SERVER_ADDRESS", "127.0.0.1");
        environment.put("TRIBUTARY_CREDENTIALS_KEYSET", MOUNTED + "/keyset.json");
        environment.put("TRIBUTARY_HTTP_ALLOW_PRIVATE_ADDRESSES", "true");
        if (service.equals("scheduler")) {
            environment.put("SPRING_FLYWAY_ENABLED", "false");
            environment.put("TRIBUTARY_SECURITY_ISSUER", Tokens.ISSUER);
            environment.put("TRIBUTARY_SECURITY_PUBLIC_KEY", MOUNTED + "/token.pub");
        }
        if (service.equals("worker")) {
            environment.put("TRIBUTARY_WORKER_INSTANCE_ID", "worker-0");
        }
        return environment;
    }

    private Map<String, Object> pod(String service) {
        var variables = environment(service).entrySet().stream()
                .map(variable -> Map.of("name", variable.getKey(), "value", variable.getValue()))
                .toList();
        var container = Map.of(
                "name",
                service,
                "image",
                image(service, version),
                "imagePullPolicy",
                "Never",
                "env",
                variables,
                "resources",
                Map.of("limits", Map.of("memory", "512Mi")),
                "securityContext",
                Map.of(
                        "runAsUser",
                        10001,
                        "runAsGroup",
                        10001,
                        "readOnlyRootFilesystem",
                        true,
                        "allowPrivilegeEscalation",
                        false,
                        "capabilities",
                        Map.of("drop", List.of("ALL"))),
                "volumeMounts",
                List.of(
                        Map.of("name", "tmp", "mountPath", "/tmp"),
                        Map.of("name", "state", "mountPath", "/var/lib/tributary"),
                        Map.of("name", "mounted", "mountPath", MOUNTED, "readOnly", true)));
        return Map.of(
                "apiVersion",
                "v1",
                "kind",
                "Pod",
                "metadata",
                Map.of("name", name(service)),
                "spec",
                Map.of(
                        "restartPolicy",
                        "Never",
                        "containers",
                        List.of(container),
                        "volumes",
                        List.of(
                                Map.of("name", "tmp", "emptyDir", Map.of()),
                                Map.of("name", "state", "emptyDir", Map.of()),
                                Map.of(
                                        "name",
                                        "mounted",
                                        "hostPath",
                                        Map.of("path", folder.resolve("mounted").toString(), "type", "Directory")))));
    }

    @Override
    public void close() {
        for (String service : SERVICES) {
            Containers.podman("pod", "rm", "--ignore", "-f", name(service));
        }
    }
}
