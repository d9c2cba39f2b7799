package io.tributary.worker;

import io.micrometer.core.instrument.MeterRegistry;
import io.tributary.worker.engine.ExecutionJournal;
import io.tributary.worker.engine.QueueGauges;
import io.tributary.worker.engine.WorkerProcess;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
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
 * Runs the engine from the start of the application to its end, and is its health indicator.
 *
 * <p>A failed stream thread is replaced: its transaction is rolled back, and the new thread continues from the store.
 * When threads keep failing, each replacement waits longer, and the worker's health is down with the cause. An error of
 * the JVM ends the process, since a worker without memory would go on at a crawl.
 * Stopping interrupts the executing tasks; the next owners of the partitions execute them again.
 */
final class RunEngine implements SmartLifecycle, HealthIndicator {

    private static final Logger log = LoggerFactory.getLogger(RunEngine.class);
    private static final Duration READY_WITHIN = Duration.ofSeconds(1);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(10);
    /** Longer than any wait of a stream thread for Kafka, which ends with an error after a minute. */
    private static final Duration STUCK_AFTER = Duration.ofMinutes(10);
    /** As with -XX:+ExitOnOutOfMemoryError. */
    private static final int EXIT_STATUS = 3;

    private final KafkaStreams streams;
    private final ExecutionJournal journal;
    private final QueueGauges queues;
    private final StreamsMetrics metrics;
    private final WorkerProcess process;
    private final KeepCarriersFree keepCarriersFree = new KeepCarriersFree();
    private final ThreadFailures failures = new ThreadFailures(Clock.systemUTC(), RandomGenerator.getDefault());
    private final CountDownLatch stopping = new CountDownLatch(1);

    RunEngine(
            Topology topology,
            Properties settings,
            ExecutionJournal journal,
            WorkerProcess process,
            QueueGauges queues,
            MeterRegistry meters) {
        this.journal = journal;
        this.process = process;
        this.queues = queues;
        streams = new KafkaStreams(topology, settings, new EngineClients(process, new TransactionTimers(meters)));
        metrics = new StreamsMetrics(streams, meters);
        streams.setGlobalStateRestoreListener(metrics);
        streams.setUncaughtExceptionHandler(this::replace);
    }

    /** On the failed thread, which keeps its partitions from others while it waits. */
    private StreamThreadExceptionResponse replace(Throwable thrown) {
        if (ThreadFailures.isOfTheJvm(thrown)) {
            try {
                log.error("worker.jvmFailed: an error of the JVM ends the process", thrown);
            } finally {
                Runtime.getRuntime().halt(EXIT_STATUS);
            }
        }
        Duration wait = failures.add(thrown);
        metrics.threadFailed();
        log.error(
                "worker.streamThreadFailed: a stream thread failed and is replaced waitMillis={}",
                wait.toMillis(),
                thrown);
        try {
            boolean stops = stopping.await(wait.toMillis(), TimeUnit.MILLISECONDS);
            log.debug("worker.replacementWaited: the wait is over stops={}", stops);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    @Override
    public void start() {
        keepCarriersFree.start();
        streams.start();
    }

    @Override
    public void stop() {
        stopping.countDown();
        journal.stop(); // Before the engine gives up its attempts, which would clear the one that stopped the worker.
        try {
            process.stop(READY_WITHIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // Other workers take over the partitions immediately, which is faster than a restart.
        if (!streams.close(CloseOptions.timeout(STOP_WITHIN)
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP))) {
            log.warn("worker.stopTimedOut: the engine did not stop in time seconds={}", STOP_WITHIN.toSeconds());
        }
        keepCarriersFree.stop();
    }

    @Override
    public boolean isRunning() {
        KafkaStreams.State state = streams.state();
        return state.isRunningOrRebalancing();
    }

    @Override
    public Health health() {
        KafkaStreams.State state = streams.state();
        Optional<String> cause = failures.cause();
        var health = state.isRunningOrRebalancing() && cause.isEmpty() ? Health.up() : Health.down();
        cause.ifPresent(why -> health.withDetail("threadsFail", why));
        return health.withDetail("state", state.name()).build();
    }

    /**
     * Down when only a new process helps: Kafka Streams has given up, or a stream thread hangs. An engine that waits
     * for Kafka, restores its stores or replaces a thread is up.
     */
    Health progress() {
        KafkaStreams.State state = streams.state();
        boolean gaveUp = stopping.getCount() > 0 && (state.isShuttingDown() || state.hasCompletedShutdown());
        boolean hangs = state == KafkaStreams.State.RUNNING
                && queues.longestSinceTurn(System.nanoTime()).compareTo(STUCK_AFTER) > 0;
        var health = gaveUp || hangs ? Health.down() : Health.up();
        return health.withDetail("state", state.name()).build();
    }
}
