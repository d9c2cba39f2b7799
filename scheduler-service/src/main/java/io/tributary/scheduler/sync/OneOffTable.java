package io.tributary.scheduler.sync;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.accounts.Account;
import io.tributary.scheduler.runs.NewRun;
import io.tributary.scheduler.runs.NewRun.FirstTask;
import io.tributary.scheduler.security.Caller;
import io.tributary.scheduler.tables.PauseTable;
import io.tributary.scheduler.tables.RunQueries;
import io.tributary.scheduler.tables.SystemRuns;
import io.tributary.schemas.Trigger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table one_off_task. */
@Component
record OneOffTable(JdbcClient jdbc) {

    private static final String COLUMNS = """
        id, user_integration_id, integration_domain, task_type as type, payload::text as payload, run_at,
        case when cancelled_at is not null then 'cancelled' when run_id is not null then 'started' else 'waiting' end
          as status,
        run_id, created_at, cancelled_at
        """;

    private static final String WAITING = "run_id is null and cancelled_at is null";

    private static final String INSERT = """
        insert into one_off_task (user_integration_id, user_id, integration_domain, task_type, payload, run_at,
                                  created_at)
        select id, user_id, integration_domain, :type, :payload::jsonb, :runAt, :now
        from user_integration
        where id = :userIntegrationId and (
          select count(*) from one_off_task where user_integration_id = :userIntegrationId and %s) < :max
        returning %s
        """.formatted(WAITING, COLUMNS);

    private static final String GET = "select " + COLUMNS + " from one_off_task where id = :id and %s";

    // A cursor is the id of a one-off task: older requests come next.
    private static final String LIST = "select " + COLUMNS + """
         from one_off_task
        where %s and (:after::uuid is null or (created_at, id) <
                      (select created_at, id from one_off_task where id = :after::uuid))
        order by created_at desc, id desc
        limit :limit
        """;

    private static final String COUNT_WAITING = "select count(*) from one_off_task where " + WAITING + " and %s";

    private static final String CANCEL =
            "update one_off_task set cancelled_at = :now where id = :id and " + WAITING + " and %s";

    private static final String CANCEL_EACH = """
        update one_off_task set cancelled_at = :now
        where id in (
          select id from one_off_task
          where run_id is null and cancelled_at is null and %s
            and (:userIntegrationId::uuid is null or user_integration_id = :userIntegrationId::uuid)
            and (:domain::text is null or integration_domain = :domain::text)
          order by id limit :max
          for update)
        """;

    private static final String LOCK_DUE = """
        with %s
        select o.* from due_domain cross join lateral (
          select o.id, o.user_integration_id, o.user_id, o.integration_domain, o.task_type, o.payload::text as payload
          from one_off_task o
          where o.integration_domain = domain and o.run_id is null and o.cancelled_at is null and o.run_at <= :now
            and not exists (%s)
            and not %s
          order by o.run_at, o.created_at, o.id
          limit :batch
          for update skip locked) o
        limit :batch
        """.formatted(
                    PauseTable.dueDomains("one_off_task", "run_at", WAITING),
                    RunQueries.LIVE_OF_TYPE.formatted("o.user_integration_id"),
                    PauseTable.paused("o.user_integration_id::text"));

    private static final String MARK_STARTED = "update one_off_task set run_id = id where id = any (:ids::uuid[])";

    /**
     * A one-off task to insert.
     *
     * @param payload JSON object as text
     */
    record NewOneOff(UUID userIntegrationId, String type, String payload, Instant runAt) {}

    /** Inserts a one-off task; empty: {@code max} of the account wait already. */
    Optional<OneOff> insert(NewOneOff task, int max, Instant now) {
        return jdbc.sql(INSERT)
                .param("userIntegrationId", task.userIntegrationId())
                .param("type", task.type())
                .param("payload", task.payload())
                .param("runAt", SqlTime.of(task.runAt()))
                .param("now", SqlTime.of(now))
                .param("max", max)
                .query(OneOff.class)
                .optional();
    }

    Optional<OneOff> find(UUID id, Caller caller) {
        return caller.statement(jdbc, GET, "user_id")
                .param("id", id)
                .query(OneOff.class)
                .optional();
    }

    /** Newest first, those after the given one. */
    List<OneOff> list(@Nullable UUID after, int limit, Caller caller) {
        return caller.statement(jdbc, LIST, "user_id")
                .param("after", after)
                .param("limit", limit)
                .query(OneOff.class)
                .list();
    }

    long countWaiting(Caller caller) {
        return caller.statement(jdbc, COUNT_WAITING, "user_id")
                .query(Long.class)
                .single();
    }

    /** Cancels a one-off task, if it waits. */
    void cancel(UUID id, Instant now, Caller caller) {
        caller.statement(jdbc, CANCEL, "user_id")
                .param("id", id)
                .param("now", SqlTime.of(now))
                .update();
    }

    /**
     * Cancels waiting one-off tasks of an account, a platform, or, when both are null, of all; returns their number.
     */
    int cancelEach(@Nullable UUID userIntegrationId, @Nullable String domain, int max, Instant now, Caller caller) {
        return caller.statement(jdbc, CANCEL_EACH, "user_id")
                .param("userIntegrationId", userIntegrationId)
                .param("domain", domain)
                .param("max", max)
                .param("now", SqlTime.of(now))
                .update();
    }

    /** Locks due one-off tasks that are not paused, each as the run that executes it; the run has its id. */
    List<NewRun> lockDue(int batch, Instant now) {
        return jdbc.sql(LOCK_DUE)
                .param("now", SqlTime.of(now))
                .param("batch", batch)
                .param("syncType", SystemRuns.ONE_OFF)
                .query((row, _) -> run(row))
                .list();
    }

    /** Marks those whose run is queued. */
    void markStarted(Collection<UUID> ids) {
        jdbc.sql(MARK_STARTED)
                .param("ids", ids.stream().map(UUID::toString).toArray(String[]::new))
                .update();
    }

    private static NewRun run(ResultSet row) throws SQLException {
        return NewRun.of(Account.read(row, "user_integration_id"), SystemRuns.ONE_OFF, Trigger.system)
                .withId(row.getObject("id", UUID.class))
                .beginningWith(new FirstTask(row.getString("task_type"), row.getString("payload")));
    }
}
