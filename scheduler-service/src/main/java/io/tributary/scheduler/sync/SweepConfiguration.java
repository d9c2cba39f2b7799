package io.tributary.scheduler.sync;

import io.tributary.scheduler.kafka.SendCommands;
import io.tributary.scheduler.runs.AskWhoseAccounts;
import io.tributary.scheduler.runs.CancelRuns;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.SchedulingConfigurer;

/** The timers behind the sync surface: what a crash or an outage left undone is done by the next sweep. */
@Configuration(proxyBeanMethods = false)
class SweepConfiguration {

    /** How late a one-off task starts at most, beside what else its account waits for. */
    private static final Duration ONE_OFFS = Duration.ofSeconds(1);

    /** How late an account is asked whose it is after it was connected or changed, beside what else it waits for. */
    private static final Duration WHOSE = Duration.ofSeconds(1);

    /** How long a command waits after a failure, or after the crash of a replica. */
    private static final Duration COMMANDS = Duration.ofSeconds(2);

    @Bean
    SchedulingConfigurer sweeps(
            StartOneOffs startOneOffs,
            AskWhoseAccounts askWhoseAccounts,
            CancelRuns cancelRuns,
            SendCommands sendCommands) {
        return registrar -> {
            registrar.addFixedDelayTask(startOneOffs::run, ONE_OFFS);
            registrar.addFixedDelayTask(askWhoseAccounts::run, WHOSE);
            registrar.addFixedDelayTask(cancelRuns::tellWorkers, COMMANDS);
            registrar.addFixedDelayTask(sendCommands::run, COMMANDS);
        };
    }
}
