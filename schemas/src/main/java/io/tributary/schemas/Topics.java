package io.tributary.schemas;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.NullMarked;

/**
 * The names and settings of the topics. This is the only place that knows either.
 *
 * <p>All topics but the compacted ones, {@link #integrations()} and {@link #webhookEndpoints()}, are keyed by the user
 * integration id as a string and have the same partition count, so one user integration lives on one partition of each.
 *
 * @param prefix prefix of every name; default {@code sync}
 */
@NullMarked
public record Topics(String prefix) {

    /** Default prefix of the topic names. */
    public static final String DEFAULT_PREFIX = "sync";

    /** Header of a task that the worker already holds in its store; such a record is dropped when read back. */
    public static final String ACCEPTED = "accepted";

    /**
     * Header of a follow-up task that starts only once the result of its parent is committed: the worker takes it into
     * its store when the record is read back.
     */
    public static final String AFTER_COMMIT = "after-commit";

    /**
     * Header of an output whose task ended after its run: the sums in the last progress of the run leave it out, so the
     * sink adds it to them.
     */
    public static final String LATE = "late";

    /** Largest content inside an output, bytes of UTF-8; larger content goes to the object store. */
    public static final int MAX_CONTENT_BYTES = 1024 * 1024;

    /** Largest record on any topic, bytes: content, its metadata and room for a dead letter around it. */
    public static final int MAX_RECORD_BYTES = 8 * 1024 * 1024;

    private static final Map<String, String> COMPACTED = Map.of("cleanup.policy", "compact");

    /** Tasks, and the follow-up tasks their execution returned. */
    public String tasks() {
        return prefix + ".tasks";
    }

    /** Outputs of tasks, and the progress of the runs they belong to. */
    public String output() {
        return prefix + ".output";
    }

    /** Commands to workers. */
    public String control() {
        return prefix + ".control";
    }

    /** Dead-lettered tasks and outputs. */
    public String deadLetters() {
        return prefix + ".dead-letters";
    }

    /** Events of runs and user integrations, for other systems. */
    public String events() {
        return prefix + ".events";
    }

    /** Manifests of the integrations that workers can run; compacted, keyed by domain. */
    public String integrations() {
        return prefix + ".integrations";
    }

    /** Verified webhooks of providers, which the edge has confirmed. */
    public String webhooks() {
        return prefix + ".webhooks";
    }

    /** Endpoints of webhooks with their sealed secrets; compacted, keyed by the endpoint's key. */
    public String webhookEndpoints() {
        return prefix + ".webhook-endpoints";
    }

    /** The topics that keep the last record of each key; they have one partition. */
    public Set<String> compacted() {
        return Set.of(integrations(), webhookEndpoints());
    }

    /**
     * Settings of new topics.
     *
     * @param partitions 1 to 1,000, the same for all
     * @param replicationFactor 1 to the number of brokers
     */
    public List<NewTopic> definitions(int partitions, short replicationFactor) {
        return List.of(
                topic(tasks(), partitions, replicationFactor, retained(Duration.ofDays(7))),
                topic(output(), partitions, replicationFactor, retained(Duration.ofDays(30))),
                topic(control(), partitions, replicationFactor, retained(Duration.ofDays(1))),
                topic(deadLetters(), partitions, replicationFactor, retained(Duration.ofDays(90))),
                topic(events(), partitions, replicationFactor, retained(Duration.ofDays(7))),
                topic(webhooks(), partitions, replicationFactor, retained(Duration.ofDays(7))),
                topic(integrations(), 1, replicationFactor, COMPACTED),
                topic(webhookEndpoints(), 1, replicationFactor, COMPACTED));
    }

    /**
     * Creates missing topics. Several processes may call it concurrently and repeatedly.
     *
     * @throws KafkaException when the broker rejects it or cannot be reached; no topic is incomplete, call again
     */
    public void createMissing(Admin admin, int partitions, short replicationFactor) {
        try {
            Set<String> present = admin.listTopics().names().get();
            var missing = definitions(partitions, replicationFactor).stream()
                    .filter(topic -> !present.contains(topic.name()))
                    .toList();
            for (var creation : admin.createTopics(missing).values().values()) {
                await(creation);
            }
        } catch (ExecutionException e) {
            throw new KafkaException("cannot create the topics " + prefix + ".*", e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private static void await(KafkaFuture<Void> creation) throws ExecutionException, InterruptedException {
        try {
            creation.get();
        } catch (ExecutionException e) {
            // Another process has created the topic.
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    private static NewTopic topic(
            String name, int partitions, short replicationFactor, Map<String, String> configuration) {
        var configs = new HashMap<>(configuration);
        configs.put("max.message.bytes", Integer.toString(MAX_RECORD_BYTES));
        configs.put("min.insync.replicas", Integer.toString(PrepareTopics.minInsyncReplicas(replicationFactor)));
        return new NewTopic(name, partitions, replicationFactor).configs(configs);
    }

    private static Map<String, String> retained(Duration time) {
        return Map.of("cleanup.policy", "delete", "retention.ms", Long.toString(time.toMillis()));
    }
}
