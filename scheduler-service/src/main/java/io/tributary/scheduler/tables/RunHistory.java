package io.tributary.scheduler.tables;

import io.tributary.scheduler.SqlTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads the history of a sync type of an account from sync_run: its exclusive runs that are over. */
@Component
public record RunHistory(JdbcClient jdbc) {

    /** How far a profile goes back. */
    private static final Duration REMEMBERED = Duration.ofDays(28);

    private static final String ENDED = """
        select user_integration_id, sync_type, max(finished_at) as finished_at
        from sync_run
        where finished_at > :after and finished_at <= :until and exclusive
        group by 1, 2 order by 3 limit :most
        """;

    private static final String RECENT = """
        select r.id, r.status, r.outputs, r.rows_inserted, r.error_code, r.created_at,
               s.sync_state <> '{}' and s.state_changed_at < r.created_at as cursor_stood
        from sync_run r
        join sync_schedule s on s.user_integration_id = r.user_integration_id and s.sync_type = r.sync_type
        where r.user_integration_id = :id and r.sync_type = :syncType and r.finished_at is not null and r.exclusive
        order by r.sequence desc limit :most
        """;

    // Compares successes that covered no longer a time than the last one: an account that is polled more often brings
    // less each time. What the account brought before its config changed says nothing either. A success is low when it
    // brought less than a tenth of what nine of ten brought at least; zero is always low.
    private static final String PROFILE = """
        with success as materialized (
          select r.sequence, r.outputs, r.finished_at,
                 r.created_at - lag(r.created_at) over (order by r.sequence) as covered
          from sync_run r
          join user_integration i on i.id = r.user_integration_id
          where r.user_integration_id = :id and r.sync_type = :syncType and r.exclusive and r.status = 'succeeded'
            and r.finished_at > :after and r.created_at > coalesce(i.access_changed_at, '-infinity')
          order by r.sequence desc limit 12000
        ), comparable as materialized (
          select s.* from success s
          where s.covered <= (select 1.5 * covered + interval '1 minute' from success order by sequence desc limit 1)
        ), bound as (
          select floor(coalesce(percentile_disc(0.1) within group (order by outputs), 0) / 10.0) as low from comparable
        ), marked as (
          select finished_at, outputs <= low as is_low,
                 count(*) filter (where outputs > low) over (order by sequence desc) as stretch
          from comparable, bound
        )
        select count(*) filter (where stretch = 0) as streak,
               count(*) filter (where stretch > 0) as runs,
               count(*) filter (where stretch > 0 and is_low) as low_runs,
               coalesce((select max(low) from (
                 select count(*) filter (where is_low) as low from marked where stretch > 0 group by stretch) of_stretch), 0)
                 as longest_streak,
               coalesce(extract(epoch from max(finished_at) filter (where stretch > 0) - min(finished_at)), 0)::bigint
                 as seconds,
               max(finished_at) filter (where stretch > 0) as last_normal_at
        from marked
        """;

    /** The last run of a sync type that ended in a period. */
    public record Ended(UUID userIntegrationId, String syncType, Instant finishedAt) {}

    /**
     * A run that is over.
     *
     * @param inserted new rows that it wrote
     * @param cursorStood whether the cursor is not empty, and has not changed since before this run
     */
    public record Past(
            UUID id,
            String status,
            long outputs,
            long inserted,
            @Nullable String errorCode,
            boolean cursorStood) {}

    /**
     * What an account usually brings. The last runs in a row that brought little are not part of it.
     *
     * @param streak last successes in a row that brought little
     * @param runs successes before them
     * @param lowRuns those of them that brought little
     * @param longestStreak most of these in a row
     * @param covered time from the first to the last of these runs
     * @param lastNormalAt end of the last run that brought more; null: none did
     */
    public record Profile(
            long streak,
            long runs,
            long lowRuns,
            long longestStreak,
            Duration covered,
            @Nullable Instant lastNormalAt) {}

    /** The sync types of which a run ended in a period, the earliest first. */
    public List<Ended> ended(Instant after, Instant until, int most) {
        return jdbc.sql(ENDED)
                .param("after", SqlTime.of(after))
                .param("until", SqlTime.of(until))
                .param("most", most)
                .query((row, _) -> new Ended(
                        row.getObject("user_integration_id", UUID.class),
                        row.getString("sync_type"),
                        SqlTime.read(row, "finished_at")))
                .list();
    }

    /** The last runs, the newest first. */
    public List<Past> recent(UUID userIntegration, String syncType, int most) {
        return jdbc.sql(RECENT)
                .param("id", userIntegration)
                .param("syncType", syncType)
                .param("most", most)
                .query((row, _) -> new Past(
                        row.getObject("id", UUID.class),
                        row.getString("status"),
                        row.getLong("outputs"),
                        row.getLong("rows_inserted"),
                        row.getString("error_code"),
                        row.getBoolean("cursor_stood")))
                .list();
    }

    /** The profile of the last 28 days. */
    public Profile profile(UUID userIntegration, String syncType, Instant now) {
        return jdbc.sql(PROFILE)
                .param("id", userIntegration)
                .param("syncType", syncType)
                .param("after", SqlTime.of(now.minus(REMEMBERED)))
                .query((row, _) -> new Profile(
                        row.getLong("streak"),
                        row.getLong("runs"),
                        row.getLong("low_runs"),
                        row.getLong("longest_streak"),
                        Duration.ofSeconds(row.getLong("seconds")),
                        SqlTime.find(row, "last_normal_at")))
                .single();
    }
}
