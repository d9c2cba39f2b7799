package io.tributary.pipeline;

import io.tributary.schemas.Task;
import io.tributary.schemas.Topics;
import io.tributary.schemas.Trigger;
import io.tributary.schemas.serde.AvroSerializer;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Publishes initial tasks, as the scheduler does. */
final class PublishRuns implements AutoCloseable {

    private final Topics topics;
    private final KafkaProducer<String, Task> producer;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    PublishRuns(Topics topics, String bootstrapServers, String registryUrl) {
        this.topics = topics;
        var serializer = new AvroSerializer<Task>();
        serializer.configure(Map.of("schema.registry.url", registryUrl), false);
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "reconnect.backoff.max.ms", 200),
                new StringSerializer(),
                serializer);
    }

    /** Sends the initial task of a run. Called again, it delivers the same task twice. */
    void publish(UUID run, UUID userIntegrationId, String domain, String type, String payload) {
        Exception earlier = failure.get();
        if (earlier != null) {
            throw new AssertionError("a task could not be published", earlier);
        }
        var task = Task.newBuilder()
                .setTaskId(run)
                .setRunId(run)
                .setUserIntegrationId(userIntegrationId)
                .setUserId("user")
                .setDomain(domain)
                .setType(type)
                .setPayload(payload)
                .setOptions("{}")
                .setTrigger(Trigger.manual)
                .setCreatedAt(Instant.ofEpochMilli(0))
                .build();
        var _ = producer.send(
                new ProducerRecord<>(topics.tasks(), userIntegrationId.toString(), task), (sent, exception) -> {
                    if (exception != null) {
                        failure.set(exception);
                    }
                });
    }

    @Override
    public void close() {
        producer.close();
    }
}
