package io.tributary.sink.consume;

import io.tributary.sink.outage.Outages;
import io.tributary.sink.outage.Outages.Outage;
import io.tributary.sink.outage.Unavailable;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.listener.BatchListenerFailedException;
import org.springframework.kafka.listener.BatchMessageListener;
import org.springframework.kafka.support.Acknowledgment;

/**
 * Applies polled records, one partition after the other. The listener container commits offsets after the records are
 * durable. After a crash or a rebalance, some records are polled again, and applying them again changes nothing.
 *
 * <p>If the records of a partition cannot be applied, {@link TryAgainLater} commits the partitions before it, and has
 * its records and all others polled again later. No failure skips a record.
 *
 * @param topics topics to read, each with the application of its records
 * @param placeRecords gives the records their positions
 * @param metrics of the same topics
 * @param progress learns when a thread applies records
 */
public record ConsumeTopics(
        Map<String, ApplyRecords> topics,
        PlaceRecords placeRecords,
        TopicMetrics metrics,
        SinkProgress progress,
        Outages outages)
        implements BatchMessageListener<byte[], byte[]> {

    private static final Logger log = LoggerFactory.getLogger(ConsumeTopics.class);

    public ConsumeTopics {
        topics = Map.copyOf(topics);
    }

    /** Of the container with this listener. */
    ConsumerRebalanceListener rebalanceListener() {
        return new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                metrics.revoked(partitions);
            }

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                placeRecords.assigned(partitions);
            }
        };
    }

    @Override
    public boolean wantsPollResult() {
        return true;
    }

    @Override
    public void onMessage(
            ConsumerRecords<byte[], byte[]> polled,
            @Nullable Acknowledgment acknowledgment,
            Consumer<byte[], byte[]> consumer) {
        progress.begins();
        try {
            applyAll(polled, consumer);
        } finally {
            progress.ends();
        }
    }

    private void applyAll(ConsumerRecords<byte[], byte[]> polled, Consumer<byte[], byte[]> consumer) {
        for (TopicPartition partition : polled.partitions()) {
            var records = polled.records(partition);
            long began = System.nanoTime();
            metrics.begins(partition, records, consumer);
            try {
                var placed = placeRecords.place(partition, records, consumer);
                Objects.requireNonNull(topics.get(partition.topic()), "subscribed")
                        .apply(placed);
                placeRecords.applied(
                        partition, records.getLast(), placed.getLast().offset());
                metrics.applied(partition, records, began);
            } catch (Unavailable e) {
                metrics.failed();
                Outage outage = outages.failed(e.what());
                log.warn(
                        "sink.waiting: the records are read again after the outage waitsFor={} attempts={} cause={}",
                        outage.waitsFor(),
                        outage.attempts(),
                        e.getMessage());
                throw failure(e, records.getFirst());
            } catch (RuntimeException e) {
                metrics.failed();
                outages.failed("sink");
                log.error(
                        "sink.consumerFailed: records cannot be applied, trying again topic={} partition={} offset={}",
                        partition.topic(),
                        partition.partition(),
                        records.getFirst().offset(),
                        e);
                throw failure(e, records.getFirst());
            }
        }
        outages.over();
    }

    /** Never called: the container passes the result of each poll. */
    @Override
    public void onMessage(List<ConsumerRecord<byte[], byte[]>> records) {
        throw new UnsupportedOperationException("wants the poll's result");
    }

    private static BatchListenerFailedException failure(RuntimeException cause, ConsumerRecord<byte[], byte[]> first) {
        return new BatchListenerFailedException("not applied", cause, first);
    }
}
