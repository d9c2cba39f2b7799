package io.tributary.scheduler.credentials;

import io.tributary.scheduler.runs.StartRuns;
import io.tributary.scheduler.tables.AccountTable;
import io.tributary.schemas.RefreshAccess;
import org.springframework.stereotype.Component;

/**
 * Starts a system run for each account whose access token expires in 5 minutes: the worker that owns the account renews
 * it. Accounts of a paused platform wait for its end, and cost nothing meanwhile. Safe with several replicas; picks
 * each account once, because the time is cleared until the worker sets the next.
 */
@Component
public record RenewDueAccess(AccountTable accounts, StartRuns startRuns) {

    /** Accounts of one transaction. */
    static final int BATCH = 500;

    /** Starts all due runs, on the timer's thread. */
    public void run() {
        startRuns.forAccounts(
                "polling.renewalFailed",
                now -> accounts.takeToRenew(now, BATCH),
                RefreshAccess.SYNC_TYPE,
                RefreshAccess.TASK_TYPE);
    }
}
