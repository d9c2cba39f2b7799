package io.tributary.scheduler.timers;

import io.micrometer.core.instrument.MeterRegistry;
import io.tributary.schedule.Cron;
import io.tributary.scheduler.credentials.RenewDueAccess;
import io.tributary.scheduler.credentials.ResealSecrets;
import io.tributary.scheduler.database.DatabaseHealth;
import io.tributary.scheduler.dispatch.DispatchRuns;
import io.tributary.scheduler.events.PublishEvents;
import io.tributary.scheduler.incoming.PublishEndpoints;
import io.tributary.scheduler.incoming.StartWebhookRuns;
import io.tributary.scheduler.kafka.SendCommands;
import io.tributary.scheduler.maintenance.RunMaintenanceJobs;
import io.tributary.scheduler.notifications.QueueNotifications;
import io.tributary.scheduler.notifications.SettleNotifications;
import io.tributary.scheduler.polling.PollDueIntegrations;
import io.tributary.scheduler.polling.PollingProperties;
import io.tributary.scheduler.runs.CancelRuns;
import io.tributary.scheduler.runs.IdentifyAccounts;
import io.tributary.scheduler.runs.StartRequestedRuns;
import io.tributary.scheduler.sync.StartOneOffs;
import io.tributary.scheduler.userintegrations.ApplyFoundSettings;
import io.tributary.scheduler.watchdog.CheckHealth;
import io.tributary.scheduler.watchdog.Watchdog;
import io.tributary.scheduler.watchdog.WatchdogProperties;
import io.tributary.scheduler.webhooks.DeliverWebhooks;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.Trigger;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.scheduling.support.PeriodicTrigger;

/** The timetable: each periodic step, and the time from its end to its next start. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class TimetableConfiguration {

    /** Longest wait of a stop for the current batch; longer than the producer's delivery timeout. */
    private static final Duration STOP = Duration.ofSeconds(15);

    /** Time after which a cycle or a sweep counts as stuck; a million runs are picked in a third of it. */
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    /** From one look for due notifications, or ended ones, to the next. */
    private static final Duration NOTIFICATIONS = Duration.ofMillis(200);

    /**
     * Threads that the steps below share with immediate dispatch and commands. Their number does not follow that of the
     * steps: 10 hold a connection to the database at most, and 12 wait at most when Kafka and the receivers of HTTP
     * requests do not answer. The other steps take milliseconds, and what is due first runs first.
     */
    static final int THREADS = 16;

    /** The only pool of the service. */
    @Bean
    ThreadPoolTaskScheduler timers() {
        var timers = new ThreadPoolTaskScheduler();
        timers.setPoolSize(THREADS);
        timers.setThreadNamePrefix("scheduler-");
        timers.setWaitForTasksToCompleteOnShutdown(true);
        timers.setExecuteExistingDelayedTasksAfterShutdownPolicy(false); // or it would wait for the next cycle
        timers.setAwaitTerminationMillis(STOP.toMillis());
        return timers;
    }

    @Bean
    WatchedStep cycle(PollDueIntegrations poll, Clock clock, MeterRegistry meters) {
        return new WatchedStep("polling.cycle", poll::run, PATIENCE, clock, meters);
    }

    @Bean
    WatchedStep sweep(DispatchRuns dispatch, Clock clock, MeterRegistry meters) {
        return new WatchedStep("polling.sweep", dispatch::run, PATIENCE, clock, meters);
    }

    @Bean
    WatchedStep look(Watchdog watchdog, Clock clock, MeterRegistry meters) {
        return new WatchedStep("watchdog.look", watchdog::run, PATIENCE, clock, meters);
    }

    @Bean
    SchedulingConfigurer looks(WatchedStep look, CheckHealth checkHealth, WatchdogProperties properties) {
        return registrar -> {
            registrar.addFixedDelayTask(look, properties.interval());
            registrar.addFixedDelayTask(checkHealth::run, Duration.ofSeconds(10));
        };
    }

    @Bean
    WatchedStep queueing(QueueNotifications queue, Clock clock, MeterRegistry meters) {
        return new WatchedStep("notifications.queueing", queue::run, PATIENCE, clock, meters);
    }

    @Bean
    WatchedStep settling(SettleNotifications settle, Clock clock, MeterRegistry meters) {
        return new WatchedStep("notifications.settling", settle::run, PATIENCE, clock, meters);
    }

    @Bean
    SchedulingConfigurer sending(WatchedStep queueing, WatchedStep settling) {
        return registrar -> {
            registrar.addFixedDelayTask(queueing, NOTIFICATIONS);
            registrar.addFixedDelayTask(settling, NOTIFICATIONS);
        };
    }

    @Bean
    HealthIndicator progress(List<WatchedStep> steps) {
        return () -> WatchedStep.health(steps);
    }

    @Bean
    SchedulingConfigurer polling(
            WatchedStep cycle,
            WatchedStep sweep,
            PollingProperties properties,
            ThreadPoolTaskScheduler timers,
            Clock clock) {
        return registrar -> {
            registrar.setTaskScheduler(timers);
            registrar.addTriggerTask(cycle, cycles(properties, clock));
            registrar.addFixedDelayTask(sweep, Duration.ofSeconds(2));
        };
    }

    @Bean
    SchedulingConfigurer runs(
            StartOneOffs oneOffs,
            IdentifyAccounts identify,
            ApplyFoundSettings settings,
            StartRequestedRuns requested,
            CancelRuns cancel) {
        return registrar -> {
            registrar.addFixedDelayTask(oneOffs::run, Duration.ofSeconds(1));
            registrar.addFixedDelayTask(identify::run, Duration.ofSeconds(1));
            registrar.addFixedDelayTask(settings::run, Duration.ofSeconds(1));
            registrar.addFixedDelayTask(requested::run, Duration.ofSeconds(1));
            registrar.addFixedDelayTask(cancel::sendCommands, Duration.ofSeconds(2));
        };
    }

    @Bean
    SchedulingConfigurer outboxes(SendCommands commands, PublishEvents events, DeliverWebhooks webhooks) {
        return registrar -> {
            registrar.addFixedDelayTask(commands::run, Duration.ofSeconds(2));
            registrar.addFixedDelayTask(events::run, Duration.ofSeconds(1));
            registrar.addFixedDelayTask(webhooks::run, Duration.ofSeconds(1));
        };
    }

    @Bean
    SchedulingConfigurer incoming(PublishEndpoints endpoints, StartWebhookRuns runs) {
        return registrar -> {
            registrar.addFixedDelayTask(endpoints::run, Duration.ofSeconds(1));
            registrar.addFixedDelayTask(runs::run, Duration.ofSeconds(1));
        };
    }

    @Bean
    SchedulingConfigurer secrets(RenewDueAccess renew, ResealSecrets reseal) {
        return registrar -> {
            registrar.addFixedDelayTask(renew::run, Duration.ofSeconds(10));
            registrar.addFixedDelayTask(reseal::runIfKeyIsNew, Duration.ofSeconds(5));
        };
    }

    @Bean
    SchedulingConfigurer database(DatabaseHealth health) {
        return registrar -> registrar.addFixedDelayTask(health::ask, Duration.ofSeconds(2));
    }

    @Bean
    SchedulingConfigurer maintenance(RunMaintenanceJobs jobs) {
        return registrar -> registrar.addFixedDelayTask(jobs::run, Duration.ofSeconds(5));
    }

    private static Trigger cycles(PollingProperties properties, Clock clock) {
        return properties.cron() == null
                ? new PeriodicTrigger(properties.interval())
                : byCron(Cron.parse(properties.cron()), clock);
    }

    private static Trigger byCron(Cron cron, Clock clock) {
        return last ->
                cron.nextAfter(Objects.requireNonNullElseGet(last.lastCompletion(), clock::instant), ZoneOffset.UTC);
    }
}
