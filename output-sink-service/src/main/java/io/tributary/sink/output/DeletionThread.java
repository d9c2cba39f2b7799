package io.tributary.sink.output;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Works off the deletions that ended runs left, on a thread of its own, beside the consumers. In an outage it tries again
 * every second: what is left is in Postgres.
 */
public final class DeletionThread implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(DeletionThread.class);

    /** Time between two looks at the table. */
    private static final Duration REST = Duration.ofSeconds(1);

    /** How long a stop waits for the part at hand. */
    private static final Duration STOP = Duration.ofSeconds(20);

    private final BooleanSupplier markNext;
    private final CountDownLatch ending = new CountDownLatch(1);
    private @Nullable Thread thread;

    /** @param markNext marks one part; false: there is none */
    public DeletionThread(BooleanSupplier markNext) {
        this.markNext = markNext;
    }

    @Override
    public synchronized void start() {
        thread = Thread.ofPlatform().name("sink-deletions").daemon().start(this::work);
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
        try {
            do {
                markAll();
            } while (!ending.await(REST.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // somebody wants this thread to end
        }
    }

    private void markAll() {
        try {
            while (ending.getCount() > 0 && markNext.getAsBoolean()) {
                log.debug("marked a part");
            }
        } catch (RuntimeException e) {
            log.warn("sink.deletionsWaiting: trying again cause={}", String.valueOf(e.getMessage()));
        }
    }
}
