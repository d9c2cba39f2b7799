package io.tributary.edge.webhooks;

import io.tributary.edge.http.EdgeProblem;
import io.tributary.edge.http.Refused;
import io.tributary.schemas.IncomingWebhook;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.Serializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes webhooks to their topic, and returns once the brokers have confirmed. After a failure the webhook may or may
 * not be there: the provider sends it again, and the scheduler recognises the repetition. Thread safe.
 */
public final class StoreWebhook {

    private static final Logger log = LoggerFactory.getLogger(StoreWebhook.class);

    private final Producer<String, IncomingWebhook> producer;
    private final String topic;
    private final Duration timeout;

    /** @param timeout longest wait for the confirmation, after the producer has taken the record */
    public StoreWebhook(Producer<String, IncomingWebhook> producer, String topic, Duration timeout) {
        this.producer = producer;
        this.topic = topic;
        this.timeout = timeout;
    }

    /**
     * Registers the schema of webhooks before the first one: from then on, the registry may be away. If that fails, the
     * first webhook tries it again.
     */
    public static void registerSchema(Serializer<IncomingWebhook> serializer, String topic) {
        var sample = IncomingWebhook.newBuilder()
                .setWebhookId(new UUID(0, 0))
                .setEndpoint(new UUID(0, 0))
                .setDomain("")
                .setHeaders(Map.of())
                .setBody(ByteBuffer.allocate(0))
                .setReceivedAt(Instant.EPOCH)
                .build();
        try {
            serializer.serialize(topic, sample);
        } catch (KafkaException e) {
            log.warn("edge.topicWaits: the schema of webhooks is not registered yet topic={}", topic, e);
        }
    }

    /** @throws Refused Kafka has not confirmed it in time */
    void store(Endpoint endpoint, Rules rules, Received request) throws Refused {
        var record = record(endpoint, rules, request);
        UUID key = Objects.requireNonNullElse(endpoint.userIntegrationId(), record.getWebhookId());
        try {
            producer.send(new ProducerRecord<>(topic, key.toString(), record))
                    .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw notStored(endpoint, e);
        } catch (ExecutionException | TimeoutException | KafkaException | IllegalStateException e) {
            throw notStored(endpoint, e); // a closed producer throws an IllegalStateException: the service ends
        }
    }

    private static Refused notStored(Endpoint endpoint, Exception e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        log.warn(
                "webhooks.notStored: a webhook could not be stored domain={} cause={}",
                endpoint.domain(),
                cause.getClass().getSimpleName());
        return new Refused(EdgeProblem.NOT_STORED);
    }

    private static IncomingWebhook record(Endpoint endpoint, Rules rules, Received request) {
        Map<String, String> headers = new HashMap<>();
        for (String name : rules.document().headers()) {
            String value = request.header().apply(name);
            if (value != null) {
                headers.put(name, value);
            }
        }
        return IncomingWebhook.newBuilder()
                .setWebhookId(UUID.randomUUID())
                .setEndpoint(endpoint.key())
                .setUserIntegrationId(endpoint.userIntegrationId())
                .setDomain(endpoint.domain())
                .setHeaders(headers)
                .setBody(ByteBuffer.wrap(request.body()))
                .setReceivedAt(request.at())
                .build();
    }
}
