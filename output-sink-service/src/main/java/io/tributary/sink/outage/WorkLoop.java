package io.tributary.sink.outage;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.BackOffExecution;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * Repeats a step on its own thread, from the start of the application to its end. After a failure, and in an outage, it
 * takes the same step again after a growing pause.
 */
public final class WorkLoop implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(WorkLoop.class);

    /** Pause after a step that had nothing to do. */
    private static final Duration IDLE = Duration.ofSeconds(1);

    /** Longest wait of a stop for the current step. */
    private static final Duration STOP = Duration.ofSeconds(20);

    private final String name;
    private final Duration pause;
    private final Step step;
    private final CountDownLatch ending = new CountDownLatch(1);
    private @Nullable Thread thread;

    /** A bounded piece of work that may be interrupted at any point and repeated. */
    @FunctionalInterface
    public interface Step {

        /**
         * Takes the next step.
         *
         * @param ending true when the step has to return as soon as possible
         * @return whether there was anything to do
         * @throws Unavailable or {@link KafkaException}: an outage, take the step again
         */
        boolean take(BooleanSupplier ending);

        /** Called after the last step, on the same thread. */
        default void end() {}
    }

    /**
     * @param name name of the thread, and part of its log codes: {@code sink.<name>Waiting},
     *     {@code sink.<name>ThreadFailed}
     * @param pause after a step that had something to do
     */
    public WorkLoop(String name, Duration pause, Step step) {
        this.name = name;
        this.pause = pause;
        this.step = step;
    }

    /** The pauses of the whole sink after failures in a row: 100 ms, then twice as long each time, 5 s at most. */
    public static BackOff backOff() {
        var backOff = new ExponentialBackOff(100, 2);
        backOff.setMaxInterval(5_000);
        backOff.setJitter(50);
        return backOff;
    }

    @Override
    public synchronized void start() {
        thread = Thread.ofPlatform().name("sink-" + name).daemon().start(this::work);
    }

    @Override
    public synchronized void stop() {
        ending.countDown();
        Thread working = thread;
        try {
            if (working != null && !working.join(STOP)) {
                working.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread = null;
    }

    @Override
    public synchronized boolean isRunning() {
        return thread != null && thread.isAlive();
    }

    private void work() {
        BackOffExecution backOff = backOff().start();
        while (!isEnding()) {
            Duration wait;
            try {
                wait = step.take(this::isEnding) ? pause : IDLE;
                backOff = backOff().start();
            } catch (InterruptException e) {
                Thread.currentThread().interrupt(); // the application wants this thread to end
                break;
            } catch (Unavailable | KafkaException e) {
                wait = Duration.ofMillis(backOff.nextBackOff());
                log.warn(
                        "sink.workWaiting: trying again after the outage work={} waitMillis={} cause={}",
                        name,
                        wait.toMillis(),
                        e.getMessage());
            } catch (RuntimeException e) {
                wait = Duration.ofMillis(backOff.nextBackOff());
                log.error("sink.workFailed: trying again work={} waitMillis={}", name, wait.toMillis(), e);
            }
            await(wait);
        }
        step.end();
    }

    private void await(Duration time) {
        try {
            boolean ended = ending.await(time.toMillis(), TimeUnit.MILLISECONDS);
            log.trace("sink.workWaited: the pause is over ended={}", ended);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isEnding() {
        return ending.getCount() == 0 || Thread.currentThread().isInterrupted();
    }
}
