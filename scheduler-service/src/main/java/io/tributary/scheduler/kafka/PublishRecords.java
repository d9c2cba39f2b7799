package io.tributary.scheduler.kafka;

import io.tributary.scheduler.kafka.Publication.Postponed;
import io.tributary.scheduler.kafka.Publication.Published;
import io.tributary.scheduler.kafka.Publication.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.stereotype.Component;

/**
 * Publishes batches of records, keyed by user integration, in their order. A batch waits once for the broker, up to the
 * producer's delivery timeout. Safe to use from several threads.
 */
@Component
public record PublishRecords(KafkaTemplate<String, SpecificRecord> kafka) {

    /**
     * Publishes records that are independent of each other: one that is too large does not stop the next ones.
     *
     * @return one publication a record, in the same order
     */
    public <T extends SpecificRecord> List<Publication> publish(String topic, List<T> records, Function<T, UUID> key) {
        return publish(topic, records, key, it -> it, failure -> !(failure instanceof RecordTooLargeException));
    }

    /**
     * Publishes the messages of rows, none of which may be on the topic without the earlier ones.
     *
     * @return one publication a row, in the same order
     */
    <T> List<Publication> publishInOrder(
            String topic, List<T> rows, Function<T, UUID> key, Function<T, @Nullable SpecificRecord> message) {
        return publish(topic, rows, key, message, _ -> true);
    }

    private <T> List<Publication> publish(
            String topic,
            List<T> rows,
            Function<T, UUID> key,
            Function<T, ? extends @Nullable SpecificRecord> message,
            Predicate<Throwable> stops) {
        var sent = new ArrayList<CompletableFuture<?>>();
        for (T next : rows) {
            var sending = send(topic, key.apply(next).toString(), message.apply(next));
            sent.add(sending);
            if (sending.state() == Future.State.FAILED && stops.test(causeOf(sending))) {
                break; // the next record would wait as long, in vain
            }
        }
        kafka.flush(); // completes all of them
        var publications = new ArrayList<Publication>();
        sent.forEach(sending -> publications.add(publication(sending)));
        while (publications.size() < rows.size()) {
            publications.add(new Postponed("an earlier record could not be sent"));
        }
        return publications;
    }

    private CompletableFuture<?> send(String topic, String key, @Nullable SpecificRecord value) {
        try {
            return kafka.send(topic, key, value);
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException | org.springframework.kafka.KafkaException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static Publication publication(CompletableFuture<?> sending) {
        if (sending.state() == Future.State.SUCCESS) {
            return new Published();
        }
        Throwable cause = causeOf(sending);
        return cause instanceof RecordTooLargeException
                ? new Refused(String.valueOf(cause.getMessage()))
                : new Postponed(String.valueOf(cause));
    }

    private static Throwable causeOf(CompletableFuture<?> failed) {
        Throwable thrown = failed.exceptionNow();
        return thrown instanceof org.springframework.kafka.KafkaException && thrown.getCause() != null
                ? thrown.getCause()
                : thrown;
    }
}
