package io.tributary.sink.output;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;

/**
 * Does to the schedule of a sync type that is not the default one what the end of a run means: its state, when it was
 * synced, and when it is due again. One whose schedule was ended meanwhile has none of these.
 */
final class AdvanceSchedules {

    private static final String LOCK = """
            select interval_seconds, %s
              from sync_schedule where user_integration_id = :id and sync_type = :syncType
               for no key update""".formatted(Schedule.COLUMNS);

    /** A newer run that succeeded has moved the state already; an older one must not take it back. */
    private static final String ADVANCE = """
            update sync_schedule s
               set sync_state = case
                     when cast(:syncState as jsonb) is null or exists (
                       select from sync_run newer
                        where newer.user_integration_id = s.user_integration_id and newer.sequence > :sequence
                          and newer.sync_type = s.sync_type and newer.status = 'succeeded' and newer.own_schedule
                          and newer.trigger not in ('backfill', 'replay', 'system'))
                     then s.sync_state else cast(:syncState as jsonb) end,
                   last_sync_at = greatest(s.last_sync_at, cast(:syncedAt as timestamptz)),
                   next_sync_at = case when i.sync_status = 'active' then cast(:nextSyncAt as timestamptz) end
              from user_integration i
             where i.id = s.user_integration_id and s.user_integration_id = :id and s.sync_type = :syncType""";

    private final NamedParameterJdbcTemplate jdbc;
    private final NextSync nextSync;
    private final Clock clock;

    AdvanceSchedules(NamedParameterJdbcTemplate jdbc, NextSync nextSync, Clock clock) {
        this.jdbc = jdbc;
        this.nextSync = nextSync;
        this.clock = clock;
    }

    /** Within the transaction that locked the user integration and the run. */
    void advance(Completion completion) {
        Run run = completion.run();
        if (run.goesBeside()) {
            return;
        }
        var schedule = new MapSqlParameterSource()
                .addValue("id", run.userIntegration().id())
                .addValue("syncType", run.syncType());
        lock(schedule)
                .ifPresent(locked -> jdbc.update(
                        ADVANCE,
                        schedule.addValue("sequence", run.sequence())
                                .addValue("syncState", completion.syncState())
                                .addValue("syncedAt", utc(completion.syncedAt()))
                                .addValue("nextSyncAt", utc(next(locked, run)))));
    }

    private Optional<Schedule> lock(MapSqlParameterSource schedule) {
        return jdbc
                .query(
                        LOCK,
                        schedule,
                        (row, n) -> Schedule.read(Duration.ofSeconds(row.getInt("interval_seconds")), row))
                .stream()
                .findFirst();
    }

    private @Nullable Instant next(Schedule schedule, Run run) {
        return nextSync.after(
                clock.instant(),
                run.createdAt(),
                schedule,
                run.userIntegration().id());
    }

    private static @Nullable OffsetDateTime utc(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }
}
