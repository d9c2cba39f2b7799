package io.tributary.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.apache.kafka.common.acl.AclOperation.CREATE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;

import io.tributary.schemas.KafkaUser;
import io.tributary.schemas.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * For each right on Kafka, what its user does with it. An operation returns when Kafka has allowed it, and throws what
 * Kafka answered otherwise.
 */
final class KafkaOperations {

    private static final int BROKER = 1;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Topics topics;
    private final String application;
    private final Function<KafkaUser, Map<String, Object>> clients;

    /** @param clients settings of a client of each user */
    KafkaOperations(Topics topics, Function<KafkaUser, Map<String, Object>> clients) {
        this.topics = topics;
        this.clients = clients;
        application = KafkaUser.workerApplication(topics);
    }

    /** What is done with a right, and why. */
    record Use(String why, Runnable operation) {
        @Override
        public String toString() {
            return why;
        }
    }

    /** One operation that a user may do on a resource. */
    record Key(KafkaUser user, String resource, AclOperation operation) {
        @Override
        public String toString() {
            return user.id() + " " + operation + " " + resource;
        }
    }

    /** All uses. */
    Map<Key, Use> all() {
        var uses = new HashMap<Key, Use>();
        String all = topics.prefix() + ".";
        // A topic to which the service has no other right.
        Map.of(
                        KafkaUser.SCHEDULER, topics.output(),
                        KafkaUser.WORKER, topics.events(),
                        KafkaUser.SINK, topics.control(),
                        KafkaUser.EDGE, topics.output())
                .forEach((user, topic) -> {
                    uses.put(new Key(user, all, DESCRIBE), new Use("finds all topics", () -> describe(user, topic)));
                    uses.put(
                            new Key(user, all, DESCRIBE_CONFIGS),
                            new Use("checks their settings", () -> describeConfig(user, topic)));
                });
        scheduler(uses);
        worker(uses);
        sink(uses);
        edge(uses);
        kafkaUi(uses, all);
        return uses;
    }

    private void scheduler(Map<Key, Use> uses) {
        var user = KafkaUser.SCHEDULER;
        writes(uses, user, topics.tasks(), "dispatches runs");
        writes(uses, user, topics.control(), "commands workers");
        writes(uses, user, topics.events(), "publishes events");
        reads(uses, user, topics.integrations(), "learns manifests");
        writes(uses, user, topics.webhookEndpoints(), "publishes endpoints of webhooks");
        reads(uses, user, topics.webhooks(), "starts runs of webhooks");
        String group = KafkaUser.schedulerGroup(topics);
        uses.put(new Key(user, group, READ), new Use("commits offsets", () -> commit(user, group, topics.webhooks())));
    }

    private void edge(Map<Key, Use> uses) {
        var user = KafkaUser.EDGE;
        writes(uses, user, topics.webhooks(), "stores webhooks");
        reads(uses, user, topics.webhookEndpoints(), "learns endpoints of webhooks");
        reads(uses, user, topics.integrations(), "learns how webhooks are verified");
    }

    private void worker(Map<Key, Use> uses) {
        var user = KafkaUser.WORKER;
        reads(uses, user, topics.tasks(), "accepts tasks");
        writes(uses, user, topics.tasks(), "publishes follow-up tasks");
        reads(uses, user, topics.control(), "obeys commands");
        reads(uses, user, topics.integrations(), "looks which manifests are known");
        writes(uses, user, topics.integrations(), "announces manifests");
        writes(uses, user, topics.output(), "publishes outputs");
        writes(uses, user, topics.deadLetters(), "dead-letters tasks");
        String changelog = application + "-changelog";
        uses.put(
                new Key(user, application + "-", CREATE),
                new Use("creates changelogs", () -> create(user, application + "-new-changelog")));
        uses.put(
                new Key(user, application + "-", DESCRIBE_CONFIGS),
                new Use("checks the settings of changelogs", () -> describeConfig(user, changelog)));
        uses.put(new Key(user, application + "-", READ), new Use("restores stores", () -> read(user, changelog)));
        uses.put(new Key(user, application + "-", WRITE), new Use("saves stores", () -> write(user, changelog)));
        uses.put(
                new Key(user, application, READ),
                new Use("commits offsets", () -> commit(user, application, topics.tasks())));
        uses.put(new Key(user, application, WRITE), new Use("begins transactions", () -> begin(user)));
    }

    private void sink(Map<Key, Use> uses) {
        var user = KafkaUser.SINK;
        reads(uses, user, topics.output(), "stores outputs");
        reads(uses, user, topics.deadLetters(), "stores dead letters");
        writes(uses, user, topics.deadLetters(), "dead-letters outputs");
        reads(uses, user, topics.tasks(), "replays tasks");
        uses.put(
                new Key(user, KafkaUser.SINK_GROUP, READ),
                new Use("commits offsets", () -> commit(user, KafkaUser.SINK_GROUP, topics.output())));
    }

    private void kafkaUi(Map<Key, Use> uses, String all) {
        var user = KafkaUser.KAFKA_UI;
        String changelog = application + "-changelog";
        uses.put(new Key(user, all, READ), new Use("shows records", () -> read(user, topics.tasks())));
        uses.put(
                new Key(user, all, DESCRIBE_CONFIGS),
                new Use("shows settings of topics", () -> describeConfig(user, topics.tasks())));
        uses.put(
                new Key(user, application + "-", DESCRIBE),
                new Use("lists changelogs", () -> describe(user, changelog)));
        uses.put(
                new Key(user, application + "-", DESCRIBE_CONFIGS),
                new Use("shows settings of changelogs", () -> describeConfig(user, changelog)));
        for (String group : List.of(application, KafkaUser.SINK_GROUP, KafkaUser.schedulerGroup(topics))) {
            uses.put(
                    new Key(user, group, DESCRIBE),
                    new Use(
                            "shows the lag",
                            () -> admin(
                                    user,
                                    admin -> admin.listConsumerGroupOffsets(group)
                                            .partitionsToOffsetAndMetadata())));
        }
        uses.put(
                new Key(user, Resource.CLUSTER_NAME, DESCRIBE),
                new Use(
                        "shows the sizes of topics",
                        () -> admin(
                                user,
                                admin -> admin.describeLogDirs(List.of(BROKER)).allDescriptions())));
        uses.put(
                new Key(user, Resource.CLUSTER_NAME, DESCRIBE_CONFIGS),
                new Use(
                        "shows settings of brokers",
                        () -> admin(
                                user,
                                admin -> admin.describeConfigs(List.of(new ConfigResource(
                                                ConfigResource.Type.BROKER, Integer.toString(BROKER))))
                                        .all())));
    }

    private void reads(Map<Key, Use> uses, KafkaUser user, String topic, String why) {
        uses.put(new Key(user, topic, READ), new Use(why, () -> read(user, topic)));
    }

    private void writes(Map<Key, Use> uses, KafkaUser user, String topic, String why) {
        uses.put(new Key(user, topic, WRITE), new Use(why, () -> write(user, topic)));
    }

    private void describe(KafkaUser user, String topic) {
        admin(user, admin -> admin.describeTopics(List.of(topic)).allTopicNames());
    }

    private void describeConfig(KafkaUser user, String topic) {
        admin(
                user,
                admin -> admin.describeConfigs(List.of(new ConfigResource(ConfigResource.Type.TOPIC, topic)))
                        .all());
    }

    /** It is there afterwards, or was before: both show that the user may create it. */
    private void create(KafkaUser user, String topic) {
        try {
            admin(
                    user,
                    admin -> admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1)))
                            .all());
        } catch (TopicExistsException e) {
            // allowed
        }
    }

    private <T> T admin(KafkaUser user, Function<Admin, KafkaFuture<T>> call) {
        try (var admin = Admin.create(clients.apply(user))) {
            return call.apply(admin).get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException failure ? failure : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private void write(KafkaUser user, String topic) {
        try (var producer =
                new KafkaProducer<>(clients.apply(user), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, 0, "key".getBytes(UTF_8), "value".getBytes(UTF_8)))
                    .get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException failure ? failure : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /** Reads the record that is in each topic. */
    private void read(KafkaUser user, String topic) {
        var partition = new TopicPartition(topic, 0);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (var consumer =
                new KafkaConsumer<>(clients.apply(user), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            while (consumer.poll(Duration.ofMillis(100)).isEmpty()) {
                if (System.nanoTime() > deadline) {
                    throw new TimeoutException("no record of " + topic);
                }
            }
        }
    }

    private void commit(KafkaUser user, String group, String topic) {
        var settings = new HashMap<>(clients.apply(user));
        settings.put("group.id", group);
        var partition = new TopicPartition(topic, 0);
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(0)));
        }
    }

    private void begin(KafkaUser user) {
        var settings = new HashMap<>(clients.apply(user));
        settings.put("transactional.id", application + "-1");
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
        }
    }
}
