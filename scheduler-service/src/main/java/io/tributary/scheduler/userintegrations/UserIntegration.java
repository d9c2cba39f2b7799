package io.tributary.scheduler.userintegrations;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.swagger.v3.oas.annotations.media.Schema;
import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.http.RunError;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One user's connected account, as answers have it. Credentials are write-only: only whether there are any is told.
 *
 * @param config as Postgres has it, which is JSON
 * @param pollIntervalMinutes how often it is synced; null when it has a {@code scheduleCron}
 * @param scheduleCron when it is synced, by the clocks of scheduleZone; null when it has an interval
 * @param jitterSeconds null: a tenth of the interval, a minute at most
 * @param schedules of further sync types, by name
 * @param retentionDays how many days content is kept, by the items' own time; null: for good
 * @param account whose account it is, as the provider said when it was connected; null: unknown
 * @param syncStatus active, paused, expired (connect it again) or error (change its config)
 * @param nextSyncAt when it is due; null while a run is under way and when it is not polled
 * @param version counts the changes by the API; its entity tag
 * @param error why it is expired or in error, or why its last run failed
 */
record UserIntegration(
        UUID id,
        String userId,
        String integrationDomain,
        String name,
        @JsonRawValue @Schema(implementation = Object.class) String config,
        boolean hasCredentials,
        @Nullable Integer pollIntervalMinutes,
        @Nullable String scheduleCron,
        String scheduleZone,
        @Nullable Integer jitterSeconds,
        String overlap,
        String catchUp,
        @JsonRawValue @Schema(implementation = Object.class) String pauseWindows,
        @JsonRawValue @Schema(implementation = Object.class) String schedules,
        @Nullable Integer retentionDays,
        @Nullable ConnectedAccount account,
        String syncStatus,
        @Nullable Instant lastSyncAt,
        @Nullable Instant nextSyncAt,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable RunError error,
        Instant createdAt,
        Instant updatedAt,
        @JsonIgnore long version) {

    /**
     * The account at the provider.
     *
     * @param id the provider's id of it; null: it has none
     * @param displayName what a person would call it, such as an address; null: unknown
     */
    record ConnectedAccount(@Nullable String id, @Nullable String displayName) {

        static @Nullable ConnectedAccount of(@Nullable String id, @Nullable String displayName) {
            return id == null && displayName == null ? null : new ConnectedAccount(id, displayName);
        }
    }

    private static final String TIME = "to_char(s.%1$s at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')";

    private static final String SCHEDULES =
            """
        (select coalesce(jsonb_object_agg(s.sync_type, jsonb_build_object(
                  'intervalSeconds', case when s.schedule_cron is null then s.interval_seconds end,
                  'scheduleCron', s.schedule_cron, 'scheduleZone', s.schedule_zone,
                  'jitterSeconds', s.jitter_seconds, 'overlap', s.overlap, 'catchUp', s.catch_up,
                  'pauseWindows', coalesce(s.pause_windows, '[]'),
                  'lastSyncAt', %s, 'nextSyncAt', %s)), '{}')::text
         from sync_schedule s where s.user_integration_id = user_integration.id)
        """.formatted(TIME.formatted("last_sync_at"), TIME.formatted("next_sync_at"));

    /** The columns that {@link #read} needs. */
    static final String COLUMNS = """
        id, user_id, integration_domain, name, config::text as config, credentials is not null as has_credentials,
        poll_interval_minutes, schedule_cron, schedule_zone, jitter_seconds, overlap, catch_up,
        coalesce(pause_windows::text, '[]') as pause_windows, """ + SCHEDULES + """
        as schedules, retention_days, account_id, account_name, sync_status, last_sync_at, next_sync_at, error_code, error_message,
        created_at, updated_at, version
        """;

    static UserIntegration read(ResultSet row) throws SQLException {
        String cron = row.getString("schedule_cron");
        return new UserIntegration(
                row.getObject("id", UUID.class),
                row.getString("user_id"),
                row.getString("integration_domain"),
                row.getString("name"),
                row.getString("config"),
                row.getBoolean("has_credentials"),
                cron == null ? row.getInt("poll_interval_minutes") : null,
                cron,
                row.getString("schedule_zone"),
                row.getObject("jitter_seconds", Integer.class),
                row.getString("overlap"),
                row.getString("catch_up"),
                row.getString("pause_windows"),
                row.getString("schedules"),
                row.getObject("retention_days", Integer.class),
                ConnectedAccount.of(row.getString("account_id"), row.getString("account_name")),
                row.getString("sync_status"),
                SqlTime.find(row, "last_sync_at"),
                SqlTime.find(row, "next_sync_at"),
                RunError.of(row.getString("error_code"), row.getString("error_message")),
                SqlTime.read(row, "created_at"),
                SqlTime.read(row, "updated_at"),
                row.getLong("version"));
    }
}
