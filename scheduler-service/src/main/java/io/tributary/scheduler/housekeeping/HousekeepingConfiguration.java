package io.tributary.scheduler.housekeeping;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.SchedulingConfigurer;

/** The duties of the scheduler, and the timer that looks which of all duties are due. */
@Configuration(proxyBeanMethods = false)
class HousekeepingConfiguration {

    private static final Duration LOOK = Duration.ofSeconds(5);

    @Bean
    Duty rollUpStats(JdbcClient jdbc) {
        return new Duty("stats", Duration.ofMinutes(5), Duration.ofMinutes(4), new RollUpStats(jdbc));
    }

    @Bean
    Duty flagUntakenRuns(JdbcClient jdbc, HousekeepingProperties properties, Clock clock) {
        return new Duty(
                "untaken-runs",
                Duration.ofSeconds(30),
                Duration.ofMinutes(1),
                new FlagUntakenRuns(jdbc, properties.untakenAfter(), clock));
    }

    @Bean
    Duty purgeRuns(JdbcClient jdbc, HousekeepingProperties properties, Clock clock) {
        return new Duty(
                "purge-runs",
                Duration.ofDays(1),
                Duration.ofHours(2),
                new PurgeRuns(jdbc, properties.keepRuns(), clock));
    }

    @Bean
    Duty archiveAuditLog(JdbcClient jdbc, HousekeepingProperties properties, Clock clock) {
        return new Duty(
                "archive-audit-log",
                Duration.ofDays(1),
                Duration.ofHours(2),
                new ArchiveAuditLog(jdbc, properties.archiveAuditAfter(), clock));
    }

    @Bean
    DoDuties doDuties(List<Duty> duties, JdbcClient jdbc, Clock clock) {
        return new DoDuties(duties, jdbc, clock);
    }

    @Bean
    SchedulingConfigurer housekeeping(DoDuties duties) {
        return registrar -> registrar.addFixedDelayTask(duties::run, LOOK);
    }
}
