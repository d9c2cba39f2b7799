package io.tributary.sink.maintenance;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * Asks the broker when the oldest record on a topic was sent, whatever the topic's retention is, and however late the
 * broker applies it. The answer is cached for {@value #FRESH_MINUTES} minutes, in which the time can only be too old.
 * For one thread.
 */
public final class OldestRecord implements Supplier<Instant> {

    private static final long FRESH_MINUTES = 10;
    private static final Duration FRESH = Duration.ofMinutes(FRESH_MINUTES);

    private final Supplier<Admin> connect;
    private final String topic;
    private final Clock clock;
    private @Nullable Known known;

    public OldestRecord(Supplier<Admin> connect, String topic, Clock clock) {
        this.connect = connect;
        this.topic = topic;
        this.clock = clock;
    }

    /**
     * Returns the time; now, if there is no record.
     *
     * @throws KafkaException Kafka cannot be reached: try again
     */
    @Override
    public Instant get() {
        Instant now = clock.instant();
        Known before = known;
        if (before == null || before.at().plus(FRESH).isBefore(now)) {
            before = new Known(ask(now), now);
            known = before;
        }
        return before.oldest();
    }

    private Instant ask(Instant now) {
        try (Admin admin = connect.get()) {
            var topics = admin.describeTopics(List.of(topic)).allTopicNames().get();
            Map<TopicPartition, OffsetSpec> first = topics.values().stream()
                    .flatMap(description -> description.partitions().stream())
                    .collect(Collectors.toMap(
                            partition -> new TopicPartition(topic, partition.partition()),
                            partition -> OffsetSpec.forTimestamp(0)));
            return admin.listOffsets(first).all().get().values().stream()
                    .filter(found -> found.offset() >= 0)
                    .map(found -> Instant.ofEpochMilli(found.timestamp()))
                    .min(Instant::compareTo)
                    .orElse(now);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw new KafkaException("cannot ask for the oldest record of " + topic, e.getCause());
        }
    }

    private record Known(Instant oldest, Instant at) {}
}
