package io.tributary.scheduler.schedules;

import io.tributary.schedule.PauseWindow;
import io.tributary.schedule.Schedule;
import io.tributary.schedule.ScheduleRow;
import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.accounts.Account;
import io.tributary.scheduler.quotas.Quotas.Owner;
import io.tributary.scheduler.tables.PauseTable;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The table sync_schedule: the schedule and the state of each sync type of each user integration. Triggers copy the
 * default sync type's row to user_integration.
 */
@Component
public record ScheduleTable(JdbcClient jdbc) {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Logger log = LoggerFactory.getLogger(ScheduleTable.class);

    /** A schedule's columns, of s. */
    private static final String COLUMNS = "s." + ScheduleRow.COLUMNS.replace(", ", ", s.")
            + ", s.pause_windows::text as pause_windows, s.last_sync_at, s.next_sync_at";

    private static final String DUE_DOMAINS =
            "with " + PauseTable.dueDomains("sync_schedule", "next_sync_at", "next_sync_at is not null")
                    + "select domain from due_domain order by due";

    // Two replicas never pick the same row: one holds its lock, the other skips it; and after the commit next_sync_at
    // is null. A manual trigger locks the user integration too, so that it either sees our run or we see its run. This
    // kind of lock admits writes of rows that refer to the locked row, so content that is written meanwhile does not
    // hide the row. The live run is looked up by its key, for each due schedule: with {@code not exists}, Postgres
    // would read all live runs.
    public static final String LOCK_DUE = """
        select s.user_integration_id, i.user_id, i.org_id, s.integration_domain, s.sync_type, s.is_default, %s
        from sync_schedule s
        join user_integration i on i.id = s.user_integration_id
        left join lateral (
          select true as live from sync_run r
          where r.user_integration_id = s.user_integration_id
            and r.sync_type = case when s.is_default then :defaultSyncType else s.sync_type end
            and r.finished_at is null and r.exclusive
          limit 1) on true
        where s.integration_domain = :domain
          and i.sync_status = 'active'
          and s.next_sync_at <= :now
          and live is null
        order by s.next_sync_at
        limit :batchSize
        for no key update of s, i skip locked
        """.formatted(COLUMNS);

    private static final String SET_NEXT = """
        update sync_schedule s set next_sync_at = due.next
        from unnest(:ids::uuid[], :syncTypes::text[], :nexts::timestamptz[]) as due (id, sync_type, next)
        where s.user_integration_id = due.id and s.sync_type = due.sync_type
        """;

    private static final String LOCK = """
        select %s from sync_schedule s
        where s.user_integration_id = :id and s.sync_type = :syncType
        for no key update
        """.formatted(COLUMNS);

    // The schedule of the default sync type continues under the manifest's new name: another schedule of that name is
    // deleted.
    private static final String GIVE_WAY = """
        delete from sync_schedule
        where user_integration_id = any (:ids::uuid[]) and sync_type = :name and not is_default
        """;

    private static final String RENAME = """
        update sync_schedule set sync_type = :name
        where user_integration_id = any (:ids::uuid[]) and is_default and sync_type <> :name
        """;

    private static final String OF = """
        select s.sync_type, s.is_default, s.failures, %s from sync_schedule s
        where s.user_integration_id = :id order by s.is_default desc, s.sync_type
        """.formatted(COLUMNS);

    private static final String WRITE = """
        insert into sync_schedule as s (user_integration_id, sync_type, interval_seconds, schedule_cron, schedule_zone,
                                        jitter_seconds, overlap, catch_up, pause_windows, next_sync_at,
                                        integration_domain, cron_gap_seconds)
        values (:id, :syncType, coalesce(:interval::integer, :usual), :cron::text, coalesce(:zone::text, 'UTC'),
                :jitter::integer, coalesce(:overlap::text, 'skip'), coalesce(:catchUp::text, 'once'),
                :windows::jsonb, case when :active then :now::timestamptz end,
                (select integration_domain from user_integration where id = :id), :cronGap::integer)
        on conflict (user_integration_id, sync_type) do update
        set interval_seconds = coalesce(:interval::integer, s.interval_seconds),
            schedule_cron = case when :interval::integer is null then coalesce(:cron::text, s.schedule_cron) end,
            cron_gap_seconds = case when :interval::integer is null then coalesce(:cronGap::integer, s.cron_gap_seconds) end,
            schedule_zone = coalesce(:zone::text, s.schedule_zone),
            jitter_seconds = coalesce(:jitter::integer, s.jitter_seconds),
            overlap = coalesce(:overlap::text, s.overlap),
            catch_up = coalesce(:catchUp::text, s.catch_up),
            pause_windows = coalesce(:windows::jsonb, s.pause_windows)
        returning %s
        """.formatted(COLUMNS);

    /**
     * A due schedule.
     *
     * @param isDefault whether it belongs to the default sync type; {@code syncType} is then the name in its row
     */
    public record Due(Account account, Owner owner, String syncType, boolean isDefault, Times times) {}

    /**
     * A schedule of a user integration.
     *
     * @param failures failed runs in a row
     */
    public record Scheduled(String syncType, boolean isDefault, int failures, Times times) {}

    /** A schedule with its last sync and its next time. */
    public record Times(
            Schedule schedule,
            @Nullable Instant lastSyncAt,
            @Nullable Instant nextSyncAt) {}

    /** Sets the next time of a sync type; null: the end of its run sets it. */
    public record Next(
            UUID userIntegrationId,
            String syncType,
            @Nullable Instant at) {}

    /** The integrations with a due schedule, the longest due first. */
    public List<String> dueDomains(Instant now) {
        return jdbc.sql(DUE_DOMAINS)
                .param("now", SqlTime.of(now))
                .query(String.class)
                .list();
    }

    /** Locks the due schedules of an integration that have no live run, the longest due first. */
    public List<Due> lockDue(String domain, String defaultSyncType, Instant now, int batchSize) {
        return jdbc.sql(LOCK_DUE)
                .param("now", SqlTime.of(now))
                .param("batchSize", batchSize)
                .param("domain", domain)
                .param("defaultSyncType", defaultSyncType)
                .query((row, _) -> new Due(
                        Account.read(row, "user_integration_id"),
                        new Owner(row.getString("user_id"), row.getString("org_id")),
                        row.getString("sync_type"),
                        row.getBoolean("is_default"),
                        times(row)))
                .list();
    }

    public void setNext(Collection<Next> nexts) {
        if (!nexts.isEmpty()) {
            jdbc.sql(SET_NEXT)
                    .param("ids", texts(nexts, next -> next.userIntegrationId().toString()))
                    .param("syncTypes", texts(nexts, Next::syncType))
                    .param(
                            "nexts",
                            texts(
                                    nexts,
                                    next -> next.at() == null ? null : next.at().toString()))
                    .update();
        }
    }

    /** Locks a schedule; empty: the sync type is not scheduled. */
    public Optional<Schedule> lock(UUID userIntegration, String syncType) {
        return jdbc.sql(LOCK)
                .param("id", userIntegration)
                .param("syncType", syncType)
                .query((row, _) -> times(row).schedule())
                .optional();
    }

    /** The schedules of a user integration: that of the default sync type first. */
    public List<Scheduled> of(UUID userIntegration) {
        return jdbc.sql(OF)
                .param("id", userIntegration)
                .query((row, _) -> new Scheduled(
                        row.getString("sync_type"), row.getBoolean("is_default"), row.getInt("failures"), times(row)))
                .list();
    }

    /** Renames the default sync types of these user integrations to the name in the manifest. */
    public void nameDefault(Collection<UUID> userIntegrations, String name) {
        if (!userIntegrations.isEmpty()) {
            var ids = texts(userIntegrations, UUID::toString);
            jdbc.sql(GIVE_WAY).param("ids", ids).param("name", name).update();
            jdbc.sql(RENAME).param("ids", ids).param("name", name).update();
        }
    }

    /** The name of the default sync type of a user integration; empty: it syncs nothing. */
    Optional<String> defaultOf(UUID userIntegration) {
        return jdbc.sql("select sync_type from sync_schedule where user_integration_id = :id and is_default")
                .param("id", userIntegration)
                .query(String.class)
                .optional();
    }

    /** Deletes the schedule of the default sync type, which an account gets when its row is added. */
    void deleteDefault(UUID userIntegration) {
        jdbc.sql("delete from sync_schedule where user_integration_id = :id and is_default")
                .param("id", userIntegration)
                .update();
    }

    /**
     * Writes a schedule: a missing setting keeps its value or, in a new schedule, gets its default.
     *
     * @param usualSeconds interval of a new one
     * @param active whether a new one is due now
     */
    Times write(UUID id, String syncType, long usualSeconds, ScheduleSettings settings, boolean active, Instant now) {
        ScheduleRules rules = settings.rules();
        return jdbc.sql(WRITE)
                .param("id", id)
                .param("syncType", syncType)
                .param("interval", settings.intervalSeconds())
                .param("usual", (int) Math.clamp(usualSeconds, 10, 31_536_000))
                .param("cron", rules.scheduleCron())
                .param("cronGap", rules.cronGapSeconds())
                .param("zone", rules.scheduleZone())
                .param("jitter", rules.jitterSeconds())
                .param("overlap", rules.overlap())
                .param("catchUp", rules.catchUp())
                .param("windows", rules.pauseWindows() == null ? null : JSON.writeValueAsString(rules.windows()))
                .param("active", active)
                .param("now", SqlTime.of(now))
                .query((row, _) -> times(row))
                .single();
    }

    void delete(UUID id, String syncType) {
        jdbc.sql("delete from sync_schedule where user_integration_id = :id and sync_type = :syncType")
                .param("id", id)
                .param("syncType", syncType)
                .update();
    }

    private static Times times(ResultSet row) throws SQLException {
        var schedule = ScheduleRow.read(row)
                .schedule(windows(row.getString("pause_windows")), ScheduleTable::reportUnreadable);
        return new Times(schedule, SqlTime.find(row, "last_sync_at"), SqlTime.find(row, "next_sync_at"));
    }

    private static List<PauseWindow> windows(@Nullable String json) {
        if (json == null) {
            return List.of();
        }
        try {
            return JSON.readValue(json, new TypeReference<List<PauseWindow>>() {});
        } catch (JacksonException e) {
            log.error("polling.pauseWindowsUnreadable: pause windows ignored windows={}", json);
            return List.of();
        }
    }

    private static void reportUnreadable(String column, String value) {
        if (column.equals("schedule_cron")) {
            log.error("polling.cronUnreadable: polled by interval instead cron={}", value);
        } else {
            log.error("polling.zoneUnreadable: UTC used instead zone={}", value);
        }
    }

    private static <T> @Nullable String[] texts(Collection<T> values, Function<T, @Nullable String> text) {
        return values.stream().map(text).toArray(String[]::new);
    }
}
