package io.tributary.sink.deadletter;

import io.tributary.schemas.DeadLetter;
import io.tributary.sink.consume.Unavailable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/** Sends to the topic of dead letters. One at a time: letters are rare, and the next batch needs this one safe. */
public final class SendDeadLetter implements SetAside {

    private final Producer<byte[], DeadLetter> producer;
    private final String topic;

    public SendDeadLetter(Producer<byte[], DeadLetter> producer, String topic) {
        this.producer = producer;
        this.topic = topic;
    }

    @Override
    public void put(ConsumerRecord<byte[], byte[]> source, DeadLetter letter) {
        try {
            producer.send(new ProducerRecord<>(topic, source.key(), letter)).get();
        } catch (ExecutionException e) {
            throw new Unavailable("kafka", String.valueOf(e.getMessage()), e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (KafkaException e) {
            throw new Unavailable(
                    "kafka", String.valueOf(e.getMessage()), e); // the schema registry's absence among them
        }
    }
}
