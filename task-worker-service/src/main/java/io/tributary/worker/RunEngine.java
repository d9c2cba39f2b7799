package io.tributary.worker;

import io.tributary.worker.engine.ExecutionJournal;
import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.SmartLifecycle;

/**
 * Runs the engine from the start of the application to its end, and says how it is.
 *
 * <p>A stream thread that fails is replaced: its transaction is rolled back, and the new one takes up what the store
 * holds. Stopping interrupts what is executing; that is executed again by whoever takes the partitions over.
 */
final class RunEngine implements SmartLifecycle, HealthIndicator {

    private static final Logger LOG = LoggerFactory.getLogger(RunEngine.class);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(10);

    private final KafkaStreams streams;
    private final ExecutionJournal journal;
    private final KeepCarriersFree keepCarriersFree = new KeepCarriersFree();

    RunEngine(Topology topology, Properties settings, ExecutionJournal journal) {
        this.journal = journal;
        streams = new KafkaStreams(topology, settings);
        streams.setUncaughtExceptionHandler(thrown -> {
            LOG.error("worker.streamThreadFailed: a stream thread failed and is replaced", thrown);
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        });
    }

    @Override
    public void start() {
        keepCarriersFree.start();
        streams.start();
    }

    @Override
    public void stop() {
        // Others take the partitions over at once: their pause is shorter than a restart.
        if (!streams.close(CloseOptions.timeout(STOP_WITHIN)
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP))) {
            LOG.warn("worker.stopTimedOut: the engine did not stop within {} s", STOP_WITHIN.toSeconds());
        }
        keepCarriersFree.stop();
        journal.stop();
    }

    @Override
    public boolean isRunning() {
        KafkaStreams.State state = streams.state();
        return state.isRunningOrRebalancing();
    }

    @Override
    public Health health() {
        KafkaStreams.State state = streams.state();
        return (state.isRunningOrRebalancing() ? Health.up() : Health.down())
                .withDetail("state", state.name())
                .build();
    }
}
