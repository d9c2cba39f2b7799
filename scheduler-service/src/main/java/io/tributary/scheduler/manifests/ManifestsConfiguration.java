package io.tributary.scheduler.manifests;

import io.tributary.schemas.IntegrationManifest;
import io.tributary.schemas.Topics;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The manifests, and what keeps them in step. */
@Configuration(proxyBeanMethods = false)
class ManifestsConfiguration {

    @Bean
    Manifests manifests() {
        return new Manifests();
    }

    @Bean
    FollowManifests followManifests(
            Topics topics, KafkaProperties kafka, Deserializer<IntegrationManifest> deserializer, Manifests manifests) {
        var configs = kafka.buildConsumerProperties();
        configs.remove(ConsumerConfig.GROUP_ID_CONFIG);
        configs.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        return new FollowManifests(
                topics.integrations(),
                () -> new KafkaConsumer<>(configs, new StringDeserializer(), new ByteArrayDeserializer()),
                deserializer,
                manifests);
    }

    /** Part of the readiness group, by this name. */
    @Bean
    ManifestsHealth manifestsHealthIndicator(Manifests manifests) {
        return new ManifestsHealth(manifests);
    }
}
