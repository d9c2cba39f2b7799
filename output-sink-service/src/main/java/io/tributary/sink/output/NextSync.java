package io.tributary.sink.output;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When a sync type is due again: by its cron expression or else its interval, counted from now, and somewhat later by
 * chance, so that those that were connected together do not stay together. Where its schedule queues one, a time that
 * came while the run was under way is due now.
 */
final class NextSync {

    private static final Logger log = LoggerFactory.getLogger(NextSync.class);
    private static final Duration MAX_JITTER = Duration.ofMinutes(1);
    private static final int JITTER_SHARE = 10;

    private final RandomGenerator random;

    NextSync(RandomGenerator random) {
        this.random = random;
    }

    /**
     * After a run that ended.
     *
     * @param begunAt when the run was queued
     * @param userIntegrationId for the log
     * @return null: never, since the cron expression names no time to come. One that cannot be read counts as none
     */
    @Nullable
    Instant after(Instant now, Instant begunAt, Schedule schedule, UUID userIntegrationId) {
        CronTimes cron = cron(schedule, userIntegrationId);
        if (cron == null) {
            Instant next = (schedule.queuesOne() ? begunAt : now).plus(schedule.interval());
            return next.isAfter(now) ? later(next, schedule.interval(), schedule) : now;
        }
        Instant missed = schedule.queuesOne() ? cron.after(begunAt) : null;
        return missed != null && !missed.isAfter(now) ? now : byCron(cron, now, schedule);
    }

    private @Nullable Instant byCron(CronTimes cron, Instant now, Schedule schedule) {
        Instant next = cron.after(now);
        if (next == null) {
            return null;
        }
        Instant afterNext = cron.after(next);
        return afterNext == null ? next : later(next, Duration.between(next, afterNext), schedule);
    }

    private Instant later(Instant next, Duration interval, Schedule schedule) {
        Duration share = interval.dividedBy(JITTER_SHARE);
        Duration usual = share.compareTo(MAX_JITTER) < 0 ? share : MAX_JITTER;
        long bound = (schedule.jitter() == null ? usual : schedule.jitter()).toMillis();
        return next.plusMillis(random.nextLong(bound + 1));
    }

    private static @Nullable CronTimes cron(Schedule schedule, UUID userIntegrationId) {
        String expression = schedule.cron();
        if (expression == null || expression.isBlank()) {
            return null;
        }
        try {
            return new CronTimes(expression, schedule.zone());
        } catch (IllegalArgumentException | DateTimeException e) {
            log.error(
                    "sink.cronUnreadable: polled by interval instead userIntegrationId={} cron={} zone={}",
                    userIntegrationId,
                    expression,
                    schedule.zone());
            return null;
        }
    }
}
