package io.tributary.scheduler.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import io.tributary.scheduler.maintenance.MaintenanceJob;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The jobs that read metrics from the database. */
@Configuration(proxyBeanMethods = false)
class MetricsConfiguration {

    private static final Duration EVERY = ReadNumber.VALID.dividedBy(4);

    /** Spring measures requests without saying what the numbers are. */
    @Bean
    MeterFilter describeRequests() {
        return new MeterFilter() {
            @Override
            public Meter.Id map(Meter.Id id) {
                return id.getName().startsWith("http.server.requests") && id.getDescription() == null
                        ? new Meter.Id(
                                id.getName(),
                                Tags.of(id.getTagsAsIterable()),
                                id.getBaseUnit(),
                                "Time of the requests that the API answered, or is answering",
                                id.getType())
                        : id;
            }
        };
    }

    @Bean
    MaintenanceJob readFreshness(FreshnessGauges gauges) {
        return new MaintenanceJob("freshness-metrics", EVERY, Duration.ofMinutes(1), gauges);
    }

    @Bean
    MaintenanceJob readBacklogs(BacklogGauges gauges) {
        return new MaintenanceJob("backlog-metrics", EVERY, Duration.ofMinutes(1), gauges);
    }
}
