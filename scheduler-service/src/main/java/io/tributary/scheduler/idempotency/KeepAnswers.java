package io.tributary.scheduler.idempotency;

import io.tributary.scheduler.SqlTime;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The answers to requests with an Idempotency-Key, by caller and key, for 24 hours.
 *
 * <pre>
 *   (none) --claim--> under way --keep--> served --24 h--> (none)
 *                     under way --forget, or 5 min without an answer--> (none)
 * </pre>
 */
@Component
class KeepAnswers {

    /** How long an answer is kept. */
    static final Duration KEPT = Duration.ofHours(24);

    /** After so long without an answer, the process that served the request has died. */
    static final Duration ABANDONED = Duration.ofMinutes(5);

    /** Keys that one statement forgets. */
    private static final int BATCH = 1_000;

    private static final String CLAIM = """
        insert into idempotency_key as known (user_id, key, request, created_at)
        values (:caller, :key, :request, :now)
        on conflict (user_id, key) do update
          set request = excluded.request, status = null, location = null, content_type = null, body = null,
              created_at = excluded.created_at
          where known.created_at < :expired or (known.status is null and known.created_at < :abandoned)
        """;

    private static final Logger log = LoggerFactory.getLogger(KeepAnswers.class);

    private record Known(byte[] request, @Nullable KeptAnswer answer) {}

    private final JdbcClient jdbc;
    private final Clock clock;

    KeepAnswers(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** @param line method and path */
    Claim claim(String caller, String key, String line, byte[] body) {
        Instant now = clock.instant();
        int claimed = jdbc.sql(CLAIM)
                .param("caller", caller)
                .param("key", key)
                .param("request", Digest.of(line, body))
                .param("now", SqlTime.of(now))
                .param("expired", SqlTime.of(now.minus(KEPT)))
                .param("abandoned", SqlTime.of(now.minus(ABANDONED)))
                .update();
        if (claimed == 1) {
            return new Claim.First();
        }
        Known known = jdbc.sql("""
            select request, status, location, content_type, body from idempotency_key
            where user_id = :caller and key = :key
            """)
                .param("caller", caller)
                .param("key", key)
                .query((row, _) -> known(row))
                .optional()
                .orElse(null);
        if (known == null) {
            return new Claim.UnderWay(); // forgotten between the two statements: the next try is the first
        }
        if (!Digest.matches(known.request(), line, body)) {
            return new Claim.OfAnother();
        }
        return known.answer() == null ? new Claim.UnderWay() : new Claim.Served(known.answer());
    }

    /** Keeps the answer to the first request. */
    void keep(String caller, String key, KeptAnswer answer) {
        jdbc.sql("""
            update idempotency_key
            set status = :status, location = :location, content_type = :contentType, body = :body
            where user_id = :caller and key = :key
            """)
                .param("status", answer.status())
                .param("location", answer.location())
                .param("contentType", answer.contentType())
                .param("body", answer.body())
                .param("caller", caller)
                .param("key", key)
                .update();
    }

    /** The first request came to nothing: the next one is the first. */
    void forget(String caller, String key) {
        jdbc.sql("delete from idempotency_key where user_id = :caller and key = :key")
                .param("caller", caller)
                .param("key", key)
                .update();
    }

    /** Forgets what has expired. A failure is logged; the next call goes on. */
    void forgetExpired() {
        try {
            while (forgetBatch() == BATCH && !Thread.currentThread().isInterrupted()) {
                // there may be more
            }
        } catch (DataAccessException e) {
            log.warn("idempotency keys not forgotten, the next sweep goes on code=api.sweepFailed", e);
        }
    }

    private int forgetBatch() {
        return jdbc.sql("""
            delete from idempotency_key where (user_id, key) in (
              select user_id, key from idempotency_key where created_at < :expired order by created_at limit :batch)
            """)
                .param("expired", SqlTime.of(clock.instant().minus(KEPT)))
                .param("batch", BATCH)
                .update();
    }

    private static Known known(ResultSet row) throws SQLException {
        Integer status = row.getObject("status", Integer.class);
        byte[] body = row.getBytes("body");
        return new Known(
                row.getBytes("request"),
                status == null
                        ? null
                        : new KeptAnswer(
                                status,
                                row.getString("location"),
                                row.getString("content_type"),
                                Objects.requireNonNullElse(body, new byte[0])));
    }
}
