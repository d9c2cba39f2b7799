package io.tributary.worker;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import jdk.management.VirtualThreadSchedulerMXBean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps virtual threads running when plugins pin the platform threads that carry them: in native code, or in a loop
 * that never waits. Such a task ends at its deadline, if at all, and until then all other tasks would wait.
 *
 * <p>Twice a second a virtual thread is started. When one has not run for a second, the number of carriers doubles;
 * when they have run promptly for a while, it shrinks by one, down to its first value.
 */
final class KeepCarriersFree {

    private static final Logger log = LoggerFactory.getLogger(KeepCarriersFree.class);

    private static final Duration INTERVAL = Duration.ofMillis(500);
    private static final int MOST_CARRIERS = 64;
    /** Punctual threads in a row before a carrier is removed: 30 s. */
    private static final int ON_TIME_UNTIL_FEWER = 60;
    /** Late threads in a row before carriers are added. */
    private static final int LATE_UNTIL_MORE = 2;

    /** Threads to start, more than the scheduler has queues for a few carriers. */
    private static final int WAKE_UPS = 16;

    private final VirtualThreadSchedulerMXBean scheduler =
            ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
    private final int fewest = scheduler.getParallelism();
    private @Nullable ScheduledExecutorService clock;
    private volatile boolean hasRun = true;
    private int onTime;
    private int late;

    void start() {
        var started = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("keep-carriers-free").daemon().factory());
        started.scheduleWithFixedDelay(this::look, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        clock = started;
    }

    void stop() {
        if (clock != null) {
            clock.shutdownNow();
        }
    }

    private void look() {
        int carriers = scheduler.getParallelism();
        late = hasRun ? 0 : late + 1;
        onTime = hasRun ? onTime + 1 : 0;
        if (late >= LATE_UNTIL_MORE && carriers < MOST_CARRIERS) {
            late = 0;
            int more = Math.min(2 * carriers, MOST_CARRIERS);
            log.warn(
                    "worker.carriersHeld: tasks hold on to the threads that carry them, so there are more carriers={}",
                    more);
            scheduler.setParallelism(more);
            wakeCarriers();
        } else if (onTime >= ON_TIME_UNTIL_FEWER && carriers > fewest) {
            onTime = 0;
            scheduler.setParallelism(carriers - 1);
        }
        hasRun = false;
        Thread.startVirtualThread(() -> hasRun = true);
    }

    /**
     * Makes the scheduler notice the higher limit: it starts a carrier when a thread enters an empty queue. A thread
     * that starts others always uses the same queue, and a new thread another one.
     */
    private static void wakeCarriers() {
        for (int i = 0; i < WAKE_UPS; i++) {
            Thread.ofPlatform().name("wake-carriers").daemon().start(() -> Thread.startVirtualThread(() -> {}));
        }
    }
}
