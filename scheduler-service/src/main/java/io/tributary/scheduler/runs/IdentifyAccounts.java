package io.tributary.scheduler.runs;

import io.tributary.scheduler.tables.AccountTable;
import io.tributary.schemas.ConnectAccount;
import org.springframework.stereotype.Component;

/**
 * Starts a system run for each account that was connected or changed, which identifies it at the provider. Safe with
 * several replicas. An account that changes during such a run gets another run after it: the first may have used old
 * credentials.
 */
@Component
public record IdentifyAccounts(AccountTable accounts, StartRuns startRuns) {

    /** Accounts of one transaction. */
    private static final int BATCH = 200;

    /** Starts the due runs, on the timer's thread. */
    public void run() {
        startRuns.forAccounts(
                "polling.cycleFailed",
                now -> accounts.takeToIdentify(now, BATCH),
                ConnectAccount.SYNC_TYPE,
                ConnectAccount.TASK_TYPE);
    }
}
