package io.tributary.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** The manifests of the servers. */
class PlatformTest {

    private final PlatformYaml yaml = new PlatformYaml();

    @Test
    void topicsAreGeneratedFromTheContract() {
        assertThat(Deployed.PLATFORM.resolve("kafka-topics.yaml"))
                .as("run the main class PlatformYaml")
                .hasContent(yaml.kafkaTopics());
    }

    @Test
    void usersAreGeneratedFromTheContract() {
        assertThat(Deployed.PLATFORM.resolve("kafka-users.yaml"))
                .as("run the main class PlatformYaml")
                .hasContent(yaml.kafkaUsers());
    }

    @Test
    void kafkaUiShowsOurValuesAndNoAbortedRecords() {
        var cluster = Manifest.asList(Manifest.within(configuration(), "kafka", "clusters"))
                .getFirst();

        assertThat(cluster)
                .containsEntry("readOnly", true)
                .containsEntry("defaultKeySerde", "String")
                .containsEntry("defaultValueSerde", "SchemaRegistry")
                .containsEntry("consumerProperties", Map.of("isolation.level", "read_committed"));
        assertThat(Objects.toString(cluster.get("schemaRegistry"))).endsWith("/apis/ccompat/v7");
    }

    private static Map<String, Object> configuration() {
        return Manifest.parse(Deployed.read(Deployed.PLATFORM.resolve("kafka-ui.yaml"))).stream()
                .filter(manifest -> manifest.kind().equals("ConfigMap"))
                .map(map -> Manifest.asMap(new Yaml().<Object>load(map.text("data", "application.yml"))))
                .findFirst()
                .orElseThrow();
    }
}
