package io.tributary.sink.consume;

import io.tributary.sink.consume.DescribeTopics.Description;
import io.tributary.sink.postgres.Postgres;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the positions of topics in Postgres, together with the id of each topic. It notices a topic that was created
 * again, another cluster in place of the first one, and a log that was restored without its end. Postgres still knows
 * the offsets of the records before: without a new base, a sink would skip new records as applied before.
 *
 * <p>It looks when a partition is assigned, and when polled offsets go back.
 *
 * @param describe asks the broker about a topic, by name
 */
public record TopicPositions(
        Postgres postgres, Function<String, Description> describe, Clock clock, Map<TopicPartition, Known> known)
        implements PlaceRecords {

    /** Code of offsets that went back. */
    public static final String WENT_BACK = "sink.offsetsWentBack";

    private static final Logger log = LoggerFactory.getLogger(TopicPositions.class);

    /** How often the position of a busy partition is stored. */
    private static final Duration STORE_EVERY = Duration.ofSeconds(1);

    private static final String FIRST = """
        insert into topic_position (topic, kafka_partition, topic_id) values (?, ?, ?)
        on conflict do nothing\
        """;

    private static final String PARTITIONS =
            "insert into topic_partitions (topic, partitions) values (?, ?) on conflict do nothing";

    private static final String LOCK = """
        select topic_id, base, reached, reached_at, before, before_reached from topic_position
         where topic = ? and kafka_partition = ? for update\
        """;

    private static final String REPLACE = """
        update topic_position
           set topic_id = :topicId, base = :base, before = :before, before_reached = :reached, since = now()
         where topic = :topic and kafka_partition = :partition\
        """;

    private static final String REACHED = """
        update topic_position set reached = :position, reached_at = :sentAt
         where topic = :topic and kafka_partition = :partition and reached < :position\
        """;

    private static final String PLACEMENTS =
            "select kafka_partition, base, before, before_reached from topic_position where topic = ?";

    public TopicPositions(Postgres postgres, Function<String, Description> describe, Clock clock) {
        this(postgres, describe, clock, new ConcurrentHashMap<>());
    }

    /**
     * A partition of this sink.
     *
     * @param last offset of the last applied record; -1: none yet
     */
    record Known(Placement placement, long last, Instant storedAt) {}

    private record Stored(
            String topicId,
            long base,
            long reached,
            @Nullable Instant reachedAt,
            @Nullable Instant before,
            long beforeReached) {

        Placement placement() {
            return new Placement(base, before, beforeReached);
        }
    }

    private record New(
            String topic,
            int partition,
            String topicId,
            long base,
            @Nullable Instant before,
            long reached) {}

    private record Reached(String topic, int partition, long position, Instant sentAt) {}

    @Override
    public List<ConsumerRecord<byte[], byte[]>> place(
            TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records, Consumer<?, ?> consumer) {
        Known now = known.get(partition);
        if (now == null || records.getFirst().offset() <= now.last()) {
            now = look(partition, consumer);
            known.put(partition, now);
        }
        Placement placement = now.placement();
        return placement.base() == 0
                ? records
                : records.stream().map(placement::place).toList();
    }

    @Override
    public void applied(TopicPartition partition, ConsumerRecord<byte[], byte[]> last, long position) {
        Known before = known.get(partition); // this thread alone has the partition
        if (before == null) {
            return;
        }
        Instant now = clock.instant();
        boolean store = !now.isBefore(before.storedAt().plus(STORE_EVERY));
        if (store) {
            Instant sentAt = Instant.ofEpochMilli(last.timestamp());
            var reached = new Reached(partition.topic(), partition.partition(), position, sentAt);
            postgres.run(() -> postgres.sql(REACHED, reached).update());
        }
        known.put(partition, new Known(before.placement(), last.offset(), store ? now : before.storedAt()));
    }

    @Override
    public void assigned(Collection<TopicPartition> partitions) {
        partitions.forEach(known::remove);
    }

    /** The placements of a topic's partitions, for a replay; a partition that no sink has read has none. */
    public Map<Integer, Placement> of(String topic) {
        return postgres.get(() -> {
            Map<Integer, Placement> placements = new HashMap<>();
            postgres.sql(PLACEMENTS).param(topic).query(row -> {
                var before = row.getTimestamp("before");
                placements.put(
                        row.getInt("kafka_partition"),
                        new Placement(
                                row.getLong("base"),
                                before == null ? null : before.toInstant(),
                                row.getLong("before_reached")));
            });
            return placements;
        });
    }

    private Known look(TopicPartition partition, Consumer<?, ?> consumer) {
        Description topic = describe.apply(partition.topic());
        String id = topic.id();
        long end = consumer.endOffsets(Set.of(partition)).getOrDefault(partition, 0L);
        return postgres.get(() -> {
            postgres.sql(PARTITIONS)
                    .params(partition.topic(), topic.partitions())
                    .update();
            postgres.sql(FIRST)
                    .params(partition.topic(), partition.partition(), id)
                    .update();
            Stored stored = postgres.sql(LOCK)
                    .params(partition.topic(), partition.partition())
                    .query(Stored.class)
                    .single();
            boolean sameLog = stored.topicId().equals(id) && stored.base() + end > stored.reached();
            Placement placement = sameLog ? stored.placement() : replace(partition, id, end, stored);
            return new Known(placement, -1, Instant.MIN);
        });
    }

    private Placement replace(TopicPartition partition, String id, long end, Stored stored) {
        Instant lastSentAt = stored.reachedAt() == null ? Instant.EPOCH : stored.reachedAt();
        Placement placement = Placement.after(stored.reached(), lastSentAt);
        log.error(
                "sink.offsetsWentBack: the topic was created again, or its log was restored without its end; records"
                        + " that no sink had read are lost, and their runs end by their deadline topic={} partition={}"
                        + " topicId={} earlierTopicId={} end={} reached={} base={}",
                WENT_BACK,
                partition.topic(),
                partition.partition(),
                id,
                stored.topicId(),
                end,
                stored.reached(),
                placement.base());
        postgres.sql(
                        REPLACE,
                        new New(
                                partition.topic(),
                                partition.partition(),
                                id,
                                placement.base(),
                                placement.before(),
                                placement.reached()))
                .update();
        return placement;
    }
}
