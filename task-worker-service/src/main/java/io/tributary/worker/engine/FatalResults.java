package io.tributary.worker.engine;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;

/**
 * The tasks of this worker whose results stopped a stream thread. The thread is replaced and executes the task again,
 * so without this memory one result would stop one thread after the other. Thread safe.
 */
public final class FatalResults {

    /** Stream threads that a task may stop before it is dead-lettered. */
    static final int MOST = 2;

    private static final int REMEMBERED = 1_000;

    private final Map<UUID, Integer> stopped = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Integer> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** The result of a task could not be settled; failures of the broker and the registry are not the task's. */
    synchronized void add(UUID taskId, RuntimeException thrown) {
        if (isOfTheResult(thrown)) {
            stopped.merge(taskId, 1, Integer::sum);
        }
    }

    private static boolean isOfTheResult(RuntimeException thrown) {
        boolean ofKafka = false;
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof RecordTooLargeException || cause instanceof SerializationException) {
                return true;
            }
            ofKafka |= cause instanceof KafkaException;
        }
        return !ofKafka;
    }

    /** Whether a task has stopped so many threads that it is to be dead-lettered. It is forgotten then. */
    synchronized boolean isPoison(UUID taskId) {
        if (stopped.isEmpty() || stopped.getOrDefault(taskId, 0) < MOST) {
            return false;
        }
        stopped.remove(taskId);
        return true;
    }
}
