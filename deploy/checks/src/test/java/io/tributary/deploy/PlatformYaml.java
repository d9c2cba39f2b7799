package io.tributary.deploy;

import io.tributary.schemas.KafkaUser;
import io.tributary.schemas.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;

/** The manifests of topics and users, made from the services' contract; {@link #main} writes them. */
final class PlatformYaml {

    static final int PARTITIONS = 24;
    private static final short COPIES = 3;
    private static final String CLUSTER = "tributary";
    private static final String HEADER =
            "# Generated from the module `schemas` by PlatformYaml of deploy/checks: do not edit.\n";

    private final Topics topics = new Topics(Topics.DEFAULT_PREFIX);

    /** Writes both files into the folder of the platform. */
    public static void main(String[] arguments) throws IOException {
        var yaml = new PlatformYaml();
        Files.writeString(Path.of(Deployed.PLATFORM.toString(), "kafka-topics.yaml"), yaml.kafkaTopics());
        Files.writeString(Path.of(Deployed.PLATFORM.toString(), "kafka-users.yaml"), yaml.kafkaUsers());
    }

    String kafkaTopics() {
        var yaml = new StringBuilder(HEADER);
        String separator = "";
        for (NewTopic topic : topics.definitions(PARTITIONS, COPIES)) {
            yaml.append(separator)
                    .append("""
                apiVersion: kafka.strimzi.io/v1
                kind: KafkaTopic
                metadata:
                  name: %s
                  labels:
                    strimzi.io/cluster: %s
                spec:
                  partitions: %d
                  replicas: %d
                  config:
                """.formatted(topic.name(), CLUSTER, topic.numPartitions(), topic.replicationFactor()));
            new TreeMap<>(topic.configs()).forEach((key, value) -> yaml.append("    %s: %s%n".formatted(key, value)));
            separator = "---\n";
        }
        return yaml.toString();
    }

    String kafkaUsers() {
        var yaml = new StringBuilder(HEADER);
        String separator = "";
        for (KafkaUser user : KafkaUser.values()) {
            yaml.append(separator).append("""
                apiVersion: kafka.strimzi.io/v1
                kind: KafkaUser
                metadata:
                  name: %s-%s
                  labels:
                    strimzi.io/cluster: %s
                spec:
                  authentication:
                    type: scram-sha-512
                  authorization:
                    type: simple
                    acls:
                """.formatted(CLUSTER, user.id(), CLUSTER));
            for (KafkaUser.Right right : user.rights(topics)) {
                yaml.append("      - resource:\n          type: ")
                        .append(resource(right.type()))
                        .append('\n');
                if (right.type() != ResourceType.CLUSTER) {
                    yaml.append("          name: ").append(right.name()).append('\n');
                    yaml.append("          patternType: ")
                            .append(right.pattern() == PatternType.PREFIXED ? "prefix" : "literal")
                            .append('\n');
                }
                yaml.append("        operations: [")
                        .append(String.join(
                                ", ",
                                right.operations().stream()
                                        .map(PlatformYaml::operation)
                                        .toList()))
                        .append("]\n");
            }
            separator = "---\n";
        }
        return yaml.toString();
    }

    private static String resource(ResourceType type) {
        return type == ResourceType.TRANSACTIONAL_ID
                ? "transactionalId"
                : type.name().toLowerCase(Locale.ROOT);
    }

    /** DESCRIBE_CONFIGS is DescribeConfigs. */
    private static String operation(AclOperation operation) {
        var name = new StringBuilder();
        for (String word : operation.name().split("_", -1)) {
            name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return name.toString();
    }
}
