package io.tributary.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** {@code deploy/compose.yaml} holds together: what it names exists, is pinned, and is known to the services. */
class ComposeTest {

    private static final Path HOME = Path.of(System.getProperty("tributary.home"));
    private static final Path DEPLOY = HOME.resolve("deploy");
    private static final Pattern PINNED = Pattern.compile("[^:]+:(v?\\d+(\\.\\d+)+|\\$\\{TRIBUTARY_VERSION:-[^}]+})");
    private static final List<String> OURS = List.of("scheduler", "worker", "sink");

    private final Map<String, Map<String, Object>> services = services();

    @Test
    void pinsEveryImage() {
        assertThat(services.values().stream().map(service -> String.valueOf(service.get("image"))))
                .allMatch(image -> PINNED.matcher(image).matches());
    }

    @Test
    void runsTheImagesOfThisVersion() throws IOException {
        String version = ProjectVersion.read();
        for (String service : OURS) {
            assertThat(String.valueOf(service(service).get("image")))
                    .endsWith(":${TRIBUTARY_VERSION:-" + version + "}");
        }
    }

    @Test
    void checksTheHealthOfEveryServer() {
        services.forEach((name, service) -> {
            if (!OURS.contains(name)) {
                assertThat(service).as(name).containsKey("healthcheck");
            }
        });
    }

    @Test
    void dependsOnServicesThatItHas() {
        services.values().forEach(service -> {
            if (service.get("depends_on") instanceof Map<?, ?> others) {
                assertThat(services.keySet())
                        .containsAll(
                                others.keySet().stream().map(String::valueOf).toList());
            }
        });
    }

    @Test
    void mountsFilesThatExist() {
        Stream<String> mounted = services.values().stream()
                .flatMap(service ->
                        service.get("volumes") instanceof List<?> volumes ? volumes.stream() : Stream.empty())
                .map(volume -> String.valueOf(volume).split(":")[0])
                .filter(source -> source.startsWith("./"))
                .filter(source -> !source.equals("./.keys")); // made by compose-keys

        assertThat(mounted).isNotEmpty().allMatch(source -> Files.exists(DEPLOY.resolve(source)));
    }

    @Test
    void setsNothingThatTheServicesDoNotRead() throws IOException {
        String documented = Files.readString(HOME.resolve("docs/configuration.md"));
        for (String service : OURS) {
            if (services.get(service) instanceof Map<String, Object> ours
                    && ours.get("environment") instanceof Map<?, ?> environment) {
                assertThat(environment.keySet().stream()
                                .map(String::valueOf)
                                .filter(name -> name.startsWith("TRIBUTARY_"))
                                .filter(name -> !documented.contains("`" + name + "`")))
                        .as(service)
                        .isEmpty();
            }
        }
    }

    /** The manifest of the platform has the same settings in Kafka UI's own form. */
    @Test
    void showsRecordsInKafkaUiAsThePlatformDoes() throws IOException {
        KafkaUiSettings settings = KafkaUiSettings.read();
        Map<?, ?> cluster = platformCluster();

        assertThat(settings.ofCluster())
                .isNotEmpty()
                .allSatisfy((name, value) -> assertThat(cluster.entrySet())
                        .anyMatch(entry -> String.valueOf(entry.getKey()).equalsIgnoreCase(name)
                                && String.valueOf(entry.getValue()).equals(value)));
        assertThat(cluster.get("consumerProperties")).isEqualTo(settings.ofConsumers());
    }

    private static Map<?, ?> platformCluster() throws IOException {
        try (var file = Files.newBufferedReader(DEPLOY.resolve("kubernetes/platform/kafka-ui.yaml"))) {
            for (Object document : new Yaml().loadAll(file)) {
                if (document instanceof Map<?, ?> object
                        && object.get("data") instanceof Map<?, ?> data
                        && data.get("application.yml") instanceof String text) {
                    Map<String, Map<String, List<Map<String, Object>>>> settings = new Yaml().load(text);
                    return settings.getOrDefault("kafka", Map.of())
                            .getOrDefault("clusters", List.of())
                            .getFirst();
                }
            }
        }
        throw new AssertionError("the platform's Kafka UI has no application.yml");
    }

    @Test
    void runsTheServicesWithoutRights() {
        for (String name : OURS) {
            assertThat(service(name))
                    .containsEntry("read_only", true)
                    .containsEntry("cap_drop", List.of("ALL"))
                    .containsEntry("mem_limit", "512m");
        }
    }

    private Map<String, Object> service(String name) {
        return Objects.requireNonNull(services.get(name), name);
    }

    @SuppressWarnings("unchecked") // YAML has no types
    private static Map<String, Map<String, Object>> services() {
        try (var file = Files.newBufferedReader(DEPLOY.resolve("compose.yaml"))) {
            Map<String, Object> compose = new Yaml().load(file);
            return (Map<String, Map<String, Object>>) Objects.requireNonNull(compose.get("services"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
