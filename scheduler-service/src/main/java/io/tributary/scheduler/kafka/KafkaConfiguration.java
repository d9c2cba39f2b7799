package io.tributary.scheduler.kafka;

import io.tributary.scheduler.CannotStart;
import io.tributary.schemas.IncomingWebhook;
import io.tributary.schemas.IntegrationManifest;
import io.tributary.schemas.PrepareTopics;
import io.tributary.schemas.Topics;
import io.tributary.schemas.TopicsException;
import io.tributary.schemas.serde.AvroDeserializer;
import io.tributary.schemas.serde.AvroSerializer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.core.ProducerFactory;

/** The topics, the template that publishes to them, and the serde. */
@Configuration(proxyBeanMethods = false)
class KafkaConfiguration {

    /** Longest wait for the broker to take a record, including the producer's own retries. */
    private static final Duration DELIVERY = Duration.ofSeconds(10);

    /** Longest wait for the broker to answer one request, and for the producer to know the topic. */
    private static final Duration REQUEST = Duration.ofSeconds(5);

    /**
     * The topics; they exist once this bean does. Spring's KafkaAdmin does not create them, since it would also add
     * partitions to existing topics, which needs drained stores.
     */
    @Bean
    Topics topics(TopicsProperties properties, KafkaProperties kafka) {
        PrepareTopics prepare = properties.prepare();
        try (var admin = Admin.create(kafka.buildAdminProperties())) {
            prepare.prepare(admin, List.of());
        } catch (TopicsException e) {
            throw new CannotStart(e.code() + ": " + e.reason(), e.action(), e);
        } catch (KafkaException e) {
            String reason = String.valueOf(e.getCause() == null ? e.getMessage() : e.getCause());
            throw new CannotStart(
                    "The topics " + properties.prefix() + ".* cannot be created on Kafka at "
                            + kafka.getBootstrapServers() + ": " + reason + ".",
                    "Check that the broker is up, and SPRING_KAFKA_BOOTSTRAP_SERVERS.",
                    e);
        }
        return prepare.topics();
    }

    /** Shares one producer; replaces it after a fatal error. */
    @Bean
    ProducerFactory<String, SpecificRecord> producers(KafkaProperties kafka, SchemaRegistryProperties registry) {
        var serializer = new AvroSerializer<SpecificRecord>();
        serializer.configure(serdeConfigs(kafka, registry), false);
        var configs = kafka.buildProducerProperties();
        configs.put(ProducerConfig.ACKS_CONFIG, "all");
        configs.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        configs.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        configs.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.MAX_RECORD_BYTES);
        configs.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        configs.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, (int) REQUEST.toMillis());
        configs.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) REQUEST.toMillis());
        configs.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) DELIVERY.toMillis());
        return new DefaultKafkaProducerFactory<>(configs, new StringSerializer(), serializer, false);
    }

    @Bean
    KafkaTemplate<String, SpecificRecord> kafkaTemplate(ProducerFactory<String, SpecificRecord> producers) {
        return new KafkaTemplate<>(producers);
    }

    @Bean
    Deserializer<IntegrationManifest> manifestDeserializer(KafkaProperties kafka, SchemaRegistryProperties registry) {
        var deserializer = new AvroDeserializer<IntegrationManifest>();
        deserializer.configure(serdeConfigs(kafka, registry), false);
        return deserializer;
    }

    @Bean
    Deserializer<IncomingWebhook> webhookDeserializer(KafkaProperties kafka, SchemaRegistryProperties registry) {
        var deserializer = new AvroDeserializer<IncomingWebhook>();
        deserializer.configure(serdeConfigs(kafka, registry), false);
        return deserializer;
    }

    // spring.kafka.properties.* comes along: a registry's basic.auth.user.info, say.
    private static Map<String, Object> serdeConfigs(KafkaProperties kafka, SchemaRegistryProperties registry) {
        if (registry.url() == null || registry.url().isBlank()) {
            throw new CannotStart(
                    "tributary.schema-registry.url is not set: no message can be written or read.",
                    "Set TRIBUTARY_SCHEMA_REGISTRY_URL to the base URL of the registry's Confluent API.",
                    null);
        }
        var configs = new HashMap<String, Object>(kafka.getProperties());
        configs.put("schema.registry.url", registry.url());
        return configs;
    }
}
