package io.tributary.schemas;

import static org.apache.kafka.common.acl.AclOperation.CREATE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.jspecify.annotations.NullMarked;

/**
 * The users that connect to Kafka, and the rights that each needs once the topics of {@link Topics} exist. This is the
 * only place that knows them: the manifests of a deployment are generated from it, and tests run the services with it.
 *
 * <p>Where no administrator creates the topics, the services need {@code Create} on them as well.
 */
@NullMarked
public enum KafkaUser {
    /** Writes tasks, commands, events and endpoints of webhooks; reads what workers announce, and webhooks. */
    SCHEDULER,
    /** Runs Kafka Streams between tasks, commands, outputs and dead letters; announces manifests. */
    WORKER,
    /** Reads outputs, dead letters and, for replays, tasks; writes dead letters. */
    SINK,
    /** Writes webhooks; reads endpoints of webhooks, and what workers announce. */
    EDGE,
    /** A user interface that shows everything and changes nothing. */
    KAFKA_UI;

    /** The consumer group of the sink, unless another is configured. */
    public static final String SINK_GROUP = "tributary-sink";

    /** The consumer group of the schedulers, which read webhooks. */
    public static String schedulerGroup(Topics topics) {
        return topics.prefix() + "-scheduler";
    }

    /**
     * Rights to a resource.
     *
     * @param type what it is
     * @param name its name, or the first part of the names of several resources
     * @param pattern whether {@code name} is a prefix
     * @param operations what is allowed
     */
    public record Right(ResourceType type, String name, PatternType pattern, List<AclOperation> operations) {}

    /** The application id of the workers' Kafka Streams: the name of their group, and the prefix of the rest. */
    public static String workerApplication(Topics topics) {
        return topics.prefix() + "-task-worker";
    }

    /** The name in manifests: that of the constant in lower case with hyphens. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What this user needs, and nothing else. Whoever may read or write something may describe it as well. */
    public List<Right> rights(Topics topics) {
        var rights = new ArrayList<Right>();
        // A service checks the settings of all topics at its start.
        rights.add(prefixed(
                ResourceType.TOPIC, topics.prefix() + ".", this == KAFKA_UI ? READ : DESCRIBE, DESCRIBE_CONFIGS));
        switch (this) {
            case SCHEDULER -> {
                rights.add(topic(topics.tasks(), WRITE));
                rights.add(topic(topics.control(), WRITE));
                rights.add(topic(topics.events(), WRITE));
                rights.add(topic(topics.integrations(), READ));
                rights.add(topic(topics.webhookEndpoints(), WRITE));
                rights.add(topic(topics.webhooks(), READ));
                rights.add(literal(ResourceType.GROUP, schedulerGroup(topics), READ));
            }
            case WORKER -> {
                String application = workerApplication(topics);
                rights.add(topic(topics.tasks(), READ, WRITE));
                rights.add(topic(topics.control(), READ));
                rights.add(topic(topics.integrations(), READ, WRITE));
                rights.add(topic(topics.output(), WRITE));
                rights.add(topic(topics.deadLetters(), WRITE));
                rights.add(prefixed(ResourceType.TOPIC, application + "-", CREATE, DESCRIBE_CONFIGS, READ, WRITE));
                rights.add(literal(ResourceType.GROUP, application, READ));
                rights.add(prefixed(ResourceType.TRANSACTIONAL_ID, application, WRITE));
            }
            case SINK -> {
                rights.add(topic(topics.output(), READ));
                rights.add(topic(topics.deadLetters(), READ, WRITE));
                rights.add(topic(topics.tasks(), READ));
                rights.add(literal(ResourceType.GROUP, SINK_GROUP, READ));
            }
            case EDGE -> {
                rights.add(topic(topics.webhooks(), WRITE));
                rights.add(topic(topics.webhookEndpoints(), READ));
                rights.add(topic(topics.integrations(), READ));
            }
            case KAFKA_UI -> {
                rights.add(prefixed(ResourceType.TOPIC, workerApplication(topics) + "-", DESCRIBE, DESCRIBE_CONFIGS));
                rights.add(literal(ResourceType.GROUP, workerApplication(topics), DESCRIBE));
                rights.add(literal(ResourceType.GROUP, SINK_GROUP, DESCRIBE));
                rights.add(literal(ResourceType.GROUP, schedulerGroup(topics), DESCRIBE));
                rights.add(literal(ResourceType.CLUSTER, Resource.CLUSTER_NAME, DESCRIBE, DESCRIBE_CONFIGS));
            }
        }
        return List.copyOf(rights);
    }

    /**
     * The same as Kafka takes it.
     *
     * @param principal who gets the rights, such as {@code User:worker}
     */
    public List<AclBinding> acls(Topics topics, String principal) {
        return rights(topics).stream()
                .flatMap(right -> right.operations().stream()
                        .map(operation -> new AclBinding(
                                new ResourcePattern(right.type(), right.name(), right.pattern()),
                                new AccessControlEntry(principal, "*", operation, AclPermissionType.ALLOW))))
                .toList();
    }

    private static Right topic(String name, AclOperation... operations) {
        return literal(ResourceType.TOPIC, name, operations);
    }

    private static Right literal(ResourceType type, String name, AclOperation... operations) {
        return new Right(type, name, PatternType.LITERAL, List.of(operations));
    }

    private static Right prefixed(ResourceType type, String prefix, AclOperation... operations) {
        return new Right(type, prefix, PatternType.PREFIXED, List.of(operations));
    }
}
