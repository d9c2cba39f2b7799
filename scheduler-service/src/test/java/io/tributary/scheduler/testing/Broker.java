package io.tributary.scheduler.testing;

import io.tributary.schemas.IntegrationManifest;
import io.tributary.schemas.Topics;
import io.tributary.schemas.serde.AvroDeserializer;
import io.tributary.schemas.serde.AvroSerializer;
import io.tributary.standalone.servers.TestServers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** The topics of a test, under a prefix of its own. */
public record Broker(Topics topics, String bootstrapServers) {

    private static final int PARTITIONS = 3;

    /** New topics on the broker that all tests share. */
    public static Broker create() {
        return create(TestServers.kafka().bootstrapServers());
    }

    /** New topics on a broker. */
    public static Broker create(String bootstrapServers) {
        var topics = new Topics("t" + UUID.randomUUID().toString().substring(0, 8));
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            topics.createMissing(admin, PARTITIONS, (short) 1);
        }
        return new Broker(topics, bootstrapServers);
    }

    /** A producer as the service has it. */
    public <T extends SpecificRecord> Producer<String, T> producer() {
        var serializer = new AvroSerializer<T>();
        serializer.configure(serdeConfigs(), false);
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "acks", "all"), new StringSerializer(), serializer);
    }

    /** Announces a manifest, as a worker does. */
    public void announce(String manifest) {
        String domain = JsonMapper.shared().readTree(manifest).get("domain").asString();
        send(
                domain,
                IntegrationManifest.newBuilder()
                        .setDomain(domain)
                        .setVersion("1")
                        .setManifest(manifest)
                        .setAt(Instant.now())
                        .build());
    }

    /** Withdraws a manifest. */
    public void withdraw(String domain) {
        send(domain, null);
    }

    private void send(String domain, @Nullable IntegrationManifest manifest) {
        try (var producer = this.<IntegrationManifest>producer()) {
            producer.send(new ProducerRecord<>(topics.integrations(), domain, manifest))
                    .get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Everything that is on a topic now. */
    public <T extends SpecificRecord> List<ConsumerRecord<String, T>> read(String topic) {
        var deserializer = new AvroDeserializer<T>();
        deserializer.configure(serdeConfigs(), false);
        return read(topic, deserializer);
    }

    /** The same, whatever it is. */
    public <T> List<ConsumerRecord<String, T>> read(String topic, Deserializer<T> deserializer) {
        try (var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers), new StringDeserializer(), deserializer)) {
            var partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            var records = new ArrayList<ConsumerRecord<String, T>>();
            while (partitions.stream()
                    .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            return records;
        }
    }

    public static Map<String, Object> serdeConfigs() {
        return Map.of("schema.registry.url", TestServers.registry().url());
    }
}
