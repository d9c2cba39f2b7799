package io.tributary.edge;

import io.micrometer.core.instrument.MeterRegistry;
import io.tributary.edge.http.RateLimitFilter;
import io.tributary.edge.http.ReadBody;
import io.tributary.edge.topics.FollowTopic;
import io.tributary.edge.webhooks.Endpoints;
import io.tributary.edge.webhooks.StoreWebhook;
import io.tributary.edge.webhooks.WebhookServlet;
import io.tributary.schemas.IncomingWebhook;
import io.tributary.schemas.IntegrationManifest;
import io.tributary.schemas.Topics;
import io.tributary.schemas.WebhookEndpoint;
import io.tributary.schemas.serde.AvroDeserializer;
import io.tributary.schemas.serde.AvroSerializer;
import io.tributary.secrets.Keyset;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the edge: two compacted topics that it follows, and one that it writes. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({EdgeProperties.class, KafkaProperties.class})
class EdgeConfiguration {

    /** Longest time for which {@code send} blocks: for metadata, and for memory. */
    private static final Duration BLOCK = Duration.ofSeconds(2);

    private final EdgeProperties properties;
    private final KafkaProperties kafka;

    EdgeConfiguration(EdgeProperties properties, KafkaProperties kafka) {
        this.properties = properties;
        this.kafka = kafka;
    }

    @Bean
    Topics topics() {
        try (var admin = Admin.create(kafka.buildAdminProperties())) {
            var prepare = properties.topics().prepare();
            prepare.prepare(admin, List.of());
            return prepare.topics();
        }
    }

    @Bean
    Endpoints endpoints() {
        var file = properties.credentials().keyset();
        if (file == null) {
            throw new IllegalStateException("tributary.credentials.keyset is not set: set"
                    + " TRIBUTARY_CREDENTIALS_KEYSET to the keyset of the scheduler.");
        }
        try {
            return new Endpoints(Keyset.of(file));
        } catch (IOException | GeneralSecurityException e) {
            // Without the cause, whose message may quote a key.
            throw new IllegalStateException(
                    "The keyset " + file + " cannot be used: " + e.getClass().getSimpleName());
        }
    }

    @Bean
    FollowTopic<WebhookEndpoint> followEndpoints(Topics topics, Endpoints endpoints) {
        return new FollowTopic<>(
                topics.webhookEndpoints(), consumer(), this.<WebhookEndpoint>deserializer(), endpoints::put);
    }

    @Bean
    FollowTopic<IntegrationManifest> followManifests(Topics topics, Endpoints endpoints) {
        return new FollowTopic<>(
                topics.integrations(),
                consumer(),
                this.<IntegrationManifest>deserializer(),
                (domain, manifest) -> endpoints.putManifest(domain, manifest == null ? null : manifest.getManifest()));
    }

    /** Down until all endpoints and manifests have been read: before that, an endpoint may be unknown by mistake. */
    @Bean
    HealthIndicator topicsHealthIndicator(List<FollowTopic<?>> followed) {
        return () -> (caughtUp(followed) ? Health.up() : Health.down()).build();
    }

    private static boolean caughtUp(List<FollowTopic<?>> followed) {
        return followed.stream().allMatch(FollowTopic::caughtUp);
    }

    @Bean(destroyMethod = "close")
    Producer<String, IncomingWebhook> webhooks(Topics topics) {
        var serializer = new AvroSerializer<IncomingWebhook>();
        serializer.configure(serdeConfigs(), false);
        StoreWebhook.registerSchema(serializer, topics.webhooks());
        long timeout = properties.edge().storeTimeout().toMillis();
        Map<String, Object> configs = new HashMap<>(kafka.buildProducerProperties());
        configs.put(ProducerConfig.ACKS_CONFIG, "all");
        configs.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        // A consumer bounds what it fetches by the bytes on the topic: they must not grow when it reads them.
        configs.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none");
        configs.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.MAX_RECORD_BYTES);
        configs.put(ProducerConfig.LINGER_MS_CONFIG, 2);
        configs.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, BLOCK.toMillis());
        configs.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) (timeout / 2));
        configs.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) timeout);
        return new KafkaProducer<>(configs, new StringSerializer(), serializer);
    }

    @Bean
    ServletRegistrationBean<WebhookServlet> webhookServlet(
            Endpoints endpoints,
            List<FollowTopic<?>> followed,
            Producer<String, IncomingWebhook> producer,
            Topics topics,
            MeterRegistry meters) {
        var limits = properties.edge();
        var servlet = new WebhookServlet(
                endpoints,
                () -> caughtUp(followed),
                new ReadBody(limits.memoryMegabytes(), limits.bodyTimeout()),
                new StoreWebhook(producer, topics.webhooks(), limits.storeTimeout()),
                meters,
                Clock.systemUTC());
        return new ServletRegistrationBean<>(servlet, WebhookServlet.PREFIX + "/*", WebhookServlet.SHARED);
    }

    @Bean
    FilterRegistrationBean<RateLimitFilter> rateLimit() {
        var filter = new FilterRegistrationBean<>(new RateLimitFilter(
                properties.edge().requestsPerSecond(), properties.edge().burst()));
        filter.addUrlPatterns(WebhookServlet.PREFIX + "/*", WebhookServlet.SHARED);
        return filter;
    }

    private KafkaConsumer<String, byte @Nullable []> consumer() {
        Map<String, Object> configs = new HashMap<>(kafka.buildConsumerProperties());
        configs.remove(ConsumerConfig.GROUP_ID_CONFIG);
        configs.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        configs.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        return new KafkaConsumer<>(configs, new StringDeserializer(), new ByteArrayDeserializer());
    }

    private <T> Deserializer<T> deserializer() {
        var deserializer = new AvroDeserializer<T>();
        deserializer.configure(serdeConfigs(), false);
        return deserializer;
    }

    // spring.kafka.properties.* comes along: a registry's basic.auth.user.info, say.
    private Map<String, Object> serdeConfigs() {
        String url = properties.schemaRegistry().url();
        if (url == null || url.isBlank()) {
            throw new IllegalStateException("tributary.schema-registry.url is not set: set"
                    + " TRIBUTARY_SCHEMA_REGISTRY_URL to the base URL of the registry's Confluent API.");
        }
        var configs = new HashMap<String, Object>(kafka.getProperties());
        configs.put("schema.registry.url", url);
        return configs;
    }
}
