package io.tributary.scheduler.explain;

import io.tributary.schedule.Schedule.Decision.PostponeUntil;
import io.tributary.scheduler.accounts.Account;
import io.tributary.scheduler.accounts.Accounts;
import io.tributary.scheduler.explain.Explanation.OfRun;
import io.tributary.scheduler.explain.Explanation.OfSchedule;
import io.tributary.scheduler.explain.Wait.Kind;
import io.tributary.scheduler.manifests.Manifests;
import io.tributary.scheduler.schedules.ScheduleTable;
import io.tributary.scheduler.schedules.ScheduleTable.Scheduled;
import io.tributary.scheduler.security.Caller;
import io.tributary.scheduler.tables.FlagTable;
import io.tributary.scheduler.tables.PauseTable;
import io.tributary.scheduler.tables.RunQueries;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Explains what an account, each of its schedules and each of its live runs waits for: exactly one thing each. */
@Component
final class ExplainAccount {

    private final Tables tables;
    private final Accounts accounts;
    private final Manifests manifests;
    private final Clock clock;

    ExplainAccount(Tables tables, Accounts accounts, Manifests manifests, Clock clock) {
        this.tables = tables;
        this.accounts = accounts;
        this.manifests = manifests;
        this.clock = clock;
    }

    /** The tables that it reads. */
    @Component
    record Tables(ScheduleTable schedules, RunQueries runs, PauseTable pauses, FlagTable flags) {}

    /** @throws io.tributary.scheduler.http.ApiException when there is no such account that the caller may see */
    Explanation explain(UUID id, Caller caller) {
        Instant now = clock.instant();
        Accounts.State state = accounts.find(id, caller);
        @Nullable Wait stop = stop(state).orElse(null);
        List<LiveRun> runs = tables.runs().liveOf(id, (row, _) -> LiveRun.read(row, now));
        List<OfSchedule> schedules = tables.schedules().of(id).stream()
                .map(each -> ofSchedule(each, runs, stop, now))
                .toList();
        Wait whole = stop != null ? stop : whole(schedules, runs, now);
        return new Explanation(
                id,
                state.status().name(),
                whole,
                schedules,
                runs.stream().map(run -> ofRun(run, now)).toList(),
                tables.flags().of(id));
    }

    private static Wait whole(List<OfSchedule> schedules, List<LiveRun> runs, Instant now) {
        return schedules.stream()
                .map(OfSchedule::waitsFor)
                .findFirst()
                .or(() -> runs.stream().findFirst().map(run -> ExplainRun.of(run, now)))
                .orElseGet(() -> Wait.open(
                        Kind.request,
                        "polling.nothingToSync",
                        "The integration syncs nothing. It acts when one of its actions is requested."));
    }

    /** What stops the account as a whole; empty: nothing. */
    private Optional<Wait> stop(Accounts.State state) {
        Account account = state.account();
        String code = state.errorCode();
        String message = state.errorMessage() == null ? "" : state.errorMessage() + " ";
        return switch (state.status()) {
            case expired ->
                Optional.of(Wait.open(
                        Kind.authorization,
                        code == null ? "polling.expired" : code,
                        message + "Connect the account again: PATCH its credentials, or POST authorize."));
            case error ->
                Optional.of(Wait.open(
                        Kind.config,
                        code == null ? "polling.error" : code,
                        message + "Correct it: PATCH its config, or set its syncStatus to active to retry unchanged."));
            case active, paused -> pause(state).or(() -> missingPlugin(account.integrationDomain()));
        };
    }

    private Optional<Wait> pause(Accounts.State state) {
        UUID id = state.account().id();
        String name = tables.pauses()
                .find(id, state.account().integrationDomain())
                .orElse(state.status() == io.tributary.schemas.SyncStatus.paused ? id.toString() : null);
        return Optional.ofNullable(name)
                .map(paused -> Wait.open(
                        Kind.pause,
                        "polling.paused",
                        "'" + paused + "' is paused. It goes on after POST /sync/resume/" + paused + "."));
    }

    private Optional<Wait> missingPlugin(String domain) {
        if (!manifests.caughtUp()) {
            return Optional.of(Wait.open(
                    Kind.broker,
                    "polling.manifestsUnread",
                    "The scheduler has not read the announced integrations from Kafka yet."));
        }
        return manifests.find(domain).isPresent()
                ? Optional.empty()
                : Optional.of(Wait.open(Kind.plugin, Manifests.UNKNOWN, manifests.explainUnknown(domain)));
    }

    private static OfSchedule ofSchedule(Scheduled schedule, List<LiveRun> runs, @Nullable Wait stop, Instant now) {
        Optional<LiveRun> live = runs.stream()
                .filter(run -> schedule.isDefault()
                        ? run.isDefault()
                        : run.syncType().equals(schedule.syncType())
                                && !List.of("backfill", "replay", "system").contains(run.trigger()))
                .findFirst();
        Wait wait =
                stop != null ? stop : live.map(run -> ExplainRun.of(run, now)).orElseGet(() -> idle(schedule, now));
        return new OfSchedule(
                schedule.syncType(),
                schedule.times().nextSyncAt(),
                live.map(LiveRun::id).orElse(null),
                wait);
    }

    private static Wait idle(Scheduled schedule, Instant now) {
        Instant next = schedule.times().nextSyncAt();
        if (next == null) {
            return Wait.about(
                    Kind.scheduler,
                    "polling.scheduleLost",
                    "The schedule has neither a next time nor a live run. The watchdog makes it due.",
                    600);
        }
        if (next.isAfter(now)) {
            return schedule.failures() == 0
                    ? Wait.until(Kind.schedule, "polling.scheduled", "The next sync is scheduled.", next, now)
                    : Wait.until(
                            Kind.retry,
                            "polling.backoff",
                            "The last " + schedule.failures() + " runs failed, so syncs are rarer until one succeeds."
                                    + " POST trigger starts one now.",
                            next,
                            now);
        }
        return schedule.times().schedule().decide(next, now) instanceof PostponeUntil(Instant until)
                ? Wait.until(Kind.pause, "polling.pauseWindow", "A pause window of the schedule is open.", until, now)
                : Wait.about(
                        Kind.scheduler,
                        "polling.due",
                        "The schedule is due since " + next + ", and a scheduler starts it in its next cycle.",
                        1);
    }

    private static OfRun ofRun(LiveRun run, Instant now) {
        return new OfRun(
                run.id(),
                run.syncType(),
                run.trigger(),
                run.executing(),
                run.waitingTasks(),
                Objects.requireNonNull(ExplainRun.of(run, now)));
    }
}
