package io.tributary.sink.consume;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What is done with the records of a topic. */
@FunctionalInterface
public interface ApplyRecords {

    /**
     * Makes the records durable, or sets aside what cannot be. Called by several threads, each with partitions of its
     * own; may get records again that were applied before, and then changes nothing.
     *
     * @param records of one partition, in its order, never empty
     * @throws Unavailable some or all were not applied: the caller gives all of them again later
     */
    void apply(List<ConsumerRecord<byte[], byte[]>> records);
}
