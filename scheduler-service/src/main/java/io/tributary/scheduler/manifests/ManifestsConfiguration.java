package io.tributary.scheduler.manifests;

import io.tributary.schemas.IntegrationManifest;
import io.tributary.schemas.Topics;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.listener.KafkaMessageListenerContainer;

/** The manifests, and the container that keeps them in step with their topic. */
@Configuration(proxyBeanMethods = false)
class ManifestsConfiguration {

    @Bean
    FollowManifests followManifests(
            Topics topics, Deserializer<IntegrationManifest> deserializer, Manifests manifests) {
        return new FollowManifests(topics.integrations(), deserializer, manifests);
    }

    @Bean
    KafkaMessageListenerContainer<String, byte @Nullable []> manifestsContainer(
            FollowManifests follow, KafkaProperties kafka) {
        var configs = kafka.buildConsumerProperties();
        configs.remove(ConsumerConfig.GROUP_ID_CONFIG);
        configs.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        configs.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        return follow.container(
                new DefaultKafkaConsumerFactory<>(configs, new StringDeserializer(), new ByteArrayDeserializer()));
    }

    /**
     * Down until the manifests were read once, since every integration is unknown before. Part of readiness by its
     * name.
     */
    @Bean
    HealthIndicator manifestsHealthIndicator(Manifests manifests) {
        return () -> (manifests.caughtUp() ? Health.up() : Health.down()).build();
    }
}
