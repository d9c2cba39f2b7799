package io.tributary.pipeline.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * How late runs are, and whether one is skipped or doubled, when many user integrations fall due on three schedulers of
 * which one dies by signal 9 again and again; and what a cycle costs for which nothing is due, or everything but
 * paused.
 *
 * <p>Late is from the time that a user integration was due until its initial task was read from the topic.
 */
final class KeepSchedules implements Scenario {

    private static final int REPLICAS = 3;
    private static final Duration START = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration IDLE = Duration.ofSeconds(15);
    private static final Load TRAINING = new Load(1_000, 100, Duration.ofSeconds(10), Duration.ofDays(1));

    @Override
    public void measure(Lab lab, Effort effort, Figures figures) throws InterruptedException {
        var load = new Load(
                effort.size(1_000_000, 20_000),
                effort.size(2_000, 200),
                Duration.ofSeconds(effort.size(300, 30)),
                Duration.ofSeconds(effort.size(60, 30)));
        Path cache = lab.folder().resolve("scheduler.aot");
        train(lab, cache);
        for (int round = 0; round < effort.rounds(); round++) {
            try (var replicas = Replicas.on(lab, "schedules" + round, REPLICAS, "-XX:AOTCache=" + cache)) {
                measureRound(lab, load, replicas, figures);
            }
        }
    }

    /**
     * Writes the ahead-of-time cache that an image of the scheduler comes with: what a JVM loaded and linked under a
     * small load, so that the next one starts for less than half.
     */
    private static void train(Lab lab, Path cache) throws InterruptedException {
        try (var replicas = Replicas.on(lab, "training", 1, "-XX:AOTCacheOutput=" + cache);
                var schedules = Schedules.insert(lab, replicas.topics(), TRAINING)) {
            replicas.awaitReady();
            schedules.begin(Instant.now());
            schedules.awaitAll(PATIENCE);
            replicas.stop();
        }
        if (!Files.exists(cache)) {
            throw new IllegalStateException("the JVM wrote no cache, see its log in " + lab.folder());
        }
    }

    /**
     * What falls due.
     *
     * @param integrations all there are
     * @param perSecond of these, those that fall due each second; each comes twice
     * @param duration for how long
     * @param killEvery time between two deaths
     */
    record Load(int integrations, int perSecond, Duration duration, Duration killEvery) {

        /** Those that fall due at all. */
        int active() {
            return (int) (perSecond * duration.toSeconds() / 2);
        }

        /** From one run of a user integration to its next. */
        Duration period() {
            return duration.dividedBy(2);
        }
    }

    private static void measureRound(Lab lab, Load load, Replicas replicas, Figures figures)
            throws InterruptedException {
        try (var schedules = Schedules.insert(lab, replicas.topics(), load)) {
            replicas.awaitReady();
            Instant begin = Instant.now().plus(START);
            schedules.begin(begin);
            Instant end = begin.plus(load.duration());
            killUntil(end, begin, load, replicas);
            replicas.awaitReady();
            schedules.awaitAll(PATIENCE);

            double idle = idleCycleMillis(replicas);
            schedules.pauseWithEverythingDue();
            double paused = idleCycleMillis(replicas);

            var lateness = Quantiles.of(schedules.latenessMillis());
            figures.add("scheduler.lateness_p50_ms", "ms", lateness.at(0.5));
            figures.add("scheduler.lateness_p99_ms", "ms", lateness.at(0.99));
            figures.add("scheduler.lateness_max_ms", "ms", lateness.at(1));
            figures.add("scheduler.skipped", "runs", schedules.skipped());
            figures.add("scheduler.doubled", "runs", schedules.doubled());
            figures.add("scheduler.published_again", "tasks", schedules.publishedAgain());
            figures.add("scheduler.idle_cycle_ms", "ms", idle);
            figures.add("scheduler.paused_cycle_ms", "ms", paused);
        }
    }

    private static double idleCycleMillis(Replicas replicas) throws InterruptedException {
        var before = replicas.idleCycles();
        TimeUnit.MILLISECONDS.sleep(IDLE.toMillis());
        return replicas.idleCycles().since(before).meanMillis();
    }

    private static void killUntil(Instant end, Instant begin, Load load, Replicas replicas)
            throws InterruptedException {
        int killed = 0;
        // Half a period in, so that the last death is well before the end.
        for (Instant next = begin.plus(load.killEvery().dividedBy(2));
                next.isBefore(end);
                next = next.plus(load.killEvery())) {
            sleepUntil(next);
            replicas.killAndStartAgain(killed++ % REPLICAS);
        }
        sleepUntil(end);
    }

    /** The load is one of wall-clock times. Returns at once where the time is over. */
    static void sleepUntil(Instant time) throws InterruptedException {
        long millis = Duration.between(Instant.now(), time).toMillis();
        if (millis > 0) {
            TimeUnit.MILLISECONDS.sleep(millis);
        }
    }
}
