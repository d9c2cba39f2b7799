package io.tributary.scheduler;

import java.util.function.IntSupplier;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** The loop of the periodic steps. */
public final class Drain {

    private Drain() {}

    /**
     * Repeats a batch until one is not full, or the thread is interrupted. A failure of the database or of Kafka is
     * logged and left to the next call.
     *
     * @param full size of a full batch, 1 and up
     * @param batch does one batch and returns its size
     * @param code of the failure
     * @return the sizes of all batches together
     */
    public static int run(int full, IntSupplier batch, Logger log, String code) {
        int total = 0;
        try {
            int size;
            do {
                size = batch.getAsInt();
                total += size;
            } while (size == full && !Thread.currentThread().isInterrupted());
        } catch (DataAccessException | TransactionException | KafkaException e) {
            log.warn("scheduler.drainFailed: ended early, the next call goes on code={}", code, e);
        }
        return total;
    }
}
