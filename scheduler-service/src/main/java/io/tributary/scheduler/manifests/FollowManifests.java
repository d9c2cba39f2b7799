package io.tributary.scheduler.manifests;

import static java.util.Objects.requireNonNull;

import io.tributary.schemas.IntegrationManifest;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationListener;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.event.ListenerContainerIdleEvent;
import org.springframework.kafka.listener.BatchConsumerAwareMessageListener;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.kafka.listener.KafkaMessageListenerContainer;
import org.springframework.kafka.support.TopicPartitionOffset;
import org.springframework.kafka.support.TopicPartitionOffset.SeekPosition;
import org.springframework.util.backoff.FixedBackOff;

/** Keeps the {@link Manifests} in step with the topic integrations, from the beginning of the topic. */
final class FollowManifests
        implements BatchConsumerAwareMessageListener<String, byte @Nullable []>,
                ApplicationListener<ListenerContainerIdleEvent> {

    private static final Duration POLL = Duration.ofMillis(500);

    /** Wait before another try when Kafka or the registry fails. */
    private static final Duration RETRY = Duration.ofSeconds(2);

    private static final Logger log = LoggerFactory.getLogger(FollowManifests.class);

    private final String topic;
    private final Deserializer<IntegrationManifest> deserializer;
    private final Manifests manifests;

    FollowManifests(String topic, Deserializer<IntegrationManifest> deserializer, Manifests manifests) {
        this.topic = topic;
        this.deserializer = deserializer;
        this.manifests = manifests;
    }

    /** The container that calls it. It has no consumer group and commits nothing: every replica reads everything. */
    KafkaMessageListenerContainer<String, byte @Nullable []> container(
            ConsumerFactory<String, byte @Nullable []> consumers) {
        var properties = new ContainerProperties(partitions(consumers));
        properties.setAckMode(ContainerProperties.AckMode.MANUAL);
        properties.setPollTimeout(POLL.toMillis());
        properties.setIdleEventInterval(1L);
        properties.setAuthExceptionRetryInterval(RETRY);
        properties.setMessageListener(this);
        var container = new KafkaMessageListenerContainer<>(consumers, properties);
        container.setCommonErrorHandler(
                new DefaultErrorHandler(new FixedBackOff(RETRY.toMillis(), FixedBackOff.UNLIMITED_ATTEMPTS)));
        return container;
    }

    private TopicPartitionOffset[] partitions(ConsumerFactory<?, ?> consumers) {
        try (var consumer = consumers.createConsumer()) {
            return consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartitionOffset(topic, partition.partition(), SeekPosition.BEGINNING))
                    .toArray(TopicPartitionOffset[]::new);
        }
    }

    /**
     * Applies announcements. While the registry is away, it throws a TimeoutException, and the container calls again.
     */
    @Override
    public void onMessage(
            List<ConsumerRecord<String, byte @Nullable []>> announcements, @Nullable Consumer<?, ?> consumer) {
        announcements.forEach(this::apply);
        checkCaughtUp(requireNonNull(consumer, "the container passes it"));
    }

    @Override
    public void onApplicationEvent(ListenerContainerIdleEvent idle) {
        checkCaughtUp(idle.getConsumer());
    }

    private void checkCaughtUp(Consumer<?, ?> consumer) {
        if (!manifests.caughtUp()
                && consumer.assignment().stream()
                        .allMatch(partition -> consumer.currentLag(partition).orElse(1) == 0)) {
            manifests.markCaughtUp();
            log.info(
                    "polling.manifestsRead: manifests read integrations={}",
                    manifests.all().size());
        }
    }

    private void apply(ConsumerRecord<String, byte @Nullable []> announcement) {
        byte[] value = announcement.value();
        if (value == null) {
            manifests.remove(announcement.key());
            log.info("polling.integrationWithdrawn: integration withdrawn domain={}", announcement.key());
            return;
        }
        try {
            var announced = deserializer.deserialize(topic, value);
            var manifest = Manifest.parse(announced.getManifest());
            manifests.put(manifest);
            log.info(
                    "polling.integrationKnown: integration known domain={} version={}",
                    manifest.domain(),
                    manifest.version());
        } catch (SerializationException | IllegalArgumentException e) {
            // The other integrations are not affected; this one stays as it was, or unknown.
            log.error(
                    "polling.integrationLoadFailed: manifest not usable domain={} offset={} reason={}",
                    announcement.key(),
                    announcement.offset(),
                    e.getMessage());
        }
    }
}
