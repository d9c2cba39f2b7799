package io.tributary.scheduler.replays;

import static java.util.Objects.requireNonNull;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.accounts.Accounts;
import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Cursor;
import io.tributary.scheduler.http.Page;
import io.tributary.scheduler.http.PageRequest;
import io.tributary.scheduler.http.Problem;
import io.tributary.scheduler.quotas.Quota;
import io.tributary.scheduler.quotas.Quotas;
import io.tributary.scheduler.quotas.Quotas.Owner;
import io.tributary.scheduler.security.Caller;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/** The table replay: requests, reads and cancels replays. The sink executes them. */
@Component
record RequestReplays(
        JdbcClient jdbc, Accounts accounts, Quotas quotas, TransactionOperations transaction, Clock clock) {

    /** Most replays of all operators together that wait or run at a time. {@link Quota#REPLAYS} limits users. */
    private static final int MAX_OF_OPERATORS = 100;

    private static final String QUEUE = """
        insert into replay (kind, requested_by, org_id, user_integration_id, task_type, from_time, from_offset,
                            by_operator, target_schema, created_at)
        select :kind, :caller, :callerOrg, :userIntegrationId::uuid, :taskType,
               :fromTime::timestamptz, :fromOffset::bigint, :operator, :targetSchema, :now
        where not :operator or (select count(*) from replay where finished_at is null and by_operator) < :max
        returning id
        """;

    private static final String CANCEL = """
        update replay set status = 'cancelled', finished_at = :now
        where id = :id and finished_at is null and %s
        """;

    /** @throws ApiException when the request is invalid, there is no such user integration, or too many wait */
    Replay queue(ReplayRequest request, Caller caller) {
        request.check(caller);
        if (request.userIntegrationId() != null) {
            accounts.require(request.userIntegrationId(), caller);
        }
        if (request.targetSchema() != null) {
            checkFree(request.targetSchema());
        }
        UUID id = requireNonNull(transaction.execute(_ -> {
            if (!caller.operator()) {
                quotas.requireOneMore(Quota.REPLAYS, new Owner(caller.userId(), caller.orgId()));
            }
            return insert(request, caller);
        }));
        return get(id, caller);
    }

    private UUID insert(ReplayRequest request, Caller caller) {
        Instant from = request.from();
        return jdbc.sql(QUEUE)
                .param("kind", request.kind())
                .params(caller.parameters())
                .param("userIntegrationId", request.userIntegrationId())
                .param("taskType", request.taskType())
                .param("fromTime", from == null ? null : SqlTime.of(from))
                .param("fromOffset", request.fromOffset())
                .param("targetSchema", request.targetSchema())
                .param("now", SqlTime.of(clock.instant()))
                .param("operator", caller.operator())
                .param("max", MAX_OF_OPERATORS)
                .query(UUID.class)
                .optional()
                .orElseThrow(() -> new ApiException(Problem.of(
                        HttpStatus.TOO_MANY_REQUESTS,
                        "replay.tooMany",
                        MAX_OF_OPERATORS + " replays of operators have not ended yet."
                                + " Retry when one of them has ended.")));
    }

    /** @throws ApiException when there is no such replay */
    Replay get(UUID id, Caller caller) {
        return caller.statement(
                        jdbc, "select " + Replay.COLUMNS + " from replay r where r.id = :id and %s", "r.requested_by")
                .param("id", id)
                .query((row, _) -> Replay.read(row, clock.instant()))
                .optional()
                .orElseThrow(ApiException::notFound);
    }

    /** Newest first. */
    Page<Replay> list(PageRequest page, Caller caller) {
        page.check();
        // A cursor is the id of a replay: older replays come next.
        var found = caller.statement(jdbc, "select " + Replay.COLUMNS + """
             from replay r
            where %s and (:after::uuid is null or (r.created_at, r.id) <
                          (select created_at, id from replay where id = :after::uuid))
            order by r.created_at desc, r.id desc
            limit :limit
            """, "r.requested_by")
                .param("after", page.afterItem(Cursor.REPLAYS))
                .param("limit", page.rows())
                .query((row, _) -> Replay.read(row, clock.instant()))
                .list();
        return page.of(found, Cursor.REPLAYS, Replay::id);
    }

    /** Ends a replay; its changes so far stay. A replay that has ended stays as it is. */
    Replay cancel(UUID id, Caller caller) {
        caller.statement(jdbc, CANCEL, "requested_by")
                .param("id", id)
                .param("now", SqlTime.of(clock.instant()))
                .update();
        return get(id, caller);
    }

    /** Reports it to the caller immediately; the sink, which creates the schema, checks again. */
    private void checkFree(String schema) {
        long taken = jdbc.sql("""
            select count(*) from pg_namespace
            where nspname = :schema
              and obj_description(oid, 'pg_namespace') is distinct from 'Rebuilt by a replay of outputs.'
            """).param("schema", schema).query(Long.class).single();
        if (taken > 0) {
            throw new ApiException(Problem.of(
                    HttpStatus.CONFLICT,
                    "replay.schemaTaken",
                    "The schema " + schema + " exists for another purpose. Name a schema that does not exist yet."));
        }
    }
}
