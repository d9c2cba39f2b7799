package io.tributary.deploy;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Strimzi's definitions of its resources, written by Strimzi's own program from its classes. */
final class StrimziSchemas {

    private static final Path PROGRAM =
            Path.of(Objects.requireNonNull(System.getProperty("tributary.home")), "deploy/checks/target/strimzi");
    private static final Map<String, String> CLASSES = Map.of(
            "Kafka", "io.strimzi.api.kafka.model.kafka.Kafka",
            "KafkaNodePool", "io.strimzi.api.kafka.model.nodepool.KafkaNodePool",
            "KafkaTopic", "io.strimzi.api.kafka.model.topic.KafkaTopic",
            "KafkaUser", "io.strimzi.api.kafka.model.user.KafkaUser");

    private StrimziSchemas() {}

    /** The OpenAPI schemas by apiVersion and kind. */
    static Map<String, Map<String, Object>> all() {
        var schemas = new LinkedHashMap<String, Map<String, Object>>();
        try {
            Path folder = Files.createTempDirectory("strimzi");
            write(folder);
            for (String kind : CLASSES.keySet()) {
                Path file = folder.resolve(kind);
                Manifest definition = Manifest.parse(Deployed.read(file)).getFirst();
                for (var version : definition.list("spec", "versions")) {
                    schemas.put(
                            definition.text("spec", "group") + "/" + version.get("name") + "/" + kind,
                            Manifest.asMap(Manifest.within(version, "schema", "openAPIV3Schema")));
                }
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return schemas;
    }

    private static void write(Path folder) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home", ""), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                PROGRAM + File.separator + "*",
                "io.strimzi.crdgenerator.CrdGenerator",
                "--yaml"));
        CLASSES.forEach((kind, name) -> command.add(name + "=" + folder.resolve(kind)));
        Process program = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (program.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + ": " + output);
            }
        } catch (InterruptedException e) {
            program.destroy();
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
