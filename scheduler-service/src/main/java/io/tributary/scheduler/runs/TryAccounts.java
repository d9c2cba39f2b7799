package io.tributary.scheduler.runs;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.manifests.Manifests;
import io.tributary.scheduler.pauses.Pauses;
import io.tributary.scheduler.polling.Outbox;
import io.tributary.scheduler.runs.AwaitAccount.FoundAccount;
import io.tributary.scheduler.security.Caller;
import io.tributary.schemas.ConnectAccount;
import io.tributary.schemas.TryAccount;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Finds out whether an account works: a run of one task that asks the provider whose account it is or, where the
 * integration cannot, does what a sync begins with and keeps nothing. It goes beside the live run, one at a time, also
 * when the account has expired. Its end is the answer: succeeded, or failed with the provider's reason.
 */
@Component
class TryAccounts {

    private static final String SYNC_TYPE = "system:test";

    private static final String QUEUE = """
        insert into sync_run (user_integration_id, user_id, integration_domain, sync_type, trigger, initial_task_type,
                              initial_payload, created_at)
        select id, user_id, integration_domain, :syncType, 'system', :taskType, '{}', :now
        from user_integration where id = :id
        on conflict do nothing
        returning id
        """;

    private static final String FIND_LIVE = """
        select id from sync_run
        where user_integration_id = :id and sync_type = :syncType and finished_at is null
        """;

    // A run that begins now asks with what is there now: nobody else needs to.
    private static final String ASKED = "update user_integration set connect_due_at = null where id = :id";

    /**
     * What a trial came to.
     *
     * @param alreadyRunning whether the run was there before
     * @param account whose account it is; null: nobody knows, or not yet
     */
    record Tried(
            UUID runId, boolean alreadyRunning, @Nullable FoundAccount account) {}

    private record Queued(UUID runId, boolean alreadyRunning, boolean connects) {}

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final Manifests manifests;
    private final Pauses pauses;
    private final Outbox outbox;
    private final AwaitAccount awaitAccount;
    private final Clock clock;

    TryAccounts(
            JdbcClient jdbc,
            TransactionOperations transaction,
            Manifests manifests,
            Pauses pauses,
            Outbox outbox,
            AwaitAccount awaitAccount,
            Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.manifests = manifests;
        this.pauses = pauses;
        this.outbox = outbox;
        this.awaitAccount = awaitAccount;
        this.clock = clock;
    }

    /**
     * Queues a run and, where it can find out whose account it is, waits a little for its end.
     *
     * @throws ApiException when there is no such user integration, or it is paused
     */
    Tried tryOut(UUID userIntegrationId, Caller caller) {
        var queued = Objects.requireNonNull(transaction.execute(_ -> {
            String domain = lock(userIntegrationId, caller);
            boolean connects = manifests.require(domain).connects();
            pauses.refusePaused(userIntegrationId, domain);
            return queue(userIntegrationId, connects);
        }));
        outbox.dispatchSoon(List.of(queued.runId()));
        FoundAccount account =
                queued.connects() ? awaitAccount.of(queued.runId()).orElse(null) : null;
        return new Tried(queued.runId(), queued.alreadyRunning(), account);
    }

    private String lock(UUID id, Caller caller) {
        return jdbc.sql("select integration_domain from user_integration where id = :id and %s for update"
                        .formatted(caller.ownRows("user_id")))
                .param("id", id)
                .param(Caller.PARAMETER, caller.userId())
                .query(String.class)
                .optional()
                .orElseThrow(ApiException::notFound);
    }

    private Queued queue(UUID id, boolean connects) {
        Optional<UUID> queued = jdbc.sql(QUEUE)
                .param("id", id)
                .param("syncType", SYNC_TYPE)
                .param("taskType", connects ? ConnectAccount.TASK_TYPE : TryAccount.TASK_TYPE)
                .param("now", SqlTime.of(clock.instant()))
                .query(UUID.class)
                .optional();
        if (queued.isPresent() && connects) {
            jdbc.sql(ASKED).param("id", id).update();
        }
        return queued.map(runId -> new Queued(runId, false, connects))
                .orElseGet(() -> new Queued(live(id), true, connects));
    }

    private UUID live(UUID id) {
        return jdbc.sql(FIND_LIVE)
                .param("id", id)
                .param("syncType", SYNC_TYPE)
                .query(UUID.class)
                .single();
    }
}
