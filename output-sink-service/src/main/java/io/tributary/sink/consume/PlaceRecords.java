package io.tributary.sink.consume;

import java.util.Collection;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Gives polled records their positions: offsets that never go back. Called by all consumer threads. */
public interface PlaceRecords {

    /** Positions are offsets. */
    PlaceRecords AS_THEY_ARE = new PlaceRecords() {
        @Override
        public List<ConsumerRecord<byte[], byte[]>> place(
                TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records, Consumer<?, ?> consumer) {
            return records;
        }

        @Override
        public void applied(TopicPartition partition, ConsumerRecord<byte[], byte[]> last, long position) {}

        @Override
        public void assigned(Collection<TopicPartition> partitions) {}
    };

    /**
     * The records with positions in place of their offsets.
     *
     * @param records polled, at least one
     * @throws io.tributary.sink.outage.Unavailable or KafkaException: an outage, poll the records again
     */
    List<ConsumerRecord<byte[], byte[]>> place(
            TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records, Consumer<?, ?> consumer);

    /**
     * Notes that records were applied.
     *
     * @param last as polled
     */
    void applied(TopicPartition partition, ConsumerRecord<byte[], byte[]> last, long position);

    /** Forgets what was known: another sink may have read the partitions meanwhile. */
    void assigned(Collection<TopicPartition> partitions);
}
