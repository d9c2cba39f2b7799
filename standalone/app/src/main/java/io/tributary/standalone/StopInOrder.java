package io.tributary.standalone;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What runs, and the order in which it stops. Each phase has its time; unfinished work is left behind then, so that
 * the next phase has its own time, and all of them end within 20 s. What was left behind ends with the process: the
 * servers outside of this JVM hold a pipe to it, and all data is safe against a crash.
 */
final class StopInOrder {

    /** In the order of stopping, with the time each has. */
    enum Phase {
        ANNOUNCEMENT(1),
        SCHEDULER(4),
        WORKER(5),
        SINK(3),
        SERVERS(3),
        POSTGRES(4),
        FOLDER(1);

        private final Duration patience;

        Phase(int seconds) {
            this.patience = Duration.ofSeconds(seconds);
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(StopInOrder.class);

    private final Map<Phase, List<AutoCloseable>> running = new EnumMap<>(Phase.class);

    /** Called as things come up, by any thread. */
    synchronized void add(Phase phase, AutoCloseable closeable) {
        running.computeIfAbsent(phase, p -> new ArrayList<>()).add(closeable);
    }

    /** Stops everything. An interrupt does not shorten it, and is kept. A second call does nothing. */
    synchronized void stop() {
        for (Phase phase : Phase.values()) {
            var closing = running.getOrDefault(phase, List.of()).stream()
                    .map(closeable ->
                            Thread.ofPlatform().daemon().name("stop-" + phase).start(() -> close(closeable)))
                    .toList();
            await(phase, closing);
        }
        running.clear();
    }

    private static void close(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            // The others are to stop all the same, and the process is about to end.
            LOG.warn("standalone.stopFailed: did not stop cleanly", e);
        }
    }

    private static void await(Phase phase, List<Thread> closing) {
        long deadline = System.nanoTime() + phase.patience.toNanos();
        boolean interrupted = false;
        for (Thread thread : closing) {
            while (thread.isAlive() && deadline - System.nanoTime() > 0) {
                try {
                    TimeUnit.NANOSECONDS.timedJoin(thread, deadline - System.nanoTime());
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (thread.isAlive()) {
                LOG.warn("standalone.leftBehind: did not stop in time phase={} patience={}", phase, phase.patience);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
