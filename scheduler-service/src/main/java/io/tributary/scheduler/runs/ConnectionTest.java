package io.tributary.scheduler.runs;

import io.tributary.scheduler.accounts.Account;
import io.tributary.scheduler.accounts.Accounts;
import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.manifests.Manifests;
import io.tributary.scheduler.pauses.Pauses;
import io.tributary.scheduler.runs.AwaitAccount.FoundAccount;
import io.tributary.scheduler.runs.NewRun.FirstTask;
import io.tributary.scheduler.security.Caller;
import io.tributary.scheduler.tables.AccountTable;
import io.tributary.scheduler.tables.RunQueries;
import io.tributary.schemas.ConnectAccount;
import io.tributary.schemas.Trigger;
import io.tributary.schemas.TryAccount;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Tests whether an account works: a run of one task that identifies the account or, where the integration cannot,
 * executes the first task of a sync and keeps nothing. It is concurrent with the live run, one at a time, and also runs
 * when the account has expired. The end of the run is the result: succeeded, or failed with the provider's reason.
 */
@Component
record ConnectionTest(
        AccountTable table,
        RunQueries runs,
        Manifests manifests,
        Accounts accounts,
        Pauses pauses,
        StartRuns startRuns,
        AwaitAccount awaitAccount) {

    private static final String SYNC_TYPE = TryAccount.SYNC_TYPE;

    /**
     * The result of a test.
     *
     * @param alreadyRunning whether the run existed before
     * @param account the account at the provider; null: unknown, or not known yet
     */
    record Tried(
            UUID runId, boolean alreadyRunning, @Nullable FoundAccount account) {}

    private record Started(UUID runId, boolean alreadyRunning, boolean identifies) {}

    /**
     * Queues a run and, if it can identify the account, waits briefly for its end.
     *
     * @throws ApiException when there is no such user integration, or it is paused
     */
    Tried test(UUID userIntegrationId, Caller caller) {
        Started started = startRuns.one(
                now -> {
                    Account account = accounts.lock(userIntegrationId, caller).account();
                    boolean identifies =
                            manifests.require(account.integrationDomain()).connects();
                    pauses.refusePaused(userIntegrationId, account.integrationDomain());
                    return queue(account, identifies, now);
                },
                Started::runId);
        FoundAccount account =
                started.identifies() ? awaitAccount.of(started.runId()).orElse(null) : null;
        return new Tried(started.runId(), started.alreadyRunning(), account);
    }

    private Started queue(Account account, boolean identifies, Instant now) {
        var first = new FirstTask(identifies ? ConnectAccount.TASK_TYPE : TryAccount.TASK_TYPE);
        Optional<UUID> queued =
                startRuns.queue(NewRun.of(account, SYNC_TYPE, Trigger.system).beginningWith(first), now);
        if (queued.isPresent() && identifies) {
            table.clearIdentify(account.id());
        }
        return queued.map(runId -> new Started(runId, false, identifies))
                .orElseGet(() ->
                        new Started(runs.findLiveSystem(account.id(), SYNC_TYPE).orElseThrow(), true, identifies));
    }
}
