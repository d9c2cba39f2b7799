package io.tributary.scheduler.deadletters;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.accounts.Account;
import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Cursor;
import io.tributary.scheduler.http.Page;
import io.tributary.scheduler.http.PageRequest;
import io.tributary.scheduler.http.RunError;
import io.tributary.scheduler.runs.RunTasksAgain.Again;
import io.tributary.scheduler.security.Caller;
import io.tributary.schemas.RunAgain;
import io.tributary.schemas.SystemTasks;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table dead_letter, as far as the caller may see it. The sink inserts its rows. */
@Component
record DeadLetterTable(JdbcClient jdbc) {

    /** Most causes of a response: those with the newest dead letters. */
    static final int MAX_CAUSES = 100;

    /** As {@link SystemTasks#contain}: the scheduler queues these again by itself. */
    private static final String NO_SYSTEM_TASK =
            "(d.task_type not like '" + SystemTasks.PREFIX + "%%' or d.task_type = '" + RunAgain.TASK_TYPE + "')";

    private static final String LOCK_TASKS = """
        select d.id as letter_id, i.id, i.user_id, i.integration_domain, d.record ->> 'type' as type,
               d.record ->> 'payload' as payload,
               d.record ->> 'sync_type' as sync_type, d.record ->> 'options' as options
        from dead_letter d
        join user_integration i on i.id = d.user_integration_id
        where d.task_type is not null and d.redriven_at is null and %s and %s
        order by d.created_at, d.id
        limit :batch
        for update of d
        """.formatted(NO_SYSTEM_TASK, "%s");

    // Only complete dead letters: a record that was too large was not stored.
    private static final String REQUEST_OUTPUTS = """
        update dead_letter d set redrive_asked_at = :now, redrive_error = null
        where d.task_type is null and d.redriven_at is null and d.redrive_asked_at is null
          and d.error_code in ('polling.outputSaveFailed', 'sink.recordUnreadable')
          and (d.task_id is not null or jsonb_exists(d.record, 'raw')) and %s
        """;

    private static final String MARK = """
        update dead_letter set redriven_at = :now, redriven_by_run = :run, redrive_error = null
        where id = any (:ids::uuid[])
        """;

    /** Newest first. */
    Page<DeadLetter> list(WhichLetters which, PageRequest page, Caller caller) {
        page.check();
        which.check();
        var statement = jdbc.sql("select " + DeadLetter.COLUMNS + """
             from dead_letter d
            where %s and (:after::uuid is null or (d.created_at, d.id) <
                          (select created_at, id from dead_letter where id = :after::uuid))
            order by d.created_at desc, d.id desc
            limit :limit
            """.formatted(which.condition(caller)));
        var found = which.bind(statement, caller)
                .param("after", page.afterItem(Cursor.DEAD_LETTERS))
                .param("limit", page.rows())
                .query((row, _) -> DeadLetter.read(row))
                .list();
        return page.of(found, Cursor.DEAD_LETTERS, DeadLetter::id);
    }

    /** @throws ApiException when there is no such dead letter */
    DeadLetter get(UUID id, Caller caller) {
        return list(new WhichLetters(id, null, null), new PageRequest(1, null), caller).items().stream()
                .findFirst()
                .orElseThrow(ApiException::notFound);
    }

    /** Counts dead letters by cause, the newest first. */
    List<Cause> causes(WhichLetters which, Caller caller) {
        which.check();
        var statement = jdbc.sql("""
            select fingerprint, count(*) as letters, count(*) filter (where redriven_at is null) as open,
                   min(created_at) as first_at, max(created_at) as last_at,
                   (array_agg(error_code order by created_at desc))[1] as error_code,
                   (array_agg(error_message order by created_at desc))[1] as error_message,
                   min(integration_domain) as integration_domain, min(task_type) as task_type
              from dead_letter d
             where %s
             group by fingerprint
             order by last_at desc
             limit :limit
            """.formatted(which.condition(caller)));
        return which.bind(statement, caller)
                .param("limit", MAX_CAUSES)
                .query((row, _) -> new Cause(
                        row.getString("fingerprint"),
                        new RunError(row.getString("error_code"), row.getString("error_message")),
                        row.getString("integration_domain"),
                        row.getString("task_type"),
                        row.getLong("letters"),
                        row.getLong("open"),
                        SqlTime.read(row, "first_at"),
                        SqlTime.read(row, "last_at")))
                .list();
    }

    /**
     * Locks tasks that were not redriven, the oldest first, until the transaction ends.
     *
     * @param batch most tasks
     */
    List<Again<UUID>> lockTasks(WhichLetters which, Caller caller, int batch) {
        return which.bind(jdbc.sql(LOCK_TASKS.formatted(which.condition(caller))), caller)
                .param("batch", batch)
                .query((row, _) -> letter(row))
                .list();
    }

    private static Again<UUID> letter(ResultSet row) throws SQLException {
        return new Again<>(
                row.getObject("letter_id", UUID.class),
                Account.read(row),
                row.getString("sync_type"),
                row.getString("options"),
                row.getString("type"),
                row.getString("payload"));
    }

    /** Notes the run that executes tasks again. */
    void markRedriven(Collection<UUID> tasks, UUID run, Instant now) {
        jdbc.sql(MARK)
                .param("run", run)
                .param("now", SqlTime.of(now))
                .param("ids", tasks.stream().map(UUID::toString).toArray(String[]::new))
                .update();
    }

    /** Marks outputs that were not redriven for the sink, which applies them; returns their number. */
    int requestOutputs(WhichLetters which, Caller caller, Instant now) {
        return which.bind(jdbc.sql(REQUEST_OUTPUTS.formatted(which.condition(caller))), caller)
                .param("now", SqlTime.of(now))
                .update();
    }
}
