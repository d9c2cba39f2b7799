package io.tributary.sink.consume;

import io.tributary.sink.consume.Outage.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Runs the consumers, each on a thread of its own, from the start of the application to its end. They finish the records
 * at hand before they end.
 */
public final class ConsumerThreads implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ConsumerThreads.class);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final List<ConsumeTopics> consumers;
    private final Runnable whenBroken;
    private final List<Thread> threads = new ArrayList<>();

    /** @param whenBroken called where a thread dies of an error: the process is to be replaced */
    public ConsumerThreads(List<ConsumeTopics> consumers, Runnable whenBroken) {
        this.consumers = List.copyOf(consumers);
        this.whenBroken = whenBroken;
    }

    @Override
    public synchronized void start() {
        for (ConsumeTopics consumer : consumers) {
            threads.add(Thread.ofPlatform()
                    .name("sink-" + (threads.size() + 1))
                    .uncaughtExceptionHandler(this::died)
                    .start(consumer));
        }
    }

    @Override
    public synchronized void stop() {
        consumers.forEach(ConsumeTopics::end);
        try {
            for (Thread thread : threads) {
                if (!thread.join(PATIENCE)) {
                    thread.interrupt();
                }
            }
        } catch (InterruptedException e) {
            threads.forEach(Thread::interrupt);
            Thread.currentThread().interrupt();
        }
        threads.clear();
    }

    @Override
    public synchronized boolean isRunning() {
        return threads.stream().anyMatch(Thread::isAlive);
    }

    /** The longest wait of any consumer, if one waits. */
    Optional<Waiting> waiting() {
        return consumers.stream()
                .map(ConsumeTopics::waiting)
                .flatMap(Optional::stream)
                .min(Comparator.comparing(Waiting::since));
    }

    private void died(Thread thread, Throwable error) {
        log.error("sink.threadDied: a consumer ended on an error thread={}", thread.getName(), error);
        whenBroken.run();
    }
}
