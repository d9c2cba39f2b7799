package io.tributary.scheduler.explain;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The one thing that an account, a schedule or a run waits for.
 *
 * @param kind what it waits for
 * @param code stable code of the reason, such as {@code polling.paused}
 * @param message the reason, and what to do if somebody has to act
 * @param until when the wait ends; null: nobody knows
 * @param estimateSeconds estimated time until it continues, or until the run is over where its tasks execute; null: no
 *     estimate
 */
record Wait(
        Kind kind,
        String code,
        String message,
        @Nullable Instant until,
        @Nullable Long estimateSeconds) {

    /** Kinds of waits. */
    enum Kind {
        /** A person has to connect the account again. */
        authorization,
        /** A person has to correct the config. */
        config,
        /** A pause of the account, its platform or everything, a backfill's pause, or a pause window. */
        pause,
        /** The next time of the schedule. */
        schedule,
        /** The next attempt after a failure. */
        retry,
        /** A scheduler, which starts due schedules. */
        scheduler,
        /** Kafka or the schema registry. */
        broker,
        /** A worker. */
        worker,
        /** A worker with the integration's plugin. */
        plugin,
        /** A request: the integration has actions only. */
        request,
        /** The end of another task of the account, or the answer of the provider to the executing ones. */
        concurrency,
        /** The rate limit of the integration or of the provider. */
        rate,
        /** The quota at the provider. */
        quota,
        /** The share of the limits that backfills may use. */
        backfillBudget,
        /** The worker's database. */
        database
    }

    /** A wait that a person or another part of the system ends. */
    static Wait open(Kind kind, String code, String message) {
        return new Wait(kind, code, message, null, null);
    }

    /** A wait that takes about this number of seconds. */
    static Wait about(Kind kind, String code, String message, long seconds) {
        return new Wait(kind, code, message, null, seconds);
    }

    /** A wait until a time; null: unknown. */
    static Wait until(Kind kind, String code, String message, @Nullable Instant until, Instant now) {
        Long seconds =
                until == null ? null : Math.max(0, Duration.between(now, until).toSeconds());
        return new Wait(kind, code, message, until, seconds);
    }
}
