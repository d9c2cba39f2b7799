package io.tributary.scheduler.incoming;

import io.tributary.schemas.IncomingWebhook;
import io.tributary.schemas.KafkaUser;
import io.tributary.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.listener.BatchMessageListener;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.kafka.listener.KafkaMessageListenerContainer;
import org.springframework.util.backoff.FixedBackOff;

/** The consumer of webhooks. */
@Configuration(proxyBeanMethods = false)
class IncomingConfiguration {

    /** Wait before a batch is taken again, when Postgres, Kafka or the registry fails. */
    private static final Duration RETRY = Duration.ofSeconds(2);

    /** Webhooks of one transaction, at most. */
    private static final int BATCH = 500;

    /** Bytes that one fetch brings, which are those of the bodies: the edge does not compress them. */
    private static final int FETCH_BYTES = 16 * 1024 * 1024;

    private static final Logger log = LoggerFactory.getLogger(IncomingConfiguration.class);

    /** Offsets are committed after the transaction of their batch: after a crash, it is taken again. */
    @Bean
    KafkaMessageListenerContainer<String, byte @Nullable []> webhooksContainer(
            TakeWebhooks take, Deserializer<IncomingWebhook> deserializer, Topics topics, KafkaProperties kafka) {
        var configs = kafka.buildConsumerProperties();
        configs.put(ConsumerConfig.GROUP_ID_CONFIG, KafkaUser.schedulerGroup(topics));
        configs.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        configs.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        configs.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, BATCH);
        configs.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
        var properties = new ContainerProperties(topics.webhooks());
        properties.setAckMode(ContainerProperties.AckMode.BATCH);
        properties.setAuthExceptionRetryInterval(RETRY);
        properties.setMessageListener(
                (BatchMessageListener<String, byte @Nullable []>) records -> take.take(decoded(records, deserializer)));
        var container = new KafkaMessageListenerContainer<>(
                new DefaultKafkaConsumerFactory<>(configs, new StringDeserializer(), new ByteArrayDeserializer()),
                properties);
        container.setCommonErrorHandler(
                new DefaultErrorHandler(new FixedBackOff(RETRY.toMillis(), FixedBackOff.UNLIMITED_ATTEMPTS)));
        return container;
    }

    private static List<IncomingWebhook> decoded(
            List<ConsumerRecord<String, byte @Nullable []>> records, Deserializer<IncomingWebhook> deserializer) {
        var webhooks = new ArrayList<IncomingWebhook>();
        for (var record : records) {
            try {
                byte[] value = record.value();
                if (value != null) {
                    webhooks.add(deserializer.deserialize(record.topic(), value));
                }
            } catch (SerializationException e) {
                // Only this service's edge writes the topic; the others are not affected.
                log.error(
                        "incoming.webhookUnreadable: a webhook cannot be decoded topic={} partition={} offset={}",
                        record.topic(),
                        record.partition(),
                        record.offset());
            }
        }
        return webhooks;
    }
}
