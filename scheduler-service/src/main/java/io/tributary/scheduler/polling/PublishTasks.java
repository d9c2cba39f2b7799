package io.tributary.scheduler.polling;

import io.tributary.scheduler.polling.Publication.Postponed;
import io.tributary.scheduler.polling.Publication.Published;
import io.tributary.scheduler.polling.Publication.Refused;
import io.tributary.schemas.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;

/** Publishes initial tasks, keyed by user integration. */
final class PublishTasks implements TaskTopic {

    private final Producer<String, SpecificRecord> producer;
    private final String topic;

    PublishTasks(Producer<String, SpecificRecord> producer, String topic) {
        this.producer = producer;
        this.topic = topic;
    }

    @Override
    public List<Publication> publish(List<Task> tasks) {
        var sent = new ArrayList<Future<RecordMetadata>>();
        for (Task task : tasks) {
            var sending = send(task);
            sent.add(sending);
            if (isHopeless(sending)) {
                break; // the next send would wait as long, in vain
            }
        }
        producer.flush();
        var publications = new ArrayList<Publication>();
        sent.forEach(sending -> publications.add(await(sending)));
        while (publications.size() < tasks.size()) {
            publications.add(new Postponed("an earlier task could not be sent"));
        }
        return publications;
    }

    private Future<RecordMetadata> send(Task task) {
        try {
            return producer.send(
                    new ProducerRecord<>(topic, task.getUserIntegrationId().toString(), task));
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static boolean isHopeless(Future<RecordMetadata> sending) {
        return sending.state() == Future.State.FAILED && !(sending.exceptionNow() instanceof RecordTooLargeException);
    }

    private static Publication await(Future<RecordMetadata> sending) {
        try {
            sending.get(); // flush() waited already: this does not block
            return new Published();
        } catch (ExecutionException e) {
            return e.getCause() instanceof RecordTooLargeException tooLarge
                    ? new Refused(String.valueOf(tooLarge.getMessage()))
                    : new Postponed(String.valueOf(e.getCause()));
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
