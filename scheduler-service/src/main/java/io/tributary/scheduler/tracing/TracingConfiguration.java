package io.tributary.scheduler.tracing;

import io.tributary.telemetry.Traces;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Traces of the scheduler. */
@Configuration(proxyBeanMethods = false)
class TracingConfiguration {

    @Bean
    Traces traces(TracingProperties properties, @Value("${spring.application.name}") String service) {
        return Traces.of(service, properties.tracing());
    }
}
