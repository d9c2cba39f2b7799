package io.tributary.sink.deadletter;

import io.tributary.schemas.DeadLetter;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Accepts the dead letters of records that the sink cannot apply. */
@FunctionalInterface
public interface DeadLetterSink {

    /**
     * Returns when the dead letter is durable. The sink may send the same one again after a crash.
     *
     * @param source the record on its topic; the dead letter has the same key
     * @throws io.tributary.sink.outage.Unavailable the letter may not have been written: try again later
     */
    void send(ConsumerRecord<byte[], byte[]> source, DeadLetter letter);
}
