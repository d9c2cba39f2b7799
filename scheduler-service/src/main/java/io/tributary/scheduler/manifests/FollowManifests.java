package io.tributary.scheduler.manifests;

import io.tributary.schemas.IntegrationManifest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Keeps the {@link Manifests} in step with the topic integrations, on a thread of its own, from the beginning of the
 * topic on. It belongs to no consumer group: every replica reads everything.
 */
final class FollowManifests implements SmartLifecycle {

    private static final Duration POLL = Duration.ofMillis(500);

    /** Wait before another try when Kafka or the registry fails. */
    private static final Duration RETRY = Duration.ofSeconds(2);

    /** Longest wait for the thread to end. */
    private static final Duration STOP = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(FollowManifests.class);

    private final String topic;
    private final Supplier<Consumer<String, byte[]>> consumers;
    private final Deserializer<IntegrationManifest> deserializer;
    private final Manifests manifests;
    private volatile CountDownLatch stopped = new CountDownLatch(0);
    private volatile @Nullable Thread thread;

    FollowManifests(
            String topic,
            Supplier<Consumer<String, byte[]>> consumers,
            Deserializer<IntegrationManifest> deserializer,
            Manifests manifests) {
        this.topic = topic;
        this.consumers = consumers;
        this.deserializer = deserializer;
        this.manifests = manifests;
    }

    @Override
    public void start() {
        stopped = new CountDownLatch(1);
        thread = Thread.ofPlatform().name("manifests").daemon().start(this::run);
    }

    @Override
    public void stop() {
        stopped.countDown();
        Thread following = thread;
        if (following == null) {
            return;
        }
        try {
            following.join(STOP);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return stopped.getCount() > 0;
    }

    private void run() {
        while (isRunning()) {
            try (var consumer = consumers.get()) {
                follow(consumer);
            } catch (KafkaException e) {
                log.warn("manifests not read, trying again topic={} reason={}", topic, e.toString());
                pause();
            }
        }
    }

    private void follow(Consumer<String, byte[]> consumer) {
        var partitions = consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        var ends = consumer.endOffsets(partitions);
        while (isRunning()) {
            for (var announcement : consumer.poll(POLL)) {
                apply(announcement);
            }
            if (!manifests.caughtUp() && hasReached(ends, partitions, consumer)) {
                manifests.markCaughtUp();
                log.info("manifests read integrations={}", manifests.all().size());
            }
        }
    }

    private static boolean hasReached(
            Map<TopicPartition, Long> ends, List<TopicPartition> partitions, Consumer<?, ?> consumer) {
        return partitions.stream()
                .allMatch(partition -> consumer.position(partition) >= ends.getOrDefault(partition, 0L));
    }

    private void apply(ConsumerRecord<String, byte[]> announcement) {
        if (announcement.value() == null) {
            manifests.remove(announcement.key());
            log.info("integration withdrawn domain={}", announcement.key());
            return;
        }
        try {
            // When the registry is away this throws a TimeoutException, and all is read again.
            var announced = deserializer.deserialize(topic, announcement.value());
            var manifest = Manifest.parse(announced.getManifest());
            manifests.put(manifest);
            log.info("integration known domain={} version={}", manifest.domain(), manifest.version());
        } catch (SerializationException | IllegalArgumentException e) {
            // The other integrations are as good as before; this one stays as it was, or unknown.
            log.warn(
                    "manifest not usable code=polling.integrationLoadFailed domain={} offset={} reason={}",
                    announcement.key(),
                    announcement.offset(),
                    e.getMessage());
        }
    }

    private void pause() {
        try {
            stopped.await(RETRY.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            stopped.countDown();
        }
    }
}
