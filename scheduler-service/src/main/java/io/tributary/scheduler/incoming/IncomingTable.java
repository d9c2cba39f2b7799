package io.tributary.scheduler.incoming;

import io.tributary.scheduler.accounts.Account;
import io.tributary.scheduler.quotas.Quotas.Owner;
import io.tributary.scheduler.tables.PauseTable;
import io.tributary.scheduler.tables.RunQueries;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The tables webhook_receipt and webhook_trigger. */
@Component
record IncomingTable(JdbcClient jdbc) {

    // In one order, so that two replicas that have seen the same webhooks do not wait for each other in a circle.
    private static final String RECEIVE = """
        insert into webhook_receipt (endpoint_id, key, received_at)
        select w.endpoint_id, w.key, min(w.at)
        from unnest(:endpoints::uuid[], :keys::uuid[], :times::timestamptz[]) as w (endpoint_id, key, at)
        group by w.endpoint_id, w.key
        order by w.endpoint_id, w.key
        on conflict do nothing
        returning endpoint_id, key
        """;

    /** Tasks that wait for the next run of an account; with more, a run of the sync type serves the further ones. */
    private static final int MOST_TASKS = 1_000;

    // A row that another transaction is about to delete, since it starts its run, is waited for.
    private static final String WANT = """
        with matched as (
          select i.id, i.integration_domain, w.sync_type, w.task_type, w.payload, w.at, w.number,
                 (select count(*) from (select from webhook_trigger t
                                         where t.user_integration_id = i.id limit :most) as waiting) < :most as has_room
          from unnest(:accounts::uuid[], :domains::text[], :accountIds::text[], :syncTypes::text[],
                      :taskTypes::text[], :payloads::text[], :times::timestamptz[]) with ordinality
            as w (account, domain, account_id, sync_type, task_type, payload, at, number)
          join user_integration i on i.integration_domain = w.domain
            and (i.id = w.account or (w.account is null and i.account_id = w.account_id))
        ), noted as (
          insert into webhook_trigger (user_integration_id, integration_domain, sync_type, task_type, payload,
                                       received_at)
          select id, integration_domain, sync_type, case when has_room then task_type end,
                 case when has_room then payload end, at
          from matched
          order by id, number
          on conflict (user_integration_id, sync_type) where task_type is null do nothing
        )
        select count(distinct number) from matched
        """;

    // Only while no run is live: a webhook that arrives during a run may be about what that run has read already.
    private static final String LOCK_STARTABLE = """
        select t.id as trigger_id, t.user_integration_id, i.user_id, i.org_id, i.integration_domain, t.sync_type,
               t.task_type, t.payload
        from webhook_trigger t
        join user_integration i on i.id = t.user_integration_id
        where t.id > :after and i.sync_status = 'active' and not exists (%s) and not %s
        order by t.id
        limit :batch
        for update of t skip locked
        """.formatted(
                    RunQueries.LIVE_EXCLUSIVE.formatted("t.user_integration_id", "t.sync_type"),
                    PauseTable.paused("t.integration_domain", "t.user_integration_id::text"));

    /**
     * A run that a webhook wants.
     *
     * @param keys of its receipts; the webhook is a repetition if one of them is known
     */
    record Wanted(UUID endpoint, List<UUID> keys, String domain, Target target, Run run, Instant receivedAt) {

        /**
         * The account.
         *
         * @param account the user integration; null: the one with this id at the provider
         */
        record Target(@Nullable UUID account, String accountId) {}

        /**
         * The run.
         *
         * @param taskType null: a run of the sync type
         * @param payload JSON object as text; null: none
         */
        record Run(
                String syncType,
                @Nullable String taskType,
                @Nullable String payload) {}
    }

    /**
     * A run that can start.
     *
     * @param taskType null: a run of the sync type
     */
    record Startable(
            long triggerId,
            Account account,
            Owner owner,
            String syncType,
            @Nullable String taskType,
            @Nullable String payload) {}

    /** Identifies a webhook of an endpoint. */
    private record Key(UUID endpointId, UUID key) {}

    private record Receipt(Key key, Instant receivedAt) {}

    /** Notes webhooks as seen; returns those that were not seen before, in their order. */
    List<List<Wanted>> receive(List<List<Wanted>> webhooks) {
        List<Receipt> receipts = webhooks.stream()
                .flatMap(wanted -> wanted.stream().limit(1))
                .flatMap(IncomingTable::receipts)
                .toList();
        if (receipts.isEmpty()) {
            return List.of();
        }
        Set<Key> fresh = new HashSet<>(jdbc.sql(RECEIVE)
                .param("endpoints", texts(receipts, it -> it.key().endpointId().toString()))
                .param("keys", texts(receipts, it -> it.key().key().toString()))
                .param("times", texts(receipts, it -> it.receivedAt().toString()))
                .query(Key.class)
                .list());
        // Of two equal ones in this batch, the first one takes the receipts.
        return webhooks.stream()
                .filter(wanted -> !wanted.isEmpty() && takeAll(fresh, wanted.getFirst()))
                .toList();
    }

    private static boolean takeAll(Set<Key> fresh, Wanted webhook) {
        List<Key> its = receipts(webhook).map(Receipt::key).toList();
        boolean all = fresh.containsAll(its);
        its.forEach(fresh::remove);
        return all;
    }

    private static Stream<Receipt> receipts(Wanted webhook) {
        return webhook.keys().stream().map(key -> new Receipt(new Key(webhook.endpoint(), key), webhook.receivedAt()));
    }

    /**
     * Notes the runs of webhooks; those of one sync type that no run has served yet are one.
     *
     * @return how many of them have an account
     */
    long want(List<Wanted> wanted) {
        if (wanted.isEmpty()) {
            return 0;
        }
        return jdbc.sql(WANT)
                .param("most", MOST_TASKS)
                .param(
                        "accounts",
                        texts(
                                wanted,
                                it -> it.target().account() == null
                                        ? null
                                        : it.target().account().toString()))
                .param("domains", texts(wanted, Wanted::domain))
                .param("accountIds", texts(wanted, it -> it.target().accountId()))
                .param("syncTypes", texts(wanted, it -> it.run().syncType()))
                .param("taskTypes", texts(wanted, it -> it.run().taskType()))
                .param("payloads", texts(wanted, it -> it.run().payload()))
                .param("times", texts(wanted, it -> it.receivedAt().toString()))
                .query(Long.class)
                .single();
    }

    /**
     * Locks the runs that can start, the oldest first: their accounts are active, not paused, and without a live run.
     *
     * @param after only rows with a higher id
     */
    List<Startable> lockStartable(long after, int batch) {
        return jdbc.sql(LOCK_STARTABLE)
                .param("after", after)
                .param("batch", batch)
                .query((row, _) -> startable(row))
                .list();
    }

    /** Deletes those whose run is queued. */
    void started(Collection<Long> triggerIds) {
        jdbc.sql("delete from webhook_trigger where id = any (:ids::bigint[])")
                .param("ids", triggerIds.toArray(Long[]::new))
                .update();
    }

    private static Startable startable(ResultSet row) throws SQLException {
        return new Startable(
                row.getLong("trigger_id"),
                Account.read(row, "user_integration_id"),
                new Owner(row.getString("user_id"), row.getString("org_id")),
                row.getString("sync_type"),
                row.getString("task_type"),
                row.getString("payload"));
    }

    private static <T> @Nullable String[] texts(List<T> rows, Function<T, @Nullable String> text) {
        return rows.stream().map(text).toArray(String[]::new);
    }
}
