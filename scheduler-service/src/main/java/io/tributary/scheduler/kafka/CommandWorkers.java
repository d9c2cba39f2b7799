package io.tributary.scheduler.kafka;

import io.tributary.schemas.Command;
import io.tributary.schemas.Control;
import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends commands to the worker that owns a user integration, on another thread: a request does not wait for it. A command
 * that cannot be sent is logged and dropped. That is bearable for these: a worker reads config and credentials anew with
 * every run, and the sink drops what comes in for a user integration that is gone.
 */
public final class CommandWorkers {

    private static final Logger log = LoggerFactory.getLogger(CommandWorkers.class);

    private final Producer<String, SpecificRecord> producer;
    private final String topic;
    private final Executor executor;
    private final Clock clock;

    CommandWorkers(Producer<String, SpecificRecord> producer, String topic, Executor executor, Clock clock) {
        this.producer = producer;
        this.topic = topic;
        this.executor = executor;
        this.clock = clock;
    }

    /** Config or credentials are new: read them again. Call it after the commit. */
    public void credentialsChanged(UUID userIntegrationId) {
        send(userIntegrationId, Command.credentials_changed);
    }

    /** The user integration is gone: drop its tasks. Call it after the commit. */
    public void purge(UUID userIntegrationId) {
        send(userIntegrationId, Command.purge);
    }

    private void send(UUID userIntegrationId, Command command) {
        var control = Control.newBuilder()
                .setUserIntegrationId(userIntegrationId)
                .setCommand(command)
                .setAt(clock.instant())
                .build();
        try {
            executor.execute(() -> publish(control));
        } catch (RejectedExecutionException e) {
            logDropped(control, e); // we are shutting down
        }
    }

    private void publish(Control control) {
        var command = new ProducerRecord<String, SpecificRecord>(
                topic, control.getUserIntegrationId().toString(), control);
        try {
            var _ = producer.send(command, (_, failure) -> {
                if (failure != null) {
                    logDropped(control, failure);
                }
            });
        } catch (KafkaException e) {
            logDropped(control, e);
        }
    }

    private static void logDropped(Control control, Exception failure) {
        log.warn(
                "command not sent code=polling.commandDropped userIntegrationId={} command={} reason={}",
                control.getUserIntegrationId(),
                control.getCommand(),
                String.valueOf(failure));
    }
}
