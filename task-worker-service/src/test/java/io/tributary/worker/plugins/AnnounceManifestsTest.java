package io.tributary.worker.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.schemas.IntegrationManifest;
import io.tributary.schemas.Topics;
import io.tributary.worker.codec.MessageCodec;
import io.tributary.worker.plugin.EchoIntegration;
import io.tributary.worker.testing.PluginFolder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnnounceManifestsTest {

    @TempDir
    Path folder;

    /** The plugin has version 1.0. */
    @ParameterizedTest
    @CsvSource({
        "0.9, false, 1",
        "1.0, false, 1",
        "1.0-rc1, false, 1",
        "1.0.1, false, 0",
        "1.10, false, 0",
        "1.10, true, 1"
    })
    void keepsTheManifestOfANewerVersion(String announced, boolean older, int sent) {
        assertThat(announce(announced, older)).isEqualTo(sent);
    }

    private int announce(String announced, boolean older) {
        var codec = new MessageCodec(
                new Topics("sync"),
                (topic, message) -> new byte[] {1},
                (topic, bytes) -> new IntegrationManifest(
                        "echo", new String(bytes, StandardCharsets.UTF_8), "{}", Instant.EPOCH));
        String topic = codec.topics().integrations();
        var partition = new TopicPartition(topic, 0);
        var node = new Node(1, "localhost", 1);
        try (var producer = new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
                var consumer = new MockConsumer<String, byte[]>("earliest");
                var plugins = LoadPlugins.from(List.of(PluginFolder.of(EchoIntegration.class, folder)))) {
            consumer.updatePartitions(
                    topic, List.of(new PartitionInfo(topic, 0, node, new Node[] {node}, new Node[] {node})));
            consumer.updateBeginningOffsets(Map.of(partition, 0L));
            consumer.updateEndOffsets(Map.of(partition, 1L));
            consumer.schedulePollTask(() -> consumer.addRecord(
                    new ConsumerRecord<>(topic, 0, 0, "echo", announced.getBytes(StandardCharsets.UTF_8))));

            new AnnounceManifests(codec, older, Clock.systemUTC()).announce(plugins, producer, consumer);

            return producer.history().size();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void comparesPartsOfVersionsAsNumbers() {
        assertThat(List.of("1.10", "1.2-rc1", "2", "1.2", "1.2.1").stream().sorted(CompareVersions.INSTANCE))
                .containsExactly("1.2-rc1", "1.2", "1.2.1", "1.10", "2");
    }
}
