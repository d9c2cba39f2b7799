package io.tributary.sink.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.standalone.servers.TestServers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a sink holds at a time of well compressed records, which Kafka's own limits do not bound. */
@Timeout(120) // seconds
class BoundedPollsIT {

    private static final int MEGABYTE = 1024 * 1024;
    private static final int RECORDS = 300;

    private final String name = "bounded-" + UUID.randomUUID();
    private final TopicPartition topic = new TopicPartition(name, 0);
    private final Map<String, Object> servers =
            Map.of("bootstrap.servers", TestServers.kafka().bootstrapServers());

    @BeforeEach
    void create() throws Exception {
        try (Admin admin = Admin.create(servers)) {
            admin.createTopics(List.of(new NewTopic(name, 1, (short) 1)
                            .configs(Map.of("max.message.bytes", Integer.toString(8 * MEGABYTE)))))
                    .all()
                    .get();
        }
    }

    @Test
    void holdNoMoreDecodedBytesThanTheBatchMayHaveOfCompressibleItemsOfAMegabyte() {
        send(RECORDS, MEGABYTE);

        List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = consumer(1_000, 16 * MEGABYTE)) {
            while (all.size() < RECORDS) {
                var polled = consumer.poll(Duration.ofMillis(250));
                long bytes = 0;
                for (var record : polled) {
                    bytes += record.value().length;
                    all.add(new ConsumerRecord<>(name, 0, record.offset(), record.key(), number(record)));
                }
                assertThat(bytes).isLessThanOrEqualTo(16 * MEGABYTE);
                if (!all.isEmpty()) {
                    assertThat(consumer.position(topic)).isEqualTo(all.getLast().offset() + 1);
                }
            }
        }

        assertThat(all.stream().map(record -> ByteBuffer.wrap(record.value()).getInt()))
                .as("each record once, in order")
                .containsExactlyElementsOf(IntStream.range(0, RECORDS).boxed().toList());
    }

    @Test
    void takeARecordThatAloneHasMore() {
        send(3, 2 * MEGABYTE);

        try (Consumer<byte[], byte[]> consumer = consumer(1_000, MEGABYTE)) {
            int seen = 0;
            while (seen < 3) {
                var polled = consumer.poll(Duration.ofMillis(250));
                assertThat(polled.count()).isLessThanOrEqualTo(1);
                seen += polled.count();
            }
        }
    }

    @Test
    void fillABatchOfSmallRecordsFromSeveralPartsOfAPoll() {
        send(2_000, 100);

        try (Consumer<byte[], byte[]> consumer = consumer(500, 16 * MEGABYTE)) {
            int seen = 0;
            int largest = 0;
            while (seen < 2_000) {
                int count = consumer.poll(Duration.ofMillis(250)).count();
                largest = Math.max(largest, count);
                seen += count;
            }
            assertThat(largest).isGreaterThan(BoundedPolls.PART).isLessThanOrEqualTo(500);
        }
    }

    private Consumer<byte[], byte[]> consumer(int records, long bytes) {
        var consumer = new ConsumerSettings(servers, "bounded", records, bytes).alone();
        consumer.assign(List.of(topic));
        consumer.seek(topic, 0);
        return consumer;
    }

    private void send(int records, int bytes) {
        Map<String, Object> settings = new HashMap<>(servers);
        settings.put("compression.type", "lz4");
        settings.put("linger.ms", 50);
        settings.put("max.request.size", 8 * MEGABYTE);
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < records; i++) {
                var value = new byte[bytes];
                ByteBuffer.wrap(value).putInt(i);
                producer.send(new ProducerRecord<>(name, value));
            }
        }
    }

    private static byte[] number(ConsumerRecord<byte[], byte[]> record) {
        return ByteBuffer.allocate(Integer.BYTES)
                .putInt(ByteBuffer.wrap(record.value()).getInt())
                .array();
    }
}
