package io.tributary.sink.deadletter;

import io.tributary.schemas.DeadLetter;
import io.tributary.sink.outage.Unavailable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.springframework.kafka.core.KafkaOperations;

/**
 * Sends to the topic of dead letters. One at a time: they are rare, and the next batch must not start before this one
 * is durable.
 */
public record SendDeadLetter(KafkaOperations<byte[], DeadLetter> kafka, String topic) implements DeadLetterSink {

    @Override
    public void send(ConsumerRecord<byte[], byte[]> source, DeadLetter letter) {
        try {
            kafka.send(topic, source.key(), letter).get();
        } catch (ExecutionException e) {
            throw new Unavailable("kafka", String.valueOf(e.getMessage()), e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (KafkaException | org.springframework.kafka.KafkaException e) { // or no registry
            throw new Unavailable("kafka", String.valueOf(e.getMessage()), e);
        }
    }
}
