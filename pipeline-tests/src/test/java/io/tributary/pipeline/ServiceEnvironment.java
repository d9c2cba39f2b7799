package io.tributary.pipeline;

import io.tributary.standalone.DataDir;
import io.tributary.standalone.Tokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The environment variables of the services of one pipeline.
 *
 * @param prefix of the topics
 * @param bootstrapServers of Kafka
 * @param registryUrl of the schema registry
 * @param keys where keyset and token key are
 * @param folder for content and state
 */
record ServiceEnvironment(String prefix, String bootstrapServers, String registryUrl, DataDir keys, Path folder) {

    /**
     * @param service {@code scheduler}, {@code worker} or {@code sink}
     * @param instance a name that is unique among the replicas of the service
     * @param plugins folders with plugins in addition to those of the project
     */
    Map<String, String> of(String service, String instance, List<Path> plugins) {
        var environment = new HashMap<String, String>();
        environment.put("SPRING_KAFKA_BOOTSTRAP_SERVERS", bootstrapServers);
        environment.put("TRIBUTARY_SCHEMA_REGISTRY_URL", registryUrl);
        environment.put("TRIBUTARY_TOPICS_PREFIX", prefix);
        environment.put("TRIBUTARY_TOPICS_PARTITIONS", "4");
        environment.put("TRIBUTARY_CREDENTIALS_KEYSET", keys.keyset().toString());
        environment.put("TRIBUTARY_CONTENT_FOLDER", folder.resolve("content").toString());
        environment.put("TRIBUTARY_HTTP_ALLOW_PRIVATE_ADDRESSES", "true");
        environment.put("SERVER_ADDRESS", "127.0.0.1");
        switch (service) {
            case "scheduler" -> {
                environment.put("SPRING_FLYWAY_ENABLED", "false");
                environment.put("TRIBUTARY_SECURITY_ISSUER", Tokens.ISSUER);
                environment.put(
                        "TRIBUTARY_SECURITY_PUBLIC_KEY", keys.tokenPublicKey().toString());
            }
            case "worker" -> {
                environment.put("TRIBUTARY_PLUGINS_DIRECTORIES", pluginFolders(plugins));
                environment.put(
                        "TRIBUTARY_WORKER_STATE_DIRECTORY",
                        folder.resolve(instance + "-state").toString());
            }
            default -> {}
        }
        return environment;
    }

    private static String pluginFolders(List<Path> others) {
        Path integrations = Path.of(System.getProperty("tributary.home"), "integrations");
        try (var folders = Files.list(integrations)) {
            return Stream.concat(
                            folders.map(integration -> integration.resolve("target/plugin"))
                                    .filter(Files::isDirectory),
                            others.stream())
                    .map(Path::toString)
                    .collect(Collectors.joining(","));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
