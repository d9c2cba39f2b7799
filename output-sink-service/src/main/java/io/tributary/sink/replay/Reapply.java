package io.tributary.sink.replay;

import java.util.List;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What is done with the records of a topic that is read again.
 *
 * @param <T> the messages it is about
 */
public interface Reapply<T extends SpecificRecord> {

    /** Name of the topic. */
    String topic();

    /** Called once before the first message of a replay, within a transaction. The default does nothing. */
    default void begin() {}

    /** The message, where it is one that the replay is about. */
    Optional<T> of(Replay replay, SpecificRecord message);

    /**
     * Applies messages of one partition, in its order, within a transaction that the caller commits. What was applied
     * before, by a replay or in its time, changes nothing, and nothing older overwrites what is newer.
     *
     * @param messages never empty
     */
    Tally apply(Replay replay, List<Read<T>> messages);

    /** A message, and where it stands on its topic. */
    record Read<T extends SpecificRecord>(ConsumerRecord<byte[], byte[]> source, T message) {}
}
