package io.tributary.scheduler.stats;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.http.Cursor;
import io.tributary.scheduler.http.Page;
import io.tributary.scheduler.http.PageRequest;
import io.tributary.scheduler.http.Times;
import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.security.Caller;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads the sums of finished runs, which are of all users, the newest first. */
@Component
record ReadStats(JdbcClient jdbc) {

    /** Longest domain of a request, characters. */
    private static final int MAX_DOMAIN = 63;

    private static final String LIST = """
        select integration_domain, bucket, runs, succeeded, tasks_completed, tasks_failed, outputs, run_seconds
        from sync_stats
        where %s and bucket >= :since and bucket < :until
          and bucket <= :time and (bucket < :time or integration_domain > :after)
        order by bucket desc, integration_domain limit :limit
        """;

    /** The place of an item in the list. */
    private record Position(Instant time, String domain) {

        static final Position FIRST = new Position(Times.LATEST, "");

        static Position parse(String text) {
            int colon = text.indexOf(':');
            String domain = text.substring(colon + 1);
            if (!Violations.isStorable(domain)) {
                throw new IllegalArgumentException("not storable");
            }
            return new Position(Times.ofMicros(text.substring(0, Math.max(0, colon))), domain);
        }

        static Position of(SyncStats stats) {
            return new Position(stats.from(), stats.integrationDomain());
        }

        @Override
        public String toString() {
            return Times.micros(time) + ":" + domain;
        }
    }

    Page<SyncStats> list(
            @Nullable String domain,
            @Nullable Instant since,
            @Nullable Instant until,
            PageRequest page,
            Caller caller) {
        caller.requireOperator("see the sums of all runs");
        page.check();
        var violations = new Violations();
        violations.checkText(domain, MAX_DOMAIN, "integrationDomain");
        Times.check(since, "since", violations);
        Times.check(until, "until", violations);
        violations.throwIfAny();
        Position after = page.after(Cursor.STATS, Position.FIRST, Position::parse);
        var found = jdbc.sql(LIST.formatted(domain == null ? "true" : "integration_domain = :domain"))
                .param("domain", domain)
                .param("since", SqlTime.of(Objects.requireNonNullElse(since, Times.EARLIEST)))
                .param("until", SqlTime.of(Objects.requireNonNullElse(until, Times.LATEST)))
                .param("time", SqlTime.of(after.time()))
                .param("after", after.domain())
                .param("limit", page.rows())
                .query((row, _) -> read(row))
                .list();
        return page.of(found, Cursor.STATS, Position::of);
    }

    private static SyncStats read(ResultSet row) throws SQLException {
        return new SyncStats(
                row.getString("integration_domain"),
                SqlTime.read(row, "bucket"),
                row.getLong("runs"),
                row.getLong("succeeded"),
                row.getLong("tasks_completed"),
                row.getLong("tasks_failed"),
                row.getLong("outputs"),
                row.getDouble("run_seconds"));
    }
}
