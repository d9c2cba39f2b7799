package io.tributary.scheduler.userintegrations;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.swagger.v3.oas.annotations.media.Schema;
import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.http.RunError;
import io.tributary.scheduler.tables.FlagTable.Flag;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A user's connected account, as responses show it. Credentials are write-only: responses only show whether there are
 * any.
 *
 * @param config JSON, as stored in Postgres
 * @param retentionDays days that content is kept, by the items' own time; null: forever
 * @param version counts the changes by the API; its entity tag
 */
record UserIntegration(
        UUID id,
        @JsonUnwrapped Owner owner,
        String integrationDomain,
        String name,
        @JsonRawValue @Schema(implementation = Object.class) String config,
        boolean hasCredentials,
        @JsonUnwrapped Schedules scheduled,
        @Nullable Integer retentionDays,
        @JsonUnwrapped State state,
        Instant createdAt,
        Instant updatedAt,
        @JsonIgnore long version) {

    /**
     * Whose account it is.
     *
     * @param orgId the organisation; the user's id where there is none
     */
    record Owner(String userId, String orgId) {}

    /**
     * The schedule of the default sync type, and those of the others.
     *
     * @param pollIntervalMinutes time between syncs; null when it has a {@code scheduleCron}
     * @param scheduleCron cron expression, in the time zone scheduleZone; null when it has an interval
     * @param jitterSeconds null: a tenth of the interval, a minute at most
     * @param schedules schedules of additional sync types, by name
     */
    record Schedules(
            @Nullable Integer pollIntervalMinutes,
            @Nullable String scheduleCron,
            String scheduleZone,
            @Nullable Integer jitterSeconds,
            String overlap,
            String catchUp,

            @JsonRawValue @Schema(implementation = Object.class)
            String pauseWindows,

            @JsonRawValue @Schema(implementation = Object.class)
            String schedules) {}

    /**
     * The state of its syncs.
     *
     * @param account the account as the provider identified it; null: unknown
     * @param syncStatus active, paused, expired (connect it again) or error (change its config)
     * @param nextSyncAt time of the next sync; null while a run is live and when it is not polled
     * @param error reason why it is expired or in error, or why its last run failed
     * @param flags what the watchdog found wrong and is not over, the oldest first
     */
    record State(
            @Nullable ConnectedAccount account,
            String syncStatus,
            @Nullable Instant lastSyncAt,
            @Nullable Instant nextSyncAt,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            RunError error,

            @JsonUnwrapped Health health,

            @JsonRawValue @Schema(implementation = Flag[].class)
            String flags) {}

    /**
     * The result of its last health check, or of a sync that contradicted it since.
     *
     * @param healthStatus unknown (not checked yet), healthy, unreachable (the provider did not answer, or not now),
     *     expired (connect it again) or misconfigured (change its config)
     * @param healthCheckedAt when; null: never
     * @param healthError why it is not healthy
     */
    record Health(
            String healthStatus,
            @Nullable Instant healthCheckedAt,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            RunError healthError) {}

    /**
     * The account at the provider.
     *
     * @param id the provider's id; null: none
     * @param displayName its name for people, such as an address; null: unknown
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
             from sync_schedule s where s.user_integration_id = i.id and not s.is_default)
            """.formatted(TIME.formatted("last_sync_at"), TIME.formatted("next_sync_at"));

    private static final String FLAGS = """
        (select coalesce(jsonb_agg(jsonb_build_object(
                  'code', s.code, 'message', s.message, 'syncType', nullif(s.sync_type, ''), 'runId', s.run_id,
                  'since', %s) order by s.since, s.code, s.sync_type), '[]')::text
         from account_flag s where s.user_integration_id = i.id)
        """.formatted(TIME.formatted("since"));

    /** Rows for {@link #read}: of i, user_integration, and of d, its default schedule. */
    static final String SELECT = """
        select i.id, i.user_id, i.org_id, i.integration_domain, i.name, i.config::text as config,
               i.credentials is not null as has_credentials, d.interval_seconds / 60 as poll_interval_minutes,
               d.schedule_cron, coalesce(d.schedule_zone, 'UTC') as schedule_zone, d.jitter_seconds,
               coalesce(d.overlap, 'skip') as overlap, coalesce(d.catch_up, 'once') as catch_up,
               coalesce(d.pause_windows::text, '[]') as pause_windows,\
        """ + SCHEDULES + """
               as schedules,\
        """ + FLAGS + """
               as flags, i.health_status, i.health_checked_at, i.health_code, i.health_message, i.retention_days,
               i.account_id, i.account_name, i.sync_status, d.last_sync_at,
               d.next_sync_at, i.error_code, i.error_message, i.created_at, i.updated_at, i.version
        from user_integration i
        left join sync_schedule d on d.user_integration_id = i.id and d.is_default
        """;

    static UserIntegration read(ResultSet row) throws SQLException {
        String cron = row.getString("schedule_cron");
        return new UserIntegration(
                row.getObject("id", UUID.class),
                new Owner(row.getString("user_id"), row.getString("org_id")),
                row.getString("integration_domain"),
                row.getString("name"),
                row.getString("config"),
                row.getBoolean("has_credentials"),
                new Schedules(
                        cron == null ? row.getObject("poll_interval_minutes", Integer.class) : null,
                        cron,
                        row.getString("schedule_zone"),
                        row.getObject("jitter_seconds", Integer.class),
                        row.getString("overlap"),
                        row.getString("catch_up"),
                        row.getString("pause_windows"),
                        row.getString("schedules")),
                row.getObject("retention_days", Integer.class),
                new State(
                        ConnectedAccount.of(row.getString("account_id"), row.getString("account_name")),
                        row.getString("sync_status"),
                        SqlTime.find(row, "last_sync_at"),
                        SqlTime.find(row, "next_sync_at"),
                        RunError.of(row.getString("error_code"), row.getString("error_message")),
                        new Health(
                                row.getString("health_status"),
                                SqlTime.find(row, "health_checked_at"),
                                RunError.of(row.getString("health_code"), row.getString("health_message"))),
                        row.getString("flags")),
                SqlTime.read(row, "created_at"),
                SqlTime.read(row, "updated_at"),
                row.getLong("version"));
    }
}
