package io.tributary.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.util.ClassUtils;

/**
 * Compares probes with what the service's own settings, under the variables of the container, make it serve. Probes of
 * the platform's servers are not known to us.
 */
final class ServedPaths implements Function<Deployed, List<String>> {

    private static final String METRICS = "/actuator/prometheus";
    private static final boolean HAS_METRICS =
            ClassUtils.isPresent("io.micrometer.prometheusmetrics.PrometheusMeterRegistry", null);
    private static final Map<String, String> PROBES = Map.of(
            "startupProbe", "/actuator/health/liveness",
            "livenessProbe", "/actuator/health/liveness",
            "readinessProbe", "/actuator/health/readiness");

    @Override
    public List<String> apply(Deployed deployed) {
        var problems = new ArrayList<String>();
        deployed.chart().stream().flatMap(manifest -> manifest.pod().stream()).forEach(pod -> {
            for (var container : pod.containers()) {
                Services.of(container).ifPresent(service -> check(deployed, pod, container, service, problems));
            }
        });
        deployed.ofKind("ServiceMonitor").forEach(monitor -> {
            for (var endpoint : monitor.list("spec", "endpoints")) {
                if (!METRICS.equals(endpoint.get("path"))) {
                    problems.add(monitor.title() + " scrapes " + endpoint.get("path") + ", not " + METRICS);
                }
            }
        });
        return problems;
    }

    private static void check(
            Deployed deployed,
            Manifest.Pod pod,
            Map<String, Object> container,
            Services service,
            List<String> problems) {
        if (container.get("args") instanceof List<?> arguments && arguments.contains("migrate")) {
            return; // serves nothing, and ends
        }
        Binder settings = service.settings(deployed.environment(container));
        int server = settings.bind("server.port", Integer.class).orElse(8080);
        int management = settings.bind("management.server.port", Integer.class).orElse(server);
        Set<String> served = served(settings);
        PROBES.forEach((probe, path) -> {
            Object actualPath = Manifest.within(container, probe, "httpGet", "path");
            @Nullable Integer port = port(container, Manifest.within(container, probe, "httpGet", "port"));
            if (!path.equals(actualPath) || !served.contains(path)) {
                problems.add(pod.owner() + ": " + probe + " asks " + actualPath + "; served are " + served
                        + ", of which " + path + " is meant");
            }
            if (port == null || port != management) {
                problems.add(
                        pod.owner() + ": " + probe + " goes to port " + port + ", but " + management + " is served");
            }
        });
        if (HAS_METRICS && !served.contains(METRICS)) {
            problems.add(pod.owner() + " does not serve " + METRICS);
        }
        for (var declared : Manifest.asList(container.get("ports"))) {
            if (!List.of(server, management).contains(declared.get("containerPort"))) {
                problems.add(pod.owner() + ": nothing listens on port " + declared.get("containerPort"));
            }
        }
    }

    /** By number or by name. */
    private static @Nullable Integer port(Map<String, Object> container, @Nullable Object port) {
        if (port instanceof Integer number) {
            return number;
        }
        return Manifest.asList(container.get("ports")).stream()
                .filter(declared -> Objects.equals(declared.get("name"), port))
                .map(declared -> (Integer) declared.get("containerPort"))
                .findFirst()
                .orElse(null);
    }

    private static Set<String> served(Binder settings) {
        var served = new TreeSet<String>();
        String exposed = settings.bind("management.endpoints.web.exposure.include", String.class)
                .orElse("");
        if (exposed.contains("prometheus")) {
            served.add(METRICS);
        }
        if (exposed.contains("health")
                && settings.bind("management.endpoint.health.probes.enabled", Boolean.class)
                        .orElse(false)) {
            served.add("/actuator/health/liveness");
            served.add("/actuator/health/readiness");
        }
        return served;
    }
}
