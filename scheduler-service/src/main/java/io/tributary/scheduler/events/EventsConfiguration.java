package io.tributary.scheduler.events;

import io.tributary.schemas.Topics;
import java.time.Clock;
import java.time.Duration;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.transaction.support.TransactionOperations;

/** The timers of the outbox of events. */
@Configuration(proxyBeanMethods = false)
class EventsConfiguration {

    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Duration TIDY_UP = Duration.ofMinutes(10);

    @Bean
    PublishEvents publishEvents(
            JdbcClient jdbc,
            TransactionOperations transaction,
            Producer<String, SpecificRecord> producer,
            Topics topics,
            Deliveries deliveries,
            Clock clock) {
        return new PublishEvents(jdbc, transaction, producer, topics.events(), deliveries, clock);
    }

    @Bean
    SchedulingConfigurer publishing(PublishEvents publish) {
        return registrar -> {
            registrar.addFixedDelayTask(publish::run, EVERY);
            registrar.addFixedDelayTask(publish::tidyUp, TIDY_UP);
        };
    }
}
