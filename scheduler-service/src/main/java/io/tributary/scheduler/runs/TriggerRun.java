package io.tributary.scheduler.runs;

import io.tributary.scheduler.accounts.Account;
import io.tributary.scheduler.accounts.Accounts;
import io.tributary.scheduler.accounts.Accounts.State;
import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Problem;
import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.manifests.Manifests;
import io.tributary.scheduler.pauses.Pauses;
import io.tributary.scheduler.schedules.ScheduleTable;
import io.tributary.scheduler.schedules.ScheduleTable.Next;
import io.tributary.scheduler.schedules.WriteSchedules;
import io.tributary.scheduler.security.Caller;
import io.tributary.scheduler.tables.RunQueries;
import io.tributary.schemas.ManifestDocument.SyncType;
import io.tributary.schemas.Trigger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Starts a requested run: now, whatever the schedule is, also when polling is paused. If a run is live already, returns
 * that run. A range makes a backfill, which is concurrent with the live run.
 */
@Component
public record TriggerRun(
        RunQueries runs,
        Manifests manifests,
        Accounts accounts,
        Pauses pauses,
        StartRuns startRuns,
        ScheduleTable schedules) {

    /** The result of a trigger: the run, and whether it existed before. */
    public record Triggered(UUID runId, boolean alreadyRunning) {}

    /**
     * Queues a run and requests its immediate dispatch. A repeated call returns the same run while it is live.
     *
     * @param syncType null: the default one
     * @throws ApiException when there is no such user integration, it cannot run as it is, or the options are invalid
     */
    public Triggered trigger(UUID userIntegrationId, @Nullable String syncType, RunOptions options, Caller caller) {
        var violations = new Violations();
        String optionsJson = options.toJson(violations);
        violations.throwIfAny();
        return startRuns.one(
                now -> {
                    State state = accounts.lock(userIntegrationId, caller);
                    refuseStopped(state);
                    Account account = state.account();
                    pauses.refusePaused(account.id(), account.integrationDomain());
                    String name = syncType(account, syncType);
                    return options.isBackfill()
                            ? backfill(
                                    NewRun.of(account, name, Trigger.backfill).withOptions(optionsJson), now)
                            : manual(NewRun.of(account, name, Trigger.manual).withOptions(optionsJson), now);
                },
                Triggered::runId);
    }

    /**
     * Refuses what needs an account that works.
     *
     * @throws ApiException when it has expired or is in error
     */
    public static void refuseStopped(State state) {
        String remedy = switch (state.status()) {
            case expired -> "Connect the account again: PATCH its credentials.";
            case error -> "Correct it: PATCH its config, or set its syncStatus to active to retry unchanged.";
            case active, paused -> null;
        };
        if (remedy != null) {
            String code = state.errorCode() == null ? "polling." + state.status() : state.errorCode();
            String cause = state.errorMessage() == null ? "" : state.errorMessage() + " ";
            throw new ApiException(Problem.of(HttpStatus.CONFLICT, code, cause + remedy));
        }
    }

    private String syncType(Account account, @Nullable String requested) {
        var manifest = manifests.require(account.integrationDomain());
        String byDefault = manifest.defaultSyncType()
                .orElseThrow(() -> WriteSchedules.nothingToSync(manifest))
                .name();
        if (requested == null || requested.equals(byDefault)) {
            schedules.nameDefault(List.of(account.id()), byDefault);
            return byDefault;
        }
        var names = manifest.syncTypes().stream().map(SyncType::name).toList();
        var violations = new Violations();
        violations.check(
                names.contains(requested),
                "/syncType",
                "is not a sync type of " + account.integrationDomain() + ": " + String.join(", ", names));
        violations.throwIfAny();
        return requested;
    }

    private Triggered manual(NewRun run, Instant now) {
        UUID id = run.account().id();
        Optional<UUID> live = runs.findLive(id, run.syncType());
        if (live.isEmpty()) {
            // The end of the run sets the next time, as for a scheduled run.
            schedules.setNext(List.of(new Next(id, run.syncType(), null)));
        }
        return triggered(live, run, now);
    }

    private Triggered backfill(NewRun run, Instant now) {
        return triggered(runs.findLiveBackfill(run.account().id(), run.syncType(), run.options()), run, now);
    }

    private Triggered triggered(Optional<UUID> live, NewRun run, Instant now) {
        return live.map(id -> new Triggered(id, true))
                .orElseGet(() -> new Triggered(startRuns.queue(run, now).orElseThrow(), false));
    }
}
