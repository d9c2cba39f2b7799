package io.tributary.scheduler.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.tributary.scheduler.kafka.Publication.Postponed;
import io.tributary.scheduler.kafka.Publication.Published;
import io.tributary.scheduler.kafka.Publication.Refused;
import io.tributary.schemas.Task;
import io.tributary.schemas.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.mock.MockProducerFactory;

class PublishRecordsTest {

    private static final List<Task> THREE =
            Stream.generate(PublishRecordsTest::task).limit(3).toList();

    private final ScriptedProducer producer = new ScriptedProducer();
    private final PublishRecords publish =
            new PublishRecords(new KafkaTemplate<>(new MockProducerFactory<>(() -> producer)));

    @Test
    void keysTasksByUserIntegration() {
        assertThat(publish(THREE)).containsOnly(new Published()).hasSize(3);

        assertThat(producer.history())
                .extracting(ProducerRecord::topic, ProducerRecord::key, ProducerRecord::value)
                .containsExactlyElementsOf(THREE.stream()
                        .map(task ->
                                tuple("sync.tasks", task.getUserIntegrationId().toString(), task))
                        .toList());
    }

    @Test
    void refusesOnlyTheTaskThatIsTooLarge() {
        producer.answers(null, new RecordTooLargeException("9 MB"), null);

        assertThat(publish(THREE)).containsExactly(new Published(), new Refused("9 MB"), new Published());
    }

    @Test
    void waitsOnceForABrokerThatDoesNotAnswer() {
        producer.answers(null, new TimeoutException("no metadata"), null);

        assertThat(publish(THREE)).hasExactlyElementsOfTypes(Published.class, Postponed.class, Postponed.class);
        assertThat(producer.sends).isEqualTo(2);
    }

    @Test
    void postponesWhatCannotBeSerializedNow() {
        producer.answers(new SerializationException("registry down"));

        assertThat(publish(THREE)).hasOnlyElementsOfType(Postponed.class).hasSize(3);
        assertThat(producer.sends).isEqualTo(1);
    }

    @Test
    void publishesNothingAfterARecordThatFailsWhereTheOrderMatters() {
        producer.answers(null, new RecordTooLargeException("9 MB"), null);

        assertThat(publish.publishInOrder("sync.events", THREE, Task::getUserIntegrationId, task -> task))
                .hasExactlyElementsOfTypes(Published.class, Refused.class, Postponed.class);
        assertThat(producer.sends).isEqualTo(2);
    }

    private List<Publication> publish(List<Task> tasks) {
        return publish.publish("sync.tasks", tasks, Task::getUserIntegrationId);
    }

    private static Task task() {
        return Task.newBuilder()
                .setTaskId(UUID.randomUUID())
                .setRunId(UUID.randomUUID())
                .setUserIntegrationId(UUID.randomUUID())
                .setUserId("ann")
                .setDomain("hello")
                .setType("list")
                .setPayload("{}")
                .setOptions("{}")
                .setTrigger(Trigger.schedule)
                .setCreatedAt(Instant.EPOCH)
                .build();
    }

    /** Fails the sends it was told to, the way Kafka's own does. */
    private static final class ScriptedProducer extends MockProducer<String, SpecificRecord> {

        private final Queue<Optional<RuntimeException>> script = new ArrayDeque<>();
        private int sends;

        ScriptedProducer() {
            super(true, null, new StringSerializer(), (_, _) -> new byte[0]);
        }

        void answers(@Nullable RuntimeException... failures) {
            for (var failure : failures) {
                script.add(Optional.ofNullable(failure));
            }
        }

        @Override
        public void close(Duration timeout) {
            // The template closes its producer after each use; the service's factory keeps it open.
        }

        @Override
        public synchronized Future<RecordMetadata> send(
                ProducerRecord<String, SpecificRecord> task, @Nullable Callback callback) {
            sends++;
            var failure = script.isEmpty() ? Optional.<RuntimeException>empty() : script.remove();
            if (failure.isEmpty()) {
                return super.send(task, callback);
            }
            if (failure.get() instanceof SerializationException thrown) {
                throw thrown;
            }
            return CompletableFuture.failedFuture(failure.get());
        }
    }
}
