package io.tributary.scheduler.explain;

import io.tributary.scheduler.explain.LiveRun.Reported;
import io.tributary.scheduler.explain.Wait.Kind;
import io.tributary.scheduler.http.RunError;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Explains what a live run waits for, from its row alone. */
final class ExplainRun {

    /** Time in which a run normally gets to the topic and to a worker. */
    private static final Duration USUAL = Duration.ofSeconds(10);

    private ExplainRun() {}

    static Wait of(LiveRun run, Instant now) {
        if (run.dispatchedAt() == null) {
            return undispatched(run, now);
        }
        if (run.cancelled()) {
            return Wait.open(
                    Kind.worker,
                    "polling.cancelling",
                    "The run was cancelled. Its worker drops its tasks and ends it.");
        }
        if (run.startedAt() == null) {
            return unbegun(run, run.dispatchedAt(), now);
        }
        Reported waits = run.waits();
        if (waits.throttledUntil() != null && waits.throttledUntil().isAfter(now)) {
            return throttled(waits, now);
        }
        if (run.executing() > 0) {
            return executing(run);
        }
        if (run.paused()) {
            return Wait.open(Kind.pause, "polling.paused", "The run is paused: POST /sync/resume/" + run.id() + ".");
        }
        Wait reported = waits.waitsFor() == null ? null : reported(run, waits.waitsFor(), now);
        return reported == null ? silent(run) : reported;
    }

    private static Wait undispatched(LiveRun run, Instant now) {
        if (run.paused()) {
            return Wait.open(
                    Kind.pause,
                    "polling.paused",
                    "The run is queued, and starts when the pause ends: POST /sync/resume/{name}.");
        }
        boolean late = run.lifecycle().createdAt().isBefore(now.minus(USUAL));
        return late
                ? Wait.open(
                        Kind.broker,
                        "polling.dispatchFailed",
                        "The run's first task is not on the topic yet, and is published again every 2 seconds. Check"
                                + " that Kafka and the schema registry can be reached.")
                : Wait.about(Kind.broker, "polling.dispatching", "The run's first task is on its way to the topic.", 1);
    }

    private static Wait unbegun(LiveRun run, Instant dispatchedAt, Instant now) {
        return dispatchedAt.isBefore(now.minus(USUAL))
                ? Wait.open(
                        Kind.worker,
                        "polling.notTaken",
                        "No worker has begun the run. Check that workers with this integration are running, and their"
                                + " lag.")
                : Wait.about(Kind.worker, "polling.dispatched", "The run's first task is on its way to a worker.", 1);
    }

    private static Wait throttled(Reported waits, Instant now) {
        String code = Objects.requireNonNullElse(waits.throttledReason(), "polling.throttled");
        if (code.startsWith("polling.database")) {
            return Wait.until(
                    Kind.database,
                    code,
                    "The worker cannot reach its database, and tries again.",
                    waits.throttledUntil(),
                    now);
        }
        boolean quota = code.toLowerCase(Locale.ROOT).contains("quota");
        return Wait.until(
                quota ? Kind.quota : Kind.rate,
                code,
                quota
                        ? "The quota at the provider is used up until then."
                        : "The provider asked to wait until then (" + code + ").",
                waits.throttledUntil(),
                now);
    }

    private static Wait executing(LiveRun run) {
        String others = run.waitingTasks() == 0
                ? ""
                : " " + run.waitingTasks() + " more wait for one of them to end, or for the rate limit.";
        return new Wait(
                Kind.concurrency,
                "polling.executing",
                run.executing() + " tasks execute." + others,
                null,
                run.lifecycle().etaSeconds());
    }

    private static @Nullable Wait reported(LiveRun run, String reason, Instant now) {
        Instant until = run.waits().waitsUntil();
        return switch (reason) {
            case "pause" ->
                Wait.open(Kind.pause, "polling.paused", "The account, its platform or its backfill is paused.");
            case "concurrency" ->
                Wait.until(
                        Kind.concurrency,
                        "polling.concurrency",
                        "The tasks wait for other tasks of the account to end: its integration limits how many"
                                + " execute.",
                        until,
                        now);
            case "rate" ->
                Wait.until(
                        Kind.rate,
                        "polling.rateLimited",
                        "The tasks wait for the integration's rate limit.",
                        until,
                        now);
            case "quota" ->
                Wait.until(Kind.quota, "polling.quotaExhausted", "The quota at the provider is used up.", until, now);
            case "backfillBudget" ->
                Wait.until(
                        Kind.backfillBudget,
                        "polling.backfillBudget",
                        "Backfills use a fifth of the account's limits; the rest is for its live syncs.",
                        until,
                        now);
            case "retry" ->
                Wait.until(
                        Kind.retry,
                        run.error() == null ? "polling.retry" : run.error().code(),
                        "A task failed, and is tried again after a wait.",
                        until,
                        now);
            default -> null; // a newer worker
        };
    }

    private static Wait silent(LiveRun run) {
        RunError error = run.error();
        return error != null && error.code().equals("polling.runStalled")
                ? Wait.open(Kind.worker, error.code(), error.message())
                : new Wait(
                        Kind.worker,
                        "polling.waiting",
                        run.waitingTasks() + " tasks wait for their worker.",
                        null,
                        run.lifecycle().etaSeconds());
    }
}
