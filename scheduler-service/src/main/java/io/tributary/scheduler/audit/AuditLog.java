package io.tributary.scheduler.audit;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.http.Cursor;
import io.tributary.scheduler.http.Page;
import io.tributary.scheduler.http.PageRequest;
import io.tributary.scheduler.security.Caller;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Writes and reads the audit log. It has no bodies, which may hold secrets. */
@Component
record AuditLog(JdbcClient jdbc, Clock clock) {

    private static final String BEGIN = """
        insert into audit_log (at, user_id, org_id, operator, action, target, remote_address)
        values (:now, :userId, :orgId, :operator, :action, :target, :remoteAddress)
        returning id
        """;

    private static final String END = """
        update audit_log set status = :status, target = coalesce(:created, target) where id = :id
        """;

    /** Adds the entry of a change before the change, so that none happens without an entry. Returns the entry's id. */
    long begin(Caller caller, String action, String target, String remoteAddress) {
        return jdbc.sql(BEGIN)
                .param("now", SqlTime.of(clock.instant()))
                .param("userId", caller.userId())
                .param("orgId", caller.orgId())
                .param("operator", caller.operator())
                .param("action", action)
                .param("target", target)
                .param("remoteAddress", remoteAddress)
                .query(Long.class)
                .single();
    }

    /** Adds the outcome; {@code created}: path of the created resource. */
    void end(long id, int status, @Nullable String created) {
        jdbc.sql(END)
                .param("id", id)
                .param("status", status)
                .param("created", created)
                .update();
    }

    /** Lists entries of a user, or of all users (null), that the caller may see, newest first. */
    Page<AuditEntry> list(@Nullable String userId, PageRequest page, Caller caller) {
        page.check();
        String ofUser = userId == null ? "true" : "user_id = :userId";
        var found = caller.statement(jdbc, """
            select id, at, user_id, org_id, operator, action, target, status, remote_address from audit_log
            where id < :before and %s and %s
            order by id desc
            limit :limit
            """.formatted(ofUser, "%s"), "user_id")
                .param("before", page.afterNumber(Cursor.AUDIT_LOG, Long.MAX_VALUE))
                .param("userId", userId)
                .param("limit", page.rows())
                .query(AuditEntry.class)
                .list();
        return page.of(found, Cursor.AUDIT_LOG, AuditEntry::id);
    }
}
