package io.tributary.scheduler.manifests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.scheduler.testing.Broker;
import io.tributary.scheduler.testing.ManifestJson;
import io.tributary.schemas.IntegrationManifest;
import io.tributary.schemas.serde.AvroDeserializer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.event.ListenerContainerIdleEvent;
import org.springframework.kafka.listener.KafkaMessageListenerContainer;

class FollowManifestsIT {

    private final Broker broker = Broker.create();
    private final Manifests manifests = new Manifests();
    private KafkaMessageListenerContainer<String, byte @Nullable []> follow = following(deserializer());

    @AfterEach
    void stop() {
        follow.stop();
        assertThat(follow.isRunning()).isFalse();
    }

    @Test
    void knowsWhatIsOnTheTopicBeforeItHasCaughtUp() {
        broker.announce(ManifestJson.HELLO);
        broker.announce(ManifestJson.MAIL);

        follow.start();

        await().atMost(Duration.ofMinutes(1)).until(manifests::caughtUp);
        assertThat(manifests.find("hello")).isPresent();
        assertThat(manifests.find("mail")).isPresent();
    }

    @Test
    void catchesUpWithAnEmptyTopic() {
        follow.start();

        await().atMost(Duration.ofMinutes(1)).until(manifests::caughtUp);
        assertThat(manifests.all()).isEmpty();
    }

    @Test
    void followsUpdatesAndWithdrawals() {
        follow.start();
        await().atMost(Duration.ofMinutes(1)).until(manifests::caughtUp);

        broker.announce(ManifestJson.HELLO);
        await().atMost(Duration.ofMinutes(1))
                .until(() -> manifests.find("hello").isPresent());

        broker.announce(ManifestJson.HELLO.replace("1.0.0", "1.0.1"));
        await().atMost(Duration.ofMinutes(1))
                .until(() -> manifests.require("hello").version().equals("1.0.1"));

        broker.withdraw("hello");
        await().atMost(Duration.ofMinutes(1))
                .until(() -> manifests.find("hello").isEmpty());
    }

    @Test
    void passesByWhatCannotBeRead() throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(broker.topics().integrations(), "junk", new byte[] {1, 2, 3}))
                    .get();
        }
        broker.announce("{\"domain\": \"broken\"}");
        broker.announce(ManifestJson.HELLO);

        follow.start();

        await().atMost(Duration.ofMinutes(1)).until(manifests::caughtUp);
        assertThat(manifests.all()).extracting(Manifest::domain).containsExactly("hello");
    }

    @Test
    void triesAgainWhileTheRegistryIsAway() {
        broker.announce(ManifestJson.HELLO);
        var tries = new AtomicInteger();
        var real = deserializer();
        follow = following((topic, bytes) -> {
            if (tries.incrementAndGet() < 2) {
                throw new TimeoutException("the registry is away");
            }
            return real.deserialize(topic, bytes);
        });

        follow.start();

        await().atMost(Duration.ofMinutes(1)).until(manifests::caughtUp);
        assertThat(manifests.find("hello")).isPresent();
    }

    private KafkaMessageListenerContainer<String, byte @Nullable []> following(
            Deserializer<IntegrationManifest> deserializer) {
        var follow = new FollowManifests(broker.topics().integrations(), deserializer, manifests);
        var container = follow.container(new DefaultKafkaConsumerFactory<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "enable.auto.commit", false),
                new StringDeserializer(),
                new ByteArrayDeserializer()));
        container.setApplicationEventPublisher(event -> {
            if (event instanceof ListenerContainerIdleEvent idle) {
                follow.onApplicationEvent(idle);
            }
        });
        return container;
    }

    private static Deserializer<IntegrationManifest> deserializer() {
        var deserializer = new AvroDeserializer<IntegrationManifest>();
        deserializer.configure(Broker.serdeConfigs(), false);
        return deserializer;
    }
}
