package io.tributary.scheduler.pauses;

import io.tributary.scheduler.kafka.CommandWorkers;
import io.tributary.scheduler.maintenance.MaintenanceJob;
import io.tributary.scheduler.tables.PauseConfirmations;
import java.time.Clock;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The maintenance job of pauses. */
@Configuration(proxyBeanMethods = false)
class PausesConfiguration {

    @Bean
    MaintenanceJob confirmPauses(PauseConfirmations pauses, CommandWorkers workers, Clock clock) {
        var work = new ConfirmPauses(pauses, workers, clock);
        return new MaintenanceJob("confirm-pauses", Duration.ofMinutes(1), Duration.ofMinutes(5), work);
    }
}
