package io.tributary.scheduler.deadletters;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Cursor;
import io.tributary.scheduler.http.Page;
import io.tributary.scheduler.http.RunError;
import io.tributary.scheduler.security.Caller;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads the dead letters that the caller may see. */
@Component
class ReadDeadLetters {

    /** Causes in an answer at most; those with the newest letters. */
    static final int MAX_CAUSES = 100;

    private final JdbcClient jdbc;

    ReadDeadLetters(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Newest first. */
    Page<DeadLetter> list(WhichLetters which, int limit, @Nullable String cursor, Caller caller) {
        Page.checkLimit(limit);
        which.check();
        var statement = jdbc.sql("select " + DeadLetter.COLUMNS + """
                 from dead_letter d
                where %s and (:after::uuid is null or (d.created_at, d.id) <
                              (select created_at, id from dead_letter where id = :after::uuid))
                order by d.created_at desc, d.id desc
                limit :limit
                """.formatted(which.condition(caller)));
        var found = which.bind(statement, caller)
                .param("after", cursor == null ? null : Cursor.DEAD_LETTERS.uuid(cursor, new UUID(0, 0)))
                .param("limit", limit + 1)
                .query((row, _) -> DeadLetter.read(row))
                .list();
        return Page.of(found, limit, last -> Cursor.DEAD_LETTERS.after(last.id()));
    }

    /** @throws ApiException when there is no such letter */
    DeadLetter get(UUID id, Caller caller) {
        return list(new WhichLetters(id, null, null), 1, null, caller).items().stream()
                .findFirst()
                .orElseThrow(ApiException::notFound);
    }

    /** Letters by cause, the newest first. */
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
}
