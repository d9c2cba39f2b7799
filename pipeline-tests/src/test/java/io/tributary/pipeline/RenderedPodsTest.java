package io.tributary.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pod of the chart, made one that podman runs, keeps what the chart says. */
class RenderedPodsTest {

    private static final Map<String, Map<String, String>> SECRETS = Map.of(
            "tributary-cluster-ca-cert",
            Map.of("ca.crt", "authority"),
            "tributary-postgres-ca",
            Map.of("ca.crt", "authority"),
            "tributary-credentials",
            Map.of("keyset.json", "keys"),
            "tributary-content",
            Map.of("credentials", "keys of the bucket"),
            "tributary-worker",
            Map.of("sasl.jaas.config", "login"),
            "tributary-postgres-worker",
            Map.of("password", "opens the database"));

    @Test
    void keepsImageSettingsLimitsAndRights(@TempDir Path folder) throws IOException {
        RenderedChart chart = RenderedChart.ofProduction(Map.of(), folder);
        var pods = new PodOnOneMachine(chart, SECRETS, folder);

        Map<String, Object> spec = RenderedChart.map(pods.of(chart.pod("StatefulSet", "tributary-worker"), "worker-7")
                .get("spec"));

        Map<String, Object> container =
                RenderedChart.list(spec.get("containers")).getFirst();
        assertThat(String.valueOf(container.get("image"))).startsWith("tributary/task-worker-service:");
        assertThat(RenderedChart.map(container.get("resources")).get("limits")).isEqualTo(Map.of("memory", "512Mi"));
        assertThat(RenderedChart.map(container.get("securityContext")))
                .containsEntry("readOnlyRootFilesystem", true)
                .containsEntry("allowPrivilegeEscalation", false)
                .containsEntry("runAsUser", 10001)
                .containsEntry("capabilities", Map.of("drop", List.of("ALL")));
        assertThat(RenderedChart.list(container.get("env")))
                .contains(Map.of("name", "SPRING_KAFKA_SECURITY_PROTOCOL", "value", "SASL_SSL"))
                .contains(Map.of("name", "TRIBUTARY_WORKER_INSTANCE_ID", "value", "worker-7"));
        assertThat(folder.resolve("worker-7/secrets/spring.datasource.password"))
                .hasContent("opens the database");
        assertThat(folder.resolve("worker-7/ca/kafka.crt")).hasContent("authority");
        assertThat(Files.readString(folder.resolve("worker-7/credentials/keyset.json")))
                .isEqualTo("keys");
    }

    @Test
    void refusesASecretThatDoesNotExist(@TempDir Path folder) throws IOException {
        RenderedChart chart = RenderedChart.ofProduction(Map.of(), folder);
        var secrets = new HashMap<>(SECRETS);
        secrets.remove("tributary-worker");
        var pods = new PodOnOneMachine(chart, secrets, folder);

        assertThatThrownBy(() -> pods.of(chart.pod("StatefulSet", "tributary-worker"), "worker-7"))
                .hasMessage("there is no secret tributary-worker");
    }
}
