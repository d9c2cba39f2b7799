package io.tributary.sink.deadletter;

import io.tributary.schemas.DeadLetter;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Where records go that the sink cannot apply. */
@FunctionalInterface
public interface SetAside {

    /**
     * Returns when the letter is safe. The sink may set the same record aside again after a crash.
     *
     * @param source the record as it stood on its topic; its key becomes the letter's
     * @throws io.tributary.sink.consume.Unavailable the letter may not have been written: try again later
     */
    void put(ConsumerRecord<byte[], byte[]> source, DeadLetter letter);
}
