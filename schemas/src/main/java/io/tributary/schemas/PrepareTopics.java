package io.tributary.schemas;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.NullMarked;

/**
 * Creates the topics at the start of a service, and checks that no acknowledged record can be lost, whatever the
 * broker's defaults are: each partition has copies, and enough of them confirm a record. Every service calls it; a
 * repetition is harmless.
 *
 * @param topics the topics
 * @param partitions of each topic that is created, 1 to 1,000
 * @param replicationFactor copies of each partition of a topic that is created, 1 to the number of brokers
 * @param allowSingleReplica whether topics may have one copy only, which is lost with its broker, although there are
 *     more brokers; a broker alone, as on a developer's machine, needs no permission
 */
@NullMarked
public record PrepareTopics(Topics topics, int partitions, short replicationFactor, boolean allowSingleReplica) {

    private static final String MIN_INSYNC_REPLICAS = "min.insync.replicas";

    /** The default of {@code tributary.topics.replication-factor}. */
    public static final short REPLICATION_FACTOR = 3;

    private static final int MOST_TRIES = 100;
    private static final Duration PAUSE = Duration.ofMillis(100);

    private static final String ALLOW = "set tributary.topics.replication-factor to 2 or more"
            + " (3 is usual), or tributary.topics.allow-single-replica=true where records may be lost.";

    public PrepareTopics {
        if (partitions < 1 || partitions > 1000) {
            throw new IllegalArgumentException(
                    "tributary.topics.partitions is " + partitions + "; it must be 1 to 1,000");
        }
        if (replicationFactor < 1) {
            throw new IllegalArgumentException(
                    "tributary.topics.replication-factor is " + replicationFactor + "; it must be 1 and up");
        }
    }

    /**
     * Number of copies that must confirm a record: one may be away, without a stop.
     *
     * @param replicationFactor copies of a partition, 1 and up
     */
    public static int minInsyncReplicas(int replicationFactor) {
        return Math.max(1, Math.min(replicationFactor - 1, 2));
    }

    /**
     * Creates missing topics, raises {@code min.insync.replicas} where it is too low, and checks the rest.
     *
     * @param internal further topics that must be as durable, as far as they exist: those of Kafka Streams
     * @return the number of partitions that all topics have, but for {@link Topics#compacted()}
     * @throws TopicsException the topics are not as they must be
     * @throws KafkaException the broker refuses this client, or cannot be reached: call again
     */
    public int prepare(Admin admin, Collection<String> internal) {
        return prepare(admin, internal, brokers(admin));
    }

    int prepare(Admin admin, Collection<String> internal, int brokers) {
        boolean single = allowSingleReplica || brokers == 1;
        if (replicationFactor == 1 && !single) {
            throw singleReplica("The replication factor of topics is 1.");
        }
        create(admin, copies(brokers));
        for (int tries = 1; ; tries++) {
            try {
                Map<String, TopicDescription> present = describe(admin, internal);
                if (!single) {
                    checkCopies(present);
                }
                raiseMinInsyncReplicas(admin, present);
                return checkPartitions(present);
            } catch (KafkaException e) {
                // A broker learns of a new topic a moment after the controller has created it.
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException) || tries == MOST_TRIES) {
                    throw e;
                }
                pause();
            }
        }
    }

    /**
     * Copies of each partition of a topic that is created now: the replication factor, but 1 while there is one broker
     * alone. Once there are more brokers, the next start refuses topics with one copy.
     */
    public short copies(Admin admin) {
        return copies(brokers(admin));
    }

    private short copies(int brokers) {
        return brokers == 1 ? 1 : replicationFactor;
    }

    private static int brokers(Admin admin) {
        return await(admin.describeCluster().nodes()).size();
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private void create(Admin admin, short copies) {
        try {
            topics.createMissing(admin, partitions, copies);
        } catch (KafkaException e) {
            if (e.getCause() instanceof InvalidReplicationFactorException) {
                throw new TopicsException(
                        "topics.tooFewBrokers",
                        "There are fewer than " + replicationFactor + " brokers for the copies of each partition.",
                        "Start more brokers, or lower tributary.topics.replication-factor.",
                        e);
            }
            throw e;
        }
    }

    private Map<String, TopicDescription> describe(Admin admin, Collection<String> internal) {
        var names = new ArrayList<String>();
        definitions().forEach(names::add);
        var existing = await(admin.listTopics().names());
        internal.stream().filter(existing::contains).forEach(names::add);
        return await(admin.describeTopics(names).allTopicNames());
    }

    private List<String> definitions() {
        return topics.definitions(1, (short) 1).stream()
                .map(topic -> topic.name())
                .toList();
    }

    private static void checkCopies(Map<String, TopicDescription> present) {
        var single = present.values().stream()
                .filter(topic -> replicas(topic) < 2)
                .map(TopicDescription::name)
                .sorted()
                .toList();
        if (!single.isEmpty()) {
            throw singleReplica("There is one copy only of the partitions of " + single + ".");
        }
    }

    private static TopicsException singleReplica(String reason) {
        return new TopicsException(
                "topics.singleReplica",
                reason + " Records are lost with a broker.",
                "Reassign existing topics to more brokers (kafka-reassign-partitions), and " + ALLOW,
                null);
    }

    /** Of the partition with the fewest. */
    private static int replicas(TopicDescription topic) {
        return topic.partitions().stream()
                .mapToInt(partition -> partition.replicas().size())
                .min()
                .orElse(0);
    }

    private static void raiseMinInsyncReplicas(Admin admin, Map<String, TopicDescription> present) {
        var resources = present.keySet().stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        var tooLow = new HashMap<ConfigResource, Collection<AlterConfigOp>>();
        await(admin.describeConfigs(resources).all()).forEach((resource, config) -> {
            int wanted = minInsyncReplicas(replicas(requireNonNull(present.get(resource.name()))));
            if (minInsyncReplicas(config) < wanted) {
                var entry = new ConfigEntry(MIN_INSYNC_REPLICAS, Integer.toString(wanted));
                tooLow.put(resource, List.of(new AlterConfigOp(entry, OpType.SET)));
            }
        });
        if (tooLow.isEmpty()) {
            return;
        }
        try {
            await(admin.incrementalAlterConfigs(tooLow).all());
        } catch (KafkaException e) {
            var names =
                    tooLow.keySet().stream().map(ConfigResource::name).sorted().toList();
            throw new TopicsException(
                    "topics.minInsyncReplicas",
                    "Fewer copies than needed confirm a record of " + names + ", and this client may not change that.",
                    "Set min.insync.replicas to the replication factor less 1, 2 at most, or allow this client"
                            + " AlterConfigs.",
                    e);
        }
    }

    private static int minInsyncReplicas(Config config) {
        ConfigEntry entry = config.get(MIN_INSYNC_REPLICAS);
        return entry == null ? 1 : Integer.parseInt(entry.value());
    }

    private int checkPartitions(Map<String, TopicDescription> present) {
        var counts = new TreeMap<String, Integer>();
        definitions().stream()
                .filter(name -> !topics.compacted().contains(name))
                .forEach(name -> counts.put(
                        name, requireNonNull(present.get(name)).partitions().size()));
        if (counts.values().stream().distinct().count() != 1) {
            throw new TopicsException(
                    "topics.partitionsDiffer",
                    "The topics have different numbers of partitions: " + counts + ".",
                    "Give all of them the same number: an account must live on one partition of each.",
                    null);
        }
        return requireNonNull(counts.get(topics.tasks()));
    }

    private static <T> T await(KafkaFuture<T> answer) {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw new KafkaException("the topics cannot be checked: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
