package io.tributary.scheduler.watchdog;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.accounts.Account;
import io.tributary.scheduler.manifests.Manifests;
import io.tributary.scheduler.runs.NewRun;
import io.tributary.scheduler.runs.NewRun.FirstTask;
import io.tributary.scheduler.runs.StartRuns;
import io.tributary.scheduler.tables.PauseTable;
import io.tributary.scheduler.tables.RunQueries;
import io.tributary.schemas.ConnectAccount;
import io.tributary.schemas.HealthCheck;
import io.tributary.schemas.Trigger;
import io.tributary.schemas.TryAccount;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Starts the periodic health check of each active account: a system run that identifies the account at the provider or,
 * where the integration cannot, executes the first task of a sync and keeps nothing. The worker renews an expired
 * access token as for any task, and the sink saves the result. Accounts of a paused platform wait for its end, and cost
 * nothing meanwhile. Safe with several replicas.
 */
@Component
public record CheckHealth(JdbcClient jdbc, Manifests manifests, StartRuns startRuns, WatchdogProperties properties) {

    /** Most checks of one call, so that those of all accounts are spread after an outage too. */
    private static final int BATCH = 200;

    // The platform whose account has waited longest comes first. The next time has a jitter of a tenth, so that checks
    // that began together drift apart.
    static final String TAKE = """
        with %s, due as (
          select i.id from (select * from due_domain order by due) d cross join lateral (
            select id from user_integration
            where integration_domain = domain and sync_status = 'active' and health_due_at <= :now
              and not exists (%s)
            order by health_due_at
            limit :batch
            for no key update skip locked) i
          limit :batch
        )
        update user_integration i
        set health_due_at = :now + :interval * (0.9 + 0.2 * random()) * interval '1 second'
        from due where i.id = due.id
        returning i.id, i.user_id, i.integration_domain
        """.formatted(
            PauseTable.dueDomains(
                    "user_integration", "health_due_at", "sync_status = 'active' and health_due_at is not null"),
            RunQueries.LIVE_OF_TYPE.formatted("user_integration.id"));

    /** Starts the due checks, on a timer's thread. */
    public void run() {
        if (properties.healthInterval().isZero() || !manifests.caughtUp()) {
            return;
        }
        var taken = new AtomicBoolean();
        startRuns.due("watchdog.failed", now -> taken.getAndSet(true) ? List.of() : take(now));
    }

    private List<NewRun> take(Instant now) {
        return jdbc
                .sql(TAKE)
                .param("now", SqlTime.of(now))
                .param("batch", BATCH)
                .param("interval", properties.healthInterval().toSeconds())
                .param("syncType", HealthCheck.SYNC_TYPE)
                .query((row, _) -> Account.read(row))
                .list()
                .stream()
                .flatMap(account -> manifests.find(account.integrationDomain()).stream()
                        .map(manifest -> NewRun.of(account, HealthCheck.SYNC_TYPE, Trigger.system)
                                .beginningWith(new FirstTask(
                                        manifest.connects() ? ConnectAccount.TASK_TYPE : TryAccount.TASK_TYPE))))
                .toList();
    }
}
