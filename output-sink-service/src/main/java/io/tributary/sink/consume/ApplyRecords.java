package io.tributary.sink.consume;

import io.tributary.sink.outage.Unavailable;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Applies the records of a topic. */
@FunctionalInterface
public interface ApplyRecords {

    /**
     * Makes the records durable, or dead-letters those that cannot be applied. Several threads call it, each with its
     * own partitions. Records that were applied before change nothing.
     *
     * @param records of one partition, in its order, never empty
     * @throws Unavailable some or all were not applied: the caller passes all of them again later
     */
    void apply(List<ConsumerRecord<byte[], byte[]>> records);
}
