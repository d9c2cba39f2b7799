package io.tributary.scheduler.polling;

import io.tributary.scheduler.dispatch.Outbox;
import io.tributary.scheduler.dispatch.TaskTopic;
import io.tributary.scheduler.dispatch.TraceDispatch;
import io.tributary.scheduler.kafka.PublishRecords;
import io.tributary.scheduler.manifests.Manifests;
import io.tributary.schemas.Topics;
import io.tributary.telemetry.Traces;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/** The parts of polling that depend on settings. */
@Configuration(proxyBeanMethods = false)
class PollingConfiguration {

    @Bean
    PollDueIntegrations pollDueIntegrations(
            PickDueIntegrations pickDue,
            Manifests manifests,
            Outbox outbox,
            PollingProperties properties,
            ThreadPoolTaskScheduler timers,
            Clock clock) {
        // The pool takes no new work from the moment the context begins to close.
        return new PollDueIntegrations(
                pickDue,
                manifests,
                outbox,
                properties.batchSize(),
                () -> timers.getScheduledThreadPoolExecutor().isShutdown(),
                clock);
    }

    @Bean
    TaskTopic taskTopic(PublishRecords publish, Topics topics, Traces traces) {
        return new TraceDispatch(TaskTopic.of(publish, topics), traces);
    }
}
