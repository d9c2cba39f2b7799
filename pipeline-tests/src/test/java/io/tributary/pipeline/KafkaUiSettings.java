package io.tributary.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** The settings of {@code deploy/kafka-ui.env}, by the names that Kafka UI's own file has for them. */
record KafkaUiSettings(Map<String, String> ofCluster, Map<String, String> ofConsumers) {

    private static final Pattern CLUSTER = Pattern.compile("KAFKA_CLUSTERS_0_(?<name>[A-Z]+)=(?<value>.*)");
    private static final Pattern CONSUMER =
            Pattern.compile("KAFKA_CLUSTERS_0_CONSUMERPROPERTIES_(?<name>[A-Z_]+)=(?<value>.*)");

    /** Names of cluster settings are in lower case; those of consumers are Kafka's. */
    static KafkaUiSettings read() throws IOException {
        var cluster = new HashMap<String, String>();
        var consumers = new HashMap<String, String>();
        for (String line :
                Files.readAllLines(Path.of(System.getProperty("tributary.home"), "deploy", "kafka-ui.env"))) {
            var consumer = CONSUMER.matcher(line);
            var setting = CLUSTER.matcher(line);
            if (consumer.matches()) {
                consumers.put(
                        consumer.group("name").toLowerCase(Locale.ROOT).replace('_', '.'), consumer.group("value"));
            } else if (setting.matches()) {
                cluster.put(setting.group("name").toLowerCase(Locale.ROOT), setting.group("value"));
            }
        }
        return new KafkaUiSettings(cluster, consumers);
    }
}
