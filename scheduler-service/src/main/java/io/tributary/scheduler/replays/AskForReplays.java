package io.tributary.scheduler.replays;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Cursor;
import io.tributary.scheduler.http.Page;
import io.tributary.scheduler.http.Problem;
import io.tributary.scheduler.security.Caller;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Queues, reads and cancels replays. The sink finds them in the table. */
@Component
class AskForReplays {

    /** Replays that wait or run at a time, at most: they are worked on one after the other. */
    static final int MAX_UNFINISHED = 100;

    private static final String QUEUE = """
        insert into replay (kind, requested_by, user_integration_id, task_type, from_time, from_offset, target_schema,
                            created_at)
        select :kind, :caller, :userIntegrationId::uuid, :taskType, :fromTime::timestamptz, :fromOffset::bigint, :targetSchema,
               :now
        where (select count(*) from replay where finished_at is null) < :max
        returning id
        """;

    private static final String CANCEL = """
        update replay set status = 'cancelled', finished_at = :now
        where id = :id and finished_at is null and %s
        """;

    private final JdbcClient jdbc;
    private final Clock clock;

    AskForReplays(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** @throws ApiException when the request is invalid, there is no such user integration, or too many wait */
    Replay queue(ReplayRequest request, Caller caller) {
        request.check(caller);
        if (request.userIntegrationId() != null) {
            checkOwn(request.userIntegrationId(), caller);
        }
        if (request.targetSchema() != null) {
            checkFree(request.targetSchema());
        }
        Instant from = request.from();
        UUID id = jdbc.sql(QUEUE)
                .param("kind", request.kind())
                .param(Caller.PARAMETER, caller.userId())
                .param("userIntegrationId", request.userIntegrationId())
                .param("taskType", request.taskType())
                .param("fromTime", from == null ? null : SqlTime.of(from))
                .param("fromOffset", request.fromOffset())
                .param("targetSchema", request.targetSchema())
                .param("now", SqlTime.of(clock.instant()))
                .param("max", MAX_UNFINISHED)
                .query(UUID.class)
                .optional()
                .orElseThrow(() -> new ApiException(Problem.of(
                        HttpStatus.TOO_MANY_REQUESTS,
                        "replay.tooMany",
                        MAX_UNFINISHED + " replays wait already: ask again when some have ended.")));
        return get(id, caller);
    }

    /** @throws ApiException when there is no such replay */
    Replay get(UUID id, Caller caller) {
        return jdbc.sql("select " + Replay.COLUMNS + " from replay r where r.id = :id and "
                        + caller.ownRows("r.requested_by"))
                .param("id", id)
                .param(Caller.PARAMETER, caller.userId())
                .query((row, _) -> Replay.read(row, clock.instant()))
                .optional()
                .orElseThrow(ApiException::notFound);
    }

    /** Newest first. */
    Page<Replay> list(int limit, @Nullable String cursor, Caller caller) {
        Page.checkLimit(limit);
        // A cursor is the id of a replay: what was made before it comes next.
        var found = jdbc.sql("select " + Replay.COLUMNS + """
                 from replay r
                where %s and (:after::uuid is null or (r.created_at, r.id) <
                              (select created_at, id from replay where id = :after::uuid))
                order by r.created_at desc, r.id desc
                limit :limit
                """.formatted(caller.ownRows("r.requested_by")))
                .param("after", cursor == null ? null : Cursor.REPLAYS.uuid(cursor, new UUID(0, 0)))
                .param(Caller.PARAMETER, caller.userId())
                .param("limit", limit + 1)
                .query((row, _) -> Replay.read(row, clock.instant()))
                .list();
        return Page.of(found, limit, last -> Cursor.REPLAYS.after(last.id()));
    }

    /** Ends it where it is; what it wrote stays. One that has ended stays as it is. */
    Replay cancel(UUID id, Caller caller) {
        jdbc.sql(CANCEL.formatted(caller.ownRows("requested_by")))
                .param("id", id)
                .param(Caller.PARAMETER, caller.userId())
                .param("now", SqlTime.of(clock.instant()))
                .update();
        return get(id, caller);
    }

    private void checkOwn(UUID userIntegrationId, Caller caller) {
        var found = jdbc.sql("select id from user_integration where id = :id and " + caller.ownRows("user_id"))
                .param("id", userIntegrationId)
                .param(Caller.PARAMETER, caller.userId())
                .query(UUID.class)
                .optional();
        if (found.isEmpty()) {
            throw ApiException.notFound();
        }
    }

    /** The sink, who makes it, looks again: this is for whoever asks to hear of it at once. */
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
                    "The schema " + schema + " is there for something else: name one that is not there yet."));
        }
    }
}
