package io.tributary.scheduler.credentials;

import io.tributary.scheduler.polling.Outbox;
import java.time.Clock;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.SchedulingConfigurer;

/** The timer that renews access ahead of time. */
@Configuration(proxyBeanMethods = false)
class RenewalConfiguration {

    private static final Duration EVERY = Duration.ofSeconds(10);

    @Bean
    RenewDueAccess renewDueAccess(JdbcClient jdbc, Outbox outbox, Clock clock) {
        return new RenewDueAccess(jdbc, outbox, clock);
    }

    @Bean
    SchedulingConfigurer renewals(RenewDueAccess renew) {
        return registrar -> registrar.addFixedDelayTask(renew::run, EVERY);
    }
}
