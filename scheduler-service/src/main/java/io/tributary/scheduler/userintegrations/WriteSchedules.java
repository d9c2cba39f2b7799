package io.tributary.scheduler.userintegrations;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.manifests.Manifest;
import io.tributary.scheduler.manifests.Manifest.SyncType;
import io.tributary.scheduler.polling.Schedule;
import io.tributary.scheduler.userintegrations.ScheduleSettings.PauseHours;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes the schedules of sync types that are not the default one, within the transaction of the user integration whose
 * row is locked or new.
 */
@Component
class WriteSchedules {

    private static final JsonMapper JSON = JsonMapper.shared();

    private static final ScheduleSettings AS_USUAL = ScheduleSettings.ofDefault(null, null, null, null, null, null);

    private static final String WRITE = """
        insert into sync_schedule as s (user_integration_id, sync_type, interval_seconds, schedule_cron, schedule_zone,
                                        jitter_seconds, overlap, catch_up, pause_windows, next_sync_at,
                                        integration_domain)
        values (:id, :syncType, coalesce(:interval::integer, :usual), :cron::text, coalesce(:zone::text, 'UTC'),
                :jitter::integer, coalesce(:overlap::text, 'skip'), coalesce(:catchUp::text, 'once'),
                :windows::jsonb, case when :active then :now::timestamptz end,
                (select integration_domain from user_integration where id = :id))
        on conflict (user_integration_id, sync_type) do update
        set interval_seconds = coalesce(:interval::integer, s.interval_seconds),
            schedule_cron = case when :interval::integer is null then coalesce(:cron::text, s.schedule_cron) end,
            schedule_zone = coalesce(:zone::text, s.schedule_zone),
            jitter_seconds = coalesce(:jitter::integer, s.jitter_seconds),
            overlap = coalesce(:overlap::text, s.overlap),
            catch_up = coalesce(:catchUp::text, s.catch_up),
            pause_windows = coalesce(:windows::jsonb, s.pause_windows)
        returning s.interval_seconds, s.schedule_cron, s.schedule_zone, s.catch_up,
                  s.pause_windows::text as pause_windows, s.last_sync_at, s.next_sync_at
        """;

    private static final String SET_NEXT = """
        update sync_schedule set next_sync_at = :next where user_integration_id = :id and sync_type = :syncType
        """;

    private static final String REMOVE =
            "delete from sync_schedule where user_integration_id = :id and sync_type = :syncType";

    private record Written(
            Schedule schedule,
            @Nullable Instant lastSyncAt,
            @Nullable Instant nextSyncAt) {}

    private final JdbcClient jdbc;

    WriteSchedules(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Checks what a request says of them. */
    static void check(
            @Nullable Map<String, @Nullable ScheduleSettings> asked, Manifest manifest, Violations violations) {
        if (asked == null) {
            return;
        }
        var names = further(manifest).stream().map(SyncType::name).toList();
        asked.forEach((syncType, settings) -> {
            if (!names.contains(syncType)) {
                violations.add(
                        "/schedules",
                        names.isEmpty()
                                ? manifest.domain() + " has no sync type beside its default one"
                                : "takes the sync types " + String.join(", ", names));
            } else if (settings != null) {
                CheckSchedule.check(syncType, settings, violations);
            }
        });
    }

    /**
     * Schedules every further sync type as asked or as usual, but for those for which null was asked; due at once if
     * {@code active}, otherwise as soon as the user integration is.
     */
    void create(
            UUID id,
            Manifest manifest,
            @Nullable Map<String, @Nullable ScheduleSettings> asked,
            boolean active,
            Instant now) {
        Map<String, @Nullable ScheduleSettings> settings = asked == null ? Map.of() : asked;
        for (SyncType syncType : further(manifest)) {
            if (!settings.containsKey(syncType.name())) {
                write(id, syncType, AS_USUAL, active, now);
            } else if (settings.get(syncType.name()) instanceof ScheduleSettings own) {
                write(id, syncType, own, active, now);
            }
        }
    }

    /** Changes what was asked for; null ends the schedule of a sync type, and forgets its state. */
    void change(
            UUID id, Manifest manifest, Map<String, @Nullable ScheduleSettings> asked, boolean active, Instant now) {
        for (SyncType syncType : further(manifest)) {
            if (asked.get(syncType.name()) instanceof ScheduleSettings own) {
                write(id, syncType, own, active, now);
            } else if (asked.containsKey(syncType.name())) {
                jdbc.sql(REMOVE)
                        .param("id", id)
                        .param("syncType", syncType.name())
                        .update();
            }
        }
    }

    private void write(UUID id, SyncType syncType, ScheduleSettings settings, boolean active, Instant now) {
        var written = jdbc.sql(WRITE)
                .param("id", id)
                .param("syncType", syncType.name())
                .param("interval", settings.intervalSeconds())
                .param("usual", (int) Math.clamp(syncType.intervalSeconds(), 10, 31_536_000))
                .param("cron", settings.scheduleCron())
                .param("zone", settings.scheduleZone())
                .param("jitter", settings.jitterSeconds())
                .param("overlap", settings.overlap())
                .param("catchUp", settings.catchUp())
                .param("windows", windowsJson(settings.pauseWindows()))
                .param("active", active)
                .param("now", SqlTime.of(now))
                .query((row, _) -> written(row))
                .single();
        Instant next = next(written.schedule(), written.lastSyncAt(), written.nextSyncAt(), now);
        if (settings.changesTimes() && next != null) {
            jdbc.sql(SET_NEXT)
                    .param("id", id)
                    .param("syncType", syncType.name())
                    .param("next", SqlTime.of(next))
                    .update();
        }
    }

    /**
     * When something is due by a schedule that was changed. Null stays: a run is under way, and its completion sets it by
     * the new schedule. So does what is due already.
     */
    static @Nullable Instant next(
            Schedule schedule, @Nullable Instant lastSyncAt, @Nullable Instant nextSyncAt, Instant now) {
        if (nextSyncAt == null || !nextSyncAt.isAfter(now)) {
            return nextSyncAt;
        }
        Instant base = schedule.cron() != null || lastSyncAt == null ? now : lastSyncAt;
        Instant next = schedule.nextAfter(base);
        return next.isBefore(now) ? now : next;
    }

    /** As the column has them; null: none were given. */
    static @Nullable String windowsJson(@Nullable List<PauseHours> windows) {
        return windows == null
                ? null
                : JSON.writeValueAsString(windows.stream()
                        .map(window -> new PauseHours(
                                Objects.requireNonNullElse(window.days(), List.of()), window.from(), window.to()))
                        .toList());
    }

    private static List<SyncType> further(Manifest manifest) {
        return manifest.syncTypes().subList(1, manifest.syncTypes().size());
    }

    private static Written written(ResultSet row) throws SQLException {
        return new Written(Schedule.read(row), SqlTime.find(row, "last_sync_at"), SqlTime.find(row, "next_sync_at"));
    }
}
