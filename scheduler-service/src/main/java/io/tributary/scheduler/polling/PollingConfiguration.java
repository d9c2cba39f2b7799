package io.tributary.scheduler.polling;

import io.micrometer.core.instrument.MeterRegistry;
import io.tributary.scheduler.manifests.Manifests;
import io.tributary.schemas.Topics;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.Trigger;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.scheduling.support.CronTrigger;
import org.springframework.scheduling.support.PeriodicTrigger;
import org.springframework.transaction.support.TransactionOperations;

/** The steps of polling, and the timers that call them. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class PollingConfiguration {

    /** How long a run may stay in the outbox after a failed publication, or after the crash of a replica. */
    private static final Duration SWEEP = Duration.ofSeconds(2);

    /** How long a stop waits for the batch that is under way; longer than the producer's delivery timeout. */
    private static final Duration STOP = Duration.ofSeconds(15);

    /** How long a cycle or a sweep may take before it counts as stuck; a million runs are picked in a third of it. */
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    @Bean
    PickDueIntegrations pickDueIntegrations(JdbcClient jdbc, TransactionOperations transaction, Manifests manifests) {
        return new PickDueIntegrations(jdbc, transaction, manifests);
    }

    @Bean
    PollDueIntegrations pollDueIntegrations(
            PickDueIntegrations pickDue,
            Manifests manifests,
            Outbox outbox,
            PollingProperties properties,
            ThreadPoolTaskScheduler timers,
            Clock clock) {
        return new PollDueIntegrations(pickDue, manifests, outbox, properties.batchSize(), stopping(timers), clock);
    }

    @Bean
    DispatchRuns dispatchRuns(
            JdbcClient jdbc,
            TransactionOperations transaction,
            Manifests manifests,
            Producer<String, SpecificRecord> producer,
            Topics topics,
            Clock clock) {
        return new DispatchRuns(
                jdbc,
                transaction,
                manifests,
                new PublishTasks(producer, topics.tasks()),
                new FailRuns(jdbc, transaction, clock),
                clock);
    }

    @Bean
    Outbox outbox(DispatchRuns dispatch, ThreadPoolTaskScheduler timers) {
        return new Outbox(dispatch, timers);
    }

    /**
     * One thread for the cycle, two for sweeps, two for what is asked at once, one for commands to workers, four for
     * renewals, sealing, events and webhooks, one for housekeeping, one to spare.
     */
    @Bean
    ThreadPoolTaskScheduler timers() {
        var timers = new ThreadPoolTaskScheduler();
        timers.setPoolSize(12);
        timers.setThreadNamePrefix("scheduler-");
        timers.setWaitForTasksToCompleteOnShutdown(true);
        timers.setExecuteExistingDelayedTasksAfterShutdownPolicy(false); // or it would wait for the next cycle
        timers.setAwaitTerminationMillis(STOP.toMillis());
        return timers;
    }

    @Bean
    Repeated cycle(PollDueIntegrations poll, Clock clock, MeterRegistry meters) {
        return new Repeated("polling.cycle", poll::run, PATIENCE, clock, meters);
    }

    @Bean
    Repeated sweep(DispatchRuns dispatch, Clock clock, MeterRegistry meters) {
        return new Repeated("polling.sweep", dispatch::run, PATIENCE, clock, meters);
    }

    @Bean
    HealthIndicator progress(List<Repeated> steps) {
        return new ProgressHealth(steps);
    }

    @Bean
    SchedulingConfigurer timetable(
            @Qualifier("cycle") Repeated cycle,
            @Qualifier("sweep") Repeated sweep,
            PollingProperties properties,
            ThreadPoolTaskScheduler timers) {
        return registrar -> {
            registrar.setTaskScheduler(timers);
            registrar.addTriggerTask(cycle, cycles(properties));
            registrar.addFixedDelayTask(sweep, SWEEP);
        };
    }

    private static Trigger cycles(PollingProperties properties) {
        return properties.cron() == null
                ? new PeriodicTrigger(properties.interval())
                : new CronTrigger(
                        CronSchedule.parse(properties.cron()).expression().toString(), ZoneOffset.UTC);
    }

    // The pool takes no new work from the moment the context begins to close.
    private static BooleanSupplier stopping(ThreadPoolTaskScheduler timers) {
        return () -> timers.getScheduledThreadPoolExecutor().isShutdown();
    }
}
