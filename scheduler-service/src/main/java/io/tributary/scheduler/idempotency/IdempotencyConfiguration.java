package io.tributary.scheduler.idempotency;

import java.time.Duration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.SchedulingConfigurer;

/** The filter runs within the chain of security, after authentication; the sweep forgets old keys. */
@Configuration(proxyBeanMethods = false)
class IdempotencyConfiguration {

    private static final Duration SWEEP = Duration.ofMinutes(10);

    @Bean
    FilterRegistrationBean<AnswerOnce> answerOnceInTheChainOnly(AnswerOnce answerOnce) {
        var registration = new FilterRegistrationBean<>(answerOnce);
        registration.setEnabled(false);
        return registration;
    }

    @Bean
    SchedulingConfigurer forgetOldKeys(KeepAnswers answers) {
        return registrar -> registrar.addFixedDelayTask(answers::forgetExpired, SWEEP);
    }
}
