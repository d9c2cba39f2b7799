package io.tributary.scheduler.polling;

import io.tributary.scheduler.manifests.Manifests;
import io.tributary.schemas.Topics;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.scheduling.config.ScheduledTaskRegistrar;
import org.springframework.scheduling.support.CronTrigger;
import org.springframework.transaction.support.TransactionOperations;

/** The steps of polling, and the timers that call them. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class PollingConfiguration {

    /** How long a run may stay in the outbox after a failed publication, or after the crash of a replica. */
    private static final Duration SWEEP = Duration.ofSeconds(2);

    /** How long a stop waits for the batch that is under way; longer than the producer's delivery timeout. */
    private static final Duration STOP = Duration.ofSeconds(15);

    @Bean
    PickDueIntegrations pickDueIntegrations(JdbcClient jdbc, Manifests manifests) {
        return new PickDueIntegrations(jdbc, manifests);
    }

    @Bean
    PollDueIntegrations pollDueIntegrations(
            PickDueIntegrations pickDue,
            Manifests manifests,
            Outbox outbox,
            PollingProperties properties,
            Clock clock) {
        return new PollDueIntegrations(pickDue, manifests, outbox, properties.batchSize(), clock);
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
     * One thread for the cycle, two for sweeps, one for what is asked at once, one for commands to workers, four for
     * renewals, sealing, events and webhooks, one to spare.
     */
    @Bean
    ThreadPoolTaskScheduler timers() {
        var timers = new ThreadPoolTaskScheduler();
        timers.setPoolSize(10);
        timers.setThreadNamePrefix("scheduler-");
        timers.setWaitForTasksToCompleteOnShutdown(true);
        timers.setExecuteExistingDelayedTasksAfterShutdownPolicy(false); // or it would wait for the next cycle
        timers.setAwaitTerminationMillis(STOP.toMillis());
        return timers;
    }

    @Bean
    SchedulingConfigurer timetable(
            PollDueIntegrations poll,
            DispatchRuns dispatch,
            PollingProperties properties,
            ThreadPoolTaskScheduler timers) {
        return registrar -> {
            registrar.setTaskScheduler(timers);
            addCycle(registrar, poll, properties);
            registrar.addFixedDelayTask(dispatch::run, SWEEP);
        };
    }

    private static void addCycle(
            ScheduledTaskRegistrar registrar, PollDueIntegrations poll, PollingProperties properties) {
        String cron = CronSchedule.parse(properties.cron()).expression().toString();
        registrar.addTriggerTask(poll::run, new CronTrigger(cron, ZoneOffset.UTC));
    }
}
