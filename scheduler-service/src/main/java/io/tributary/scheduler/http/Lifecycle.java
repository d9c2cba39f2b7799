package io.tributary.scheduler.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tributary.scheduler.SqlTime;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The error and the times of a run or a replay, as responses show them.
 *
 * @param etaSeconds estimated remaining time at the present speed; absent until a speed is known, and after the end
 */
public record Lifecycle(
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable RunError error,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long etaSeconds) {

    /**
     * Reads error_code, error_message, created_at, started_at and finished_at.
     *
     * @param done units of work that are done
     * @param open units of work that are not
     * @param pausedUntil time before which no work is done; null: none
     */
    public static Lifecycle read(ResultSet row, Instant now, long done, long open, @Nullable Instant pausedUntil)
            throws SQLException {
        Instant startedAt = SqlTime.find(row, "started_at");
        Instant finishedAt = SqlTime.find(row, "finished_at");
        return new Lifecycle(
                RunError.of(row.getString("error_code"), row.getString("error_message")),
                SqlTime.read(row, "created_at"),
                startedAt,
                finishedAt,
                finishedAt == null ? etaSeconds(startedAt, now, done, open, pausedUntil) : null);
    }

    static @Nullable Long etaSeconds(
            @Nullable Instant startedAt, Instant now, long done, long open, @Nullable Instant pausedUntil) {
        if (startedAt == null || done == 0) {
            return null;
        }
        double secondsAUnit = Math.max(0, Duration.between(startedAt, now).toMillis()) / 1000.0 / done;
        long wait = pausedUntil == null
                ? 0
                : Math.max(0, Duration.between(now, pausedUntil).toSeconds());
        return wait + Math.round(secondsAUnit * open);
    }
}
