package io.tributary.scheduler.kafka;

import java.util.List;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * A table whose rows go to a topic in their order.
 *
 * @param <R> a row that waits
 */
public interface OrderedOutbox<R> {

    /** Number of the advisory lock of the replica that publishes: any number that no other lock has. */
    long lock();

    /** Code of a failure in the log. */
    String failureCode();

    String topic();

    /** The rows that have waited longest, in their order. */
    List<R> next(int batch);

    /** The key of the record: the user integration, except on compacted topics. */
    UUID userIntegrationId(R row);

    /** The record; null deletes its key from a compacted topic. */
    @Nullable
    SpecificRecord message(R row);

    /** Removes or marks rows that are on the topic; called in the transaction that read them. */
    void published(List<R> rows);
}
