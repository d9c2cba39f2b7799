package io.tributary.scheduler.webhooks;

import io.tributary.scheduler.credentials.SealCredentials;
import io.tributary.scheduler.outbound.Outbound;
import java.time.Clock;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.SchedulingConfigurer;

/** The timers of the deliveries. */
@Configuration(proxyBeanMethods = false)
class WebhookConfiguration {

    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Duration TIDY_UP = Duration.ofMinutes(10);

    @Bean
    DeliverWebhooks deliverWebhooks(JdbcClient jdbc, SealCredentials seal, Outbound outbound, Clock clock) {
        return new DeliverWebhooks(jdbc, seal, outbound, clock);
    }

    @Bean
    SchedulingConfigurer deliveries(DeliverWebhooks deliver) {
        return registrar -> {
            registrar.addFixedDelayTask(deliver::run, EVERY);
            registrar.addFixedDelayTask(deliver::tidyUp, TIDY_UP);
        };
    }
}
