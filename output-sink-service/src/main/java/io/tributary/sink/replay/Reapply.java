package io.tributary.sink.replay;

import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Applies the records of a topic that a replay reads again. */
public interface Reapply {

    /** Name of the topic. */
    String topic();

    /** Called once before the first message of a replay, within a transaction. The default does nothing. */
    default void begin(Replay replay) {}

    /** Whether the replay covers the message. */
    boolean concerns(Replay replay, SpecificRecord message);

    /**
     * Applies messages of one partition, in its order, within a transaction that the caller commits. A message that was
     * applied before changes nothing, and an older message never overwrites a newer item.
     *
     * @param messages never empty
     */
    Tally apply(Replay replay, List<Read> messages);

    /** A message with its position on its topic. */
    record Read(ConsumerRecord<byte[], byte[]> source, SpecificRecord message) {}
}
