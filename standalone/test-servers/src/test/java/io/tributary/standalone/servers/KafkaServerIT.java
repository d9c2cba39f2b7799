package io.tributary.standalone.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaServerIT {

    private static final String TOPIC = "river";

    @TempDir
    Path folder;

    @Test
    void findsCommittedRecordsAgainAfterARestart() throws Exception {
        try (var server = KafkaServer.start(folder, 0)) {
            createTopic(server.bootstrapServers());
            sendInTransaction(server.bootstrapServers(), "kept");
        }

        try (var server = KafkaServer.start(folder, 0)) {
            assertThat(read(server.bootstrapServers(), 1)).containsExactly("kept");
        }
    }

    @Test
    void keepsAcknowledgedRecordsWhenItsProcessIsKilled() throws Exception {
        try (var server = KafkaServerProcess.start(folder, 0)) {
            createTopic(server.bootstrapServers());
            sendInTransaction(server.bootstrapServers(), "kept");
            server.kill();
        }

        try (var server = KafkaServerProcess.start(folder, 0)) {
            assertThat(read(server.bootstrapServers(), 1)).containsExactly("kept");
        }
    }

    @Test
    void tellsThatThePortIsInUse() throws Exception {
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            AssertServers.assertFails(
                            ServerFailure.Reason.PORT_IN_USE, () -> KafkaServer.start(folder, other.getLocalPort()))
                    .hasMessage("port " + other.getLocalPort()
                            + " for Kafka is in use: end the program that listens on it, or choose another port");
        }
    }

    @Test
    void leavesTheFolderOfARunningBrokerAlone() {
        try (var server = KafkaServer.start(folder, 0)) {
            AssertServers.assertFails(ServerFailure.Reason.FOLDER_IN_USE, () -> KafkaServer.start(folder, 0))
                    .hasMessageContaining(
                            "in use by process " + ProcessHandle.current().pid());
            assertThat(server.bootstrapServers()).startsWith("127.0.0.1:");
        }
    }

    @Test
    void leavesTheFolderOfARunningBrokerAloneInAProcessToo() {
        try (var server = KafkaServer.start(folder, 0)) {
            AssertServers.assertFails(ServerFailure.Reason.FOLDER_IN_USE, () -> KafkaServerProcess.start(folder, 0));
            assertThat(server.bootstrapServers()).isNotEmpty();
        }
    }

    private static void createTopic(String servers) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
        }
    }

    private static void sendInTransaction(String servers, String value) {
        Map<String, Object> settings = Map.of("bootstrap.servers", servers, "transactional.id", "writer");
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(TOPIC, value));
            producer.commitTransaction();
        }
    }

    private static List<String> read(String servers, int count) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", servers, "isolation.level", "read_committed", "auto.offset.reset", "earliest");
        var values = new ArrayList<String>();
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(new TopicPartition(TOPIC, 0)));
            long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (values.size() < count && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
            }
        }
        return values;
    }
}
