package io.tributary.scheduler.watchdog;

import io.tributary.scheduler.settings.Range;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the watchdog.
 *
 * @param interval between two of its looks, 1 s to 1 min; default 15 s
 * @param runDeadline the longest {@code tributary.worker.run-deadline} of all workers, 1 min and up; default 7 days. A
 *     run that lives for longer than this and {@code runMargin} is ended as timed out
 * @param runMargin time in which a worker's own end of a run arrives, 1 min and up; default 1 h
 * @param silentAfter time without any report after which a run is flagged, longer than
 *     {@code tributary.worker.progress-deadline} of every worker, since a worker reports a run that it knows after
 *     that; 1 min and up; default 20 min
 * @param overdueAfter how late a schedule may be, longer than the time between two polling cycles; 10 s and up; default
 *     5 min
 * @param cursorRuns successful runs in a row with new items and the same cursor, 2 and up; default 3
 * @param learnFor time that the history of an account must cover before its number of outputs is judged, 1 min and up;
 *     default 8 days, so that it contains a weekend
 * @param healthInterval between two checks of an account, 1 min and up, or 0 for none; default 4 h
 */
@ConfigurationProperties("tributary.watchdog")
public record WatchdogProperties(
        @DefaultValue("15s") Duration interval,
        @DefaultValue("7d") Duration runDeadline,
        @DefaultValue("1h") Duration runMargin,
        @DefaultValue("20m") Duration silentAfter,
        @DefaultValue("5m") Duration overdueAfter,
        @DefaultValue("3") int cursorRuns,
        @DefaultValue("8d") Duration learnFor,
        @DefaultValue("4h") Duration healthInterval) {

    private static final Range<Duration> INTERVAL =
            Range.between(Duration.ofSeconds(1), Duration.ofMinutes(1), "1 s to 1 min");
    private static final Range<Duration> OVERDUE = Range.atLeast(Duration.ofSeconds(10), "10 s and up");
    private static final Range<Duration> LONG = Range.atLeast(Duration.ofMinutes(1), "1 min and up");
    private static final Range<Integer> RUNS = Range.atLeast(2, "2 and up");

    public WatchdogProperties {
        INTERVAL.check(interval, "tributary.watchdog.interval");
        LONG.check(runDeadline, "tributary.watchdog.run-deadline");
        LONG.check(runMargin, "tributary.watchdog.run-margin");
        LONG.check(silentAfter, "tributary.watchdog.silent-after");
        OVERDUE.check(overdueAfter, "tributary.watchdog.overdue-after");
        RUNS.check(cursorRuns, "tributary.watchdog.cursor-runs");
        LONG.check(learnFor, "tributary.watchdog.learn-for");
        if (!healthInterval.isZero()) {
            LONG.check(healthInterval, "tributary.watchdog.health-interval");
        }
    }
}
