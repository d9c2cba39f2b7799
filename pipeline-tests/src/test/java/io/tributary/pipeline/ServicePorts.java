package io.tributary.pipeline;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Ports of the services where all of them share the network of one machine.
 *
 * @param api port of the scheduler's API
 * @param healthPorts port of each service's management endpoints
 */
record ServicePorts(int api, Map<String, Integer> healthPorts) {

    /** Ports that are free now. */
    static ServicePorts free() {
        var health = new HashMap<String, Integer>();
        for (String service : ServicePods.SERVICES) {
            health.put(service, ServiceProcess.freePort());
        }
        return new ServicePorts(ServiceProcess.freePort(), health);
    }

    int health(String service) {
        return Objects.requireNonNull(healthPorts.get(service));
    }

    /** What the chart's {@code extraEnv} of a service says: its ports, on the loopback address. */
    List<Map<String, String>> variables(String service) {
        var variables = new ArrayList<>(List.of(
                variable("SERVER_ADDRESS", "127.0.0.1"),
                variable("MANAGEMENT_SERVER_PORT", String.valueOf(health(service)))));
        if (service.equals("scheduler")) {
            variables.add(variable("SERVER_PORT", String.valueOf(api)));
            variables.add(variable("MANAGEMENT_SERVER_ADDRESS", "127.0.0.1"));
        } else {
            variables.add(variable("SERVER_PORT", String.valueOf(health(service)))); // The same port serves both.
        }
        return variables;
    }

    private static Map<String, String> variable(String name, String value) {
        return Map.of("name", name, "value", value);
    }
}
