package io.tributary.scheduler.audit;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Cursor;
import io.tributary.scheduler.http.Page;
import io.tributary.scheduler.http.Problem;
import io.tributary.scheduler.security.Caller;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Writes and reads the audit log. Bodies are not in it: they may hold secrets. */
@Component
class AuditLog {

    private static final String BEGIN = """
        insert into audit_log (at, user_id, operator, action, target, remote_address)
        values (:now, :userId, :operator, :action, :target, :remoteAddress)
        returning id
        """;

    private static final String END = """
        update audit_log set status = :status, target = coalesce(:created, target) where id = :id
        """;

    private final JdbcClient jdbc;
    private final Clock clock;

    AuditLog(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** Notes what is about to be done, before it is: so nothing changes without an entry. Returns the entry's id. */
    long begin(Caller caller, String action, String target, String remoteAddress) {
        return jdbc.sql(BEGIN)
                .param("now", SqlTime.of(clock.instant()))
                .param("userId", caller.userId())
                .param("operator", caller.operator())
                .param("action", action)
                .param("target", target)
                .param("remoteAddress", remoteAddress)
                .query(Long.class)
                .single();
    }

    /** Notes how it ended; {@code created}: where that is which was created. */
    void end(long id, int status, @Nullable String created) {
        jdbc.sql(END)
                .param("id", id)
                .param("status", status)
                .param("created", created)
                .update();
    }

    /** Newest first; those of one user, or all when it is null. Operators only. */
    Page<AuditEntry> list(@Nullable String userId, int limit, @Nullable String cursor, Caller caller) {
        if (!caller.operator()) {
            throw new ApiException(
                    Problem.of(HttpStatus.FORBIDDEN, "api.forbidden", "Only operators read the audit log."));
        }
        Page.checkLimit(limit);
        var found = jdbc.sql("""
            select id, at, user_id, operator, action, target, status, remote_address from audit_log
            where id < :before and %s
            order by id desc
            limit :limit
            """.formatted(userId == null ? "true" : "user_id = :userId"))
                .param("before", Cursor.AUDIT_LOG.number(cursor, Long.MAX_VALUE))
                .param("userId", userId)
                .param("limit", limit + 1)
                .query((row, _) -> AuditEntry.read(row))
                .list();
        return Page.of(found, limit, last -> Cursor.AUDIT_LOG.after(last.id()));
    }
}
