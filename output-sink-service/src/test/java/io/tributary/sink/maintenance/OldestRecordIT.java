package io.tributary.sink.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.standalone.servers.TestServers;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** How far back a real topic goes. */
class OldestRecordIT {

    private static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");
    private static final Map<String, Object> KAFKA =
            Map.of("bootstrap.servers", TestServers.kafka().bootstrapServers());

    private final String topic = "oldest-" + UUID.randomUUID();

    @Test
    void isTheFirstOfAnyPartitionThatIsStillThere() throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(KAFKA);
                var producer = new KafkaProducer<>(KAFKA, new ByteArraySerializer(), new ByteArraySerializer())) {
            admin.createTopics(List.of(new NewTopic(topic, 3, (short) 1).configs(Map.of("retention.ms", "-1"))))
                    .all()
                    .get();
            assertThat(oldest()).as("of an empty topic").isEqualTo(NOW);
            send(producer, 0, "2026-02-01T00:00:00Z");
            send(producer, 0, "2026-02-03T00:00:00Z");
            send(producer, 1, "2026-02-02T00:00:00Z");

            assertThat(oldest()).isEqualTo("2026-02-01T00:00:00Z");

            admin.deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(1)))
                    .all()
                    .get();
            assertThat(oldest()).isEqualTo("2026-02-02T00:00:00Z");
        }
    }

    private void send(KafkaProducer<byte[], byte[]> producer, int partition, String at)
            throws ExecutionException, InterruptedException {
        producer.send(new ProducerRecord<>(topic, partition, Instant.parse(at).toEpochMilli(), null, new byte[1]))
                .get();
    }

    private Instant oldest() {
        return new OldestRecord(() -> Admin.create(KAFKA), topic, Clock.fixed(NOW, ZoneOffset.UTC)).get();
    }
}
