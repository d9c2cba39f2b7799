package io.tributary.sink;

import io.tributary.schemas.Topics;
import io.tributary.schemas.serde.AvroSerializer;
import io.tributary.standalone.servers.TestServers;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Topics of a test's own, and what a worker would send to them. */
final class SinkTopics implements AutoCloseable {

    static final int PARTITIONS = 4;

    static final Map<String, Object> KAFKA =
            Map.of("bootstrap.servers", TestServers.kafka().bootstrapServers());

    private final Topics topics = new Topics(
            "sink-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt()));
    private final AvroSerializer<SpecificRecord> serializer = new AvroSerializer<>();
    private final KafkaProducer<byte[], byte[]> producer;

    SinkTopics() {
        try (Admin admin = Admin.create(KAFKA)) {
            topics.createMissing(admin, PARTITIONS, (short) 1);
        }
        serializer.configure(
                Map.of("schema.registry.url", TestServers.registry().url()), false);
        Map<String, Object> settings = new HashMap<>(KAFKA);
        settings.put("max.request.size", Topics.MAX_RECORD_BYTES); // as the worker
        producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    String prefix() {
        return topics.prefix();
    }

    void output(UUID userIntegration, SpecificRecord record) {
        raw(userIntegration, bytes(topics.output(), record));
    }

    void task(UUID userIntegration, SpecificRecord record) {
        send(topics.tasks(), userIntegration, bytes(topics.tasks(), record));
    }

    void raw(UUID userIntegration, byte[] value) {
        send(topics.output(), userIntegration, value);
    }

    /** A record on the topic of outputs that may have any key and any value; tells where it stands. */
    RecordMetadata anything(@Nullable String key, byte @Nullable [] value) {
        return anything(producer, key, value);
    }

    /** The same for a value that compresses well, however large it is. */
    RecordMetadata large(String key, byte[] value) {
        Map<String, Object> settings = new HashMap<>(KAFKA);
        settings.put("compression.type", "lz4");
        settings.put("max.request.size", Integer.MAX_VALUE);
        settings.put("buffer.memory", 2L * value.length + 1_000_000);
        try (var large = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            return anything(large, key, value);
        }
    }

    private RecordMetadata anything(
            KafkaProducer<byte[], byte[]> producer, @Nullable String key, byte @Nullable [] value) {
        try {
            return producer.send(new ProducerRecord<>(
                            topics.output(), key == null ? null : key.getBytes(StandardCharsets.UTF_8), value))
                    .get();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw new KafkaException(e);
        }
    }

    byte[] encoded(SpecificRecord record) {
        return bytes(topics.output(), record);
    }

    void deadLetter(UUID userIntegration, SpecificRecord record) {
        send(topics.deadLetters(), userIntegration, bytes(topics.deadLetters(), record));
    }

    /** Everything on the topics is committed by that group. */
    boolean isReadToTheEnd(String group) {
        try (Admin admin = Admin.create(KAFKA)) {
            var committed = admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get();
            Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                partitions.put(new TopicPartition(topics.output(), partition), OffsetSpec.latest());
                partitions.put(new TopicPartition(topics.deadLetters(), partition), OffsetSpec.latest());
            }
            return admin.listOffsets(partitions).all().get().entrySet().stream()
                    .allMatch(end -> end.getValue().offset() == 0
                            || (committed.get(end.getKey()) instanceof OffsetAndMetadata read
                                    && read.offset() == end.getValue().offset()));
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw new KafkaException(e);
        }
    }

    String outputTopic() {
        return topics.output();
    }

    void flush() {
        producer.flush();
    }

    @Override
    public void close() {
        producer.close();
    }

    private byte[] bytes(String topic, SpecificRecord record) {
        return Objects.requireNonNull(serializer.serialize(topic, record));
    }

    private void send(String topic, UUID userIntegration, byte[] value) {
        producer.send(new ProducerRecord<>(topic, userIntegration.toString().getBytes(StandardCharsets.UTF_8), value));
    }
}
