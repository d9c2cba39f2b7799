package io.tributary.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The schedule of a sync type: a cron expression, or else an interval after its last run. Every value of
 * {@code next_sync_at} except "now" and "never" comes from here.
 *
 * @param interval 10 seconds to a year
 * @param cron null: the interval applies
 * @param zone of the cron expression and of the pause windows
 * @param jitter most time that is added at random to the next time after a run; null: a tenth of the interval, a minute
 *     at most
 * @param queuesOne whether a run starts at the end of a run during which a time came
 * @param catchesUp whether one run starts after missed times
 * @param pauseWindows hours in which no run starts
 */
public record Schedule(
        Duration interval,
        @Nullable Cron cron,
        ZoneId zone,
        @Nullable Duration jitter,
        boolean queuesOne,
        boolean catchesUp,
        List<PauseWindow> pauseWindows) {

    /** A time that is late by more than this was missed; a running scheduler is never this late. */
    static final Duration MISSED = Duration.ofMinutes(5);

    /** Longest wait of a schedule with a shorter period after failures in a row. */
    public static final Duration LONGEST_WAIT = Duration.ofHours(4);

    private static final Duration MAX_USUAL_JITTER = Duration.ofMinutes(1);
    private static final int USUAL_JITTER_SHARE = 10;

    /** The decision when a time has come. */
    public sealed interface Decision {

        /** Start a run. */
        record Start() implements Decision {}

        /** Start no run now; the schedule is due again at {@code time}. */
        record PostponeUntil(Instant time) implements Decision {}
    }

    public Schedule {
        pauseWindows = List.copyOf(pauseWindows);
    }

    /** Decides at {@code now} about the time {@code due} that has come. */
    public Decision decide(Instant due, Instant now) {
        Optional<Instant> pausedUntil = PauseWindow.endOfAll(pauseWindows, now, zone);
        if (pausedUntil.isPresent()) {
            Instant end = pausedUntil.get();
            return new Decision.PostponeUntil(catchesUp ? end : nextAfter(end.minusNanos(1)));
        }
        boolean missed = due.isBefore(now.minus(MISSED));
        return missed && !catchesUp ? new Decision.PostponeUntil(nextAfter(now)) : new Decision.Start();
    }

    /** The next time after {@code time}, without jitter: after a run that could not start, or for a new schedule. */
    public Instant nextAfter(Instant time) {
        return cron == null ? time.plus(interval) : cron.nextAfter(time, zone);
    }

    /**
     * The next time after this schedule replaced another one.
     *
     * @param lastSyncAt end of the last successful run; null: none
     * @param nextSyncAt next time by the old schedule. Null stays: a run is live, and its end sets the time by the new
     *     schedule. A time that has come stays as well
     */
    public @Nullable Instant nextAfterChange(@Nullable Instant lastSyncAt, @Nullable Instant nextSyncAt, Instant now) {
        if (nextSyncAt == null || !nextSyncAt.isAfter(now)) {
            return nextSyncAt;
        }
        Instant next = nextAfter(cron != null || lastSyncAt == null ? now : lastSyncAt);
        return next.isBefore(now) ? now : next;
    }

    /**
     * The next time after a run ended at {@code now}; with jitter, so that accounts that were connected together drift
     * apart.
     *
     * @param queuedAt when the run was queued
     */
    public Instant nextAfterRun(Instant queuedAt, Instant now, RandomGenerator random) {
        Instant next = nextAfter(queuesOne ? queuedAt : now);
        if (!next.isAfter(now)) {
            return now;
        }
        Duration period = cron == null ? interval : Duration.between(next, cron.nextAfter(next, zone));
        return next.plusMillis(random.nextLong(longestJitter(period).toMillis() + 1));
    }

    /**
     * The next time after a run failed at {@code now} as a whole: the period after the first failure, twice as long
     * after each further one, up to {@link #LONGEST_WAIT} or the period, whichever is longer. A cron expression fires
     * at its own times only, so those within the wait are passed over. Times that came during the run do not count.
     *
     * @param failures failures in a row, this one included, 1 and up
     */
    public Instant nextAfterFailure(int failures, Instant now, RandomGenerator random) {
        Instant next = nextAfter(now);
        Duration period = cron == null ? interval : Duration.between(next, cron.nextAfter(next, zone));
        Duration cap = period.compareTo(LONGEST_WAIT) > 0 ? period : LONGEST_WAIT;
        Duration added = new Backoff(period, 2, cap, 0).after(failures).minus(period);
        return nextAfter(now.plus(added))
                .plusMillis(random.nextLong(longestJitter(period).toMillis() + 1));
    }

    private Duration longestJitter(Duration period) {
        if (jitter != null) {
            return jitter;
        }
        Duration share = period.dividedBy(USUAL_JITTER_SHARE);
        return share.compareTo(MAX_USUAL_JITTER) < 0 ? share : MAX_USUAL_JITTER;
    }
}
