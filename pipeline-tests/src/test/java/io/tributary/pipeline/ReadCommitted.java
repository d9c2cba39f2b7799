package io.tributary.pipeline;

import io.tributary.schemas.serde.AvroDeserializer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads topics from their beginning as the sink does: what was committed, and nothing else. */
public final class ReadCommitted implements AutoCloseable {

    private final KafkaConsumer<String, SpecificRecord> consumer;

    /** Settings of a consumer that reads what was committed, with others. */
    public static Map<String, Object> settings(String bootstrapServers, Map<String, Object> others) {
        var settings = new HashMap<>(others);
        settings.put("bootstrap.servers", bootstrapServers);
        settings.put("isolation.level", "read_committed");
        return settings;
    }

    ReadCommitted(String bootstrapServers, String registryUrl, List<String> topics) {
        var deserializer = new AvroDeserializer<SpecificRecord>();
        deserializer.configure(Map.of("schema.registry.url", registryUrl), false);
        consumer = new KafkaConsumer<>(
                settings(
                        bootstrapServers,
                        Map.of(
                                "auto.offset.reset", "none",
                                "metadata.max.age.ms", 2_000,
                                "reconnect.backoff.max.ms", 200)),
                new StringDeserializer(),
                deserializer);
        consumer.assign(topics.stream()
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList());
        consumer.seekToBeginning(consumer.assignment());
    }

    /** Reads what is there, waiting a moment for it. Returns how many records there were. */
    int readOn(Consumer<ConsumerRecord<String, SpecificRecord>> reader) {
        var records = consumer.poll(Duration.ofMillis(100));
        records.forEach(reader);
        return records.count();
    }

    /** Reads all that is committed by now. */
    void readToEnd(Consumer<ConsumerRecord<String, SpecificRecord>> reader) {
        var ends = consumer.endOffsets(consumer.assignment());
        Instant deadline = Instant.now().plusSeconds(120);
        while (!ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
            if (Instant.now().isAfter(deadline)) {
                throw new AssertionError("did not reach the end of the topics within 120 s");
            }
            readOn(reader);
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
