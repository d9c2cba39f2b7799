package io.tributary.scheduler.runs;

import io.tributary.scheduler.accounts.Account;
import io.tributary.scheduler.accounts.Accounts;
import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Problem;
import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.manifests.Manifests;
import io.tributary.scheduler.pauses.Pauses;
import io.tributary.scheduler.runs.NewRun.FirstTask;
import io.tributary.scheduler.security.Caller;
import io.tributary.scheduler.tables.RunQueries;
import io.tributary.schemas.RefreshAccess;
import io.tributary.schemas.Trigger;
import java.time.Instant;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Renews the access token of an account on request, whatever its age: a system run of one task, one at a time, which
 * the worker that owns the account executes. It also runs when the account has expired, and makes it active again if
 * the provider grants a token. The end of the run is the result.
 */
@Component
record RefreshNow(
        RunQueries runs,
        Manifests manifests,
        Accounts accounts,
        Pauses pauses,
        StartRuns startRuns,
        AwaitAccount awaitRun) {

    private static final RunOptions FORCE = new RunOptions(null, null, true);

    /**
     * The result of a request.
     *
     * @param alreadyRunning whether the run existed before
     * @param finished whether the run has ended; its status and its error are those of the renewal
     */
    record Refreshed(UUID runId, boolean alreadyRunning, boolean finished) {}

    private record Started(UUID runId, boolean alreadyRunning) {}

    /**
     * Queues a run, and waits briefly for its end.
     *
     * @throws ApiException when there is no such user integration, it has nothing to renew, or it is paused
     */
    Refreshed refresh(UUID userIntegrationId, Caller caller) {
        Started started = startRuns.one(
                now -> {
                    Account account = accounts.lock(userIntegrationId, caller).account();
                    if (!manifests.require(account.integrationDomain()).auth().contains("oauth2")
                            || !accounts.hasCredentials(userIntegrationId)) {
                        throw new ApiException(Problem.of(
                                HttpStatus.CONFLICT,
                                "oauth.refreshImpossible",
                                "The account has no OAuth2 access to renew. Connect it first."));
                    }
                    pauses.refusePaused(userIntegrationId, account.integrationDomain());
                    return queue(account, now);
                },
                Started::runId);
        return new Refreshed(started.runId(), started.alreadyRunning(), awaitRun.end(started.runId()));
    }

    private Started queue(Account account, Instant now) {
        var run = NewRun.of(account, RefreshAccess.SYNC_TYPE, Trigger.system)
                .withOptions(FORCE.toJson(new Violations()))
                .beginningWith(new FirstTask(RefreshAccess.TASK_TYPE));
        return startRuns
                .queue(run, now)
                .map(runId -> new Started(runId, false))
                .orElseGet(() -> new Started(
                        runs.findLiveSystem(account.id(), RefreshAccess.SYNC_TYPE)
                                .orElseThrow(),
                        true));
    }
}
