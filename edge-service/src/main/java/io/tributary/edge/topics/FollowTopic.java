package io.tributary.edge.topics;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Reads a compacted topic from its beginning and follows it, on a thread of its own. It has no consumer group and
 * commits nothing. While Kafka or the registry is away, what it has read so far stays, and it goes on later.
 *
 * @param <V> the records
 */
public final class FollowTopic<V> implements SmartLifecycle {

    private static final Duration POLL = Duration.ofMillis(500);

    /** Wait before another try when Kafka or the registry fails. */
    private static final Duration RETRY = Duration.ofSeconds(2);

    private static final Logger log = LoggerFactory.getLogger(FollowTopic.class);

    private final String topic;
    private final Consumer<String, byte @Nullable []> consumer;
    private final Deserializer<V> deserializer;
    private final BiConsumer<String, @Nullable V> apply;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile boolean running;
    private volatile boolean caughtUp;

    /**
     * @param apply takes each record by its key; null: the key is deleted. When it throws, the record is logged, and
     *     changes nothing
     */
    public FollowTopic(
            String topic,
            Consumer<String, byte @Nullable []> consumer,
            Deserializer<V> deserializer,
            BiConsumer<String, @Nullable V> apply) {
        this.topic = topic;
        this.consumer = consumer;
        this.deserializer = deserializer;
        this.apply = apply;
    }

    /** Whether everything that was on the topic at the start has been read. */
    public boolean caughtUp() {
        return caughtUp;
    }

    @Override
    public void start() {
        running = true; // before the thread looks at it
        Thread.ofPlatform().name("follow-" + topic).daemon().start(this::run);
    }

    /** Ends the thread for good. */
    @Override
    public void stop() {
        running = false;
        stopped.countDown();
        consumer.wakeup();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private void run() {
        try (consumer) {
            boolean assigned = false;
            while (running) {
                try {
                    if (!assigned) {
                        assign();
                        assigned = true;
                    }
                    for (var record : consumer.poll(POLL)) {
                        applyUntilDone(record);
                    }
                    checkCaughtUp();
                } catch (WakeupException _) {
                    // stop() ends the loop
                } catch (RuntimeException e) { // whatever it is, endpoints must not stay as they are for good
                    log.warn("edge.topicWaits: a topic cannot be followed, it is tried again topic={}", topic, e);
                    pause();
                }
            }
        }
    }

    private void assign() {
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    private void checkCaughtUp() {
        if (!caughtUp
                && consumer.assignment().stream()
                        .allMatch(partition -> consumer.currentLag(partition).orElse(1) == 0)) {
            caughtUp = true;
        }
    }

    /** Applies a record; while the registry is away, tries again. */
    private void applyUntilDone(ConsumerRecord<String, byte @Nullable []> record) {
        while (running) {
            try {
                byte[] value = record.value();
                apply.accept(record.key(), value == null ? null : deserializer.deserialize(topic, value));
                return;
            } catch (SerializationException e) {
                logUnusable(record, e);
                return;
            } catch (KafkaException e) {
                log.warn("edge.topicWaits: a record cannot be read, it is tried again topic={}", topic, e);
                pause();
            } catch (RuntimeException e) { // one record must not end the thread
                logUnusable(record, e);
                return;
            }
        }
    }

    /** Without its message, which may quote the record. */
    private void logUnusable(ConsumerRecord<String, byte @Nullable []> record, RuntimeException e) {
        log.error(
                "edge.recordUnusable: a record cannot be used topic={} offset={} key={} reason={}",
                topic,
                record.offset(),
                record.key(),
                e.getClass().getSimpleName());
    }

    private void pause() {
        try {
            boolean _ = stopped.await(RETRY.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
