package io.tributary.scheduler.userintegrations;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.addresses.CheckAddress;
import io.tributary.scheduler.credentials.AccessExpiry;
import io.tributary.scheduler.credentials.EndTokenExchange;
import io.tributary.scheduler.credentials.SealCredentials;
import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.IfMatch;
import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.kafka.CommandWorkers;
import io.tributary.scheduler.manifests.Manifests;
import io.tributary.scheduler.pauses.Pauses;
import io.tributary.scheduler.polling.Schedule;
import io.tributary.scheduler.security.Caller;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Changes a user integration. New credentials or a new config make an expired or broken one active again, and due: that
 * is how an account is reconnected. Whose account that is will be asked anew.
 */
@Component
class ChangeUserIntegration {

    private static final Set<String> STATUSES = Set.of("active", "paused");

    private static final String UPDATE = """
        update user_integration
        set name = coalesce(:name, name),
            config = coalesce(:config::jsonb, config),
            credentials = case when :replaceCredentials then :credentials else credentials end,
            access_refresh_at = case when :replaceCredentials then :accessRefreshAt else access_refresh_at end,
            connect_due_at = case when :asksWhose then :now else connect_due_at end,
            account_id = case when :asksWhose then null else account_id end,
            account_name = case when :asksWhose then null else account_name end,
            poll_interval_minutes = :pollIntervalMinutes,
            schedule_cron = :scheduleCron,
            retention_days = nullif(coalesce(:retentionDays, retention_days), 0),
            schedule_zone = :scheduleZone,
            jitter_seconds = coalesce(:jitterSeconds::integer, jitter_seconds),
            overlap = coalesce(:overlap::text, overlap),
            catch_up = coalesce(:catchUp::text, catch_up),
            pause_windows = coalesce(:pauseWindows::jsonb, pause_windows),
            sync_status = :syncStatus,
            next_sync_at = :nextSyncAt,
            error_code = case when :reconnected then null else error_code end,
            error_message = case when :reconnected then null else error_message end,
            updated_at = :now,
            version = version + 1
        where id = :id
        returning\
        """ + " " + UserIntegration.COLUMNS;

    /** What the change starts from. */
    private record Current(
            String domain,
            Schedule schedule,
            String syncStatus,
            @Nullable Instant lastSyncAt,
            @Nullable Instant nextSyncAt,
            long version) {}

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final Manifests manifests;
    private final SealCredentials sealCredentials;
    private final CheckAddress checkAddress;
    private final WriteSchedules writeSchedules;
    private final CommandWorkers commandWorkers;
    private final Pauses pauses;
    private final Clock clock;

    ChangeUserIntegration(
            JdbcClient jdbc,
            TransactionOperations transaction,
            Manifests manifests,
            SealCredentials sealCredentials,
            CheckAddress checkAddress,
            WriteSchedules writeSchedules,
            CommandWorkers commandWorkers,
            Pauses pauses,
            Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.manifests = manifests;
        this.sealCredentials = sealCredentials;
        this.checkAddress = checkAddress;
        this.writeSchedules = writeSchedules;
        this.commandWorkers = commandWorkers;
        this.pauses = pauses;
        this.clock = clock;
    }

    /** @throws ApiException when there is no such row, or the change is invalid; nothing was changed */
    UserIntegration change(UUID id, UserIntegrationChange change, IfMatch ifMatch, Caller caller) {
        return Objects.requireNonNull(transaction.execute(_ -> {
            Current current = lock(id, caller);
            ifMatch.require(current.version());
            check(change, current);
            if ("active".equals(change.syncStatus())) {
                pauses.releaseIfPaused(id, caller);
            }
            if (change.changesAccess()) {
                commandWorkers.credentialsChanged(id);
            }
            if (change.credentials() != null) {
                EndTokenExchange.of(id, jdbc);
            }
            return update(id, change, current);
        }));
    }

    private Current lock(UUID id, Caller caller) {
        return jdbc.sql("""
                select integration_domain, poll_interval_minutes, sync_status, last_sync_at, next_sync_at, version, %s
                from user_integration
                where id = :id and %s
                for no key update
                """.formatted(Schedule.COLUMNS, caller.ownRows("user_id")))
                .param("id", id)
                .param(Caller.PARAMETER, caller.userId())
                .query((row, _) -> current(row))
                .optional()
                .orElseThrow(ApiException::notFound);
    }

    private void check(UserIntegrationChange change, Current current) {
        var violations = new Violations();
        violations.checkText(change.name(), CreateUserIntegration.MAX_NAME, "/name");
        violations.check(
                change.syncStatus() == null || STATUSES.contains(change.syncStatus()),
                "/syncStatus",
                "must be active or paused");
        CheckSchedule.check(change.pollIntervalMinutes(), change.schedule(), violations);
        if (change.schedules() != null) {
            WriteSchedules.check(change.schedules(), manifests.require(current.domain()), violations);
        }
        violations.check(
                change.retentionDays() == null
                        || (change.retentionDays() >= 0
                                && change.retentionDays() <= CreateUserIntegration.MAX_RETENTION_DAYS),
                "/retentionDays",
                "must be 0 to " + CreateUserIntegration.MAX_RETENTION_DAYS);
        if (change.changesAccess()) {
            var manifest = manifests.require(current.domain());
            if (change.config() != null) {
                CheckConfig.check(change.config(), manifest, violations);
                checkAddress.checkAll(change.config(), "/config", violations);
            }
            if (change.credentials() != null) {
                CheckCredentials.check(change.credentials(), manifest, violations);
            }
        }
        violations.throwIfAny();
    }

    private UserIntegration update(UUID id, UserIntegrationChange change, Current current) {
        Instant now = clock.instant();
        Schedule schedule = schedule(change, current.schedule());
        String status = status(change, current.syncStatus());
        boolean activated = status.equals("active") && !current.syncStatus().equals("active");
        Instant next = activated ? now : next(change, current, schedule, status, now);
        Instant refreshAt = change.credentials() == null ? null : AccessExpiry.refreshAt(change.credentials());
        if (change.schedules() != null) {
            writeSchedules.change(
                    id, manifests.require(current.domain()), change.schedules(), status.equals("active"), now);
        }
        return jdbc.sql(UPDATE)
                .param("id", id)
                .param(
                        "accessRefreshAt",
                        refreshAt == null ? null : SqlTime.of(refreshAt),
                        Types.TIMESTAMP_WITH_TIMEZONE)
                .param(
                        "asksWhose",
                        change.changesAccess()
                                && manifests.require(current.domain()).connects())
                .param("name", change.name())
                .param(
                        "config",
                        change.config() == null ? null : change.config().toString())
                .param("replaceCredentials", change.credentials() != null)
                .param(
                        "credentials",
                        change.credentials() == null ? null : sealCredentials.seal(id, change.credentials()),
                        Types.BINARY)
                .param("pollIntervalMinutes", (int) schedule.interval().toMinutes())
                .param("scheduleCron", schedule.cron())
                .param("retentionDays", change.retentionDays(), Types.INTEGER)
                .param("scheduleZone", schedule.zone().getId())
                .param("jitterSeconds", change.jitterSeconds())
                .param("overlap", change.overlap())
                .param("catchUp", change.catchUp())
                .param("pauseWindows", WriteSchedules.windowsJson(change.pauseWindows()))
                .param("syncStatus", status)
                .param("nextSyncAt", next == null ? null : SqlTime.of(next), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("reconnected", activated)
                .param("now", SqlTime.of(now))
                .query((row, _) -> UserIntegration.read(row))
                .single();
    }

    private static Schedule schedule(UserIntegrationChange change, Schedule current) {
        Integer minutes = change.pollIntervalMinutes();
        String cron = change.scheduleCron() == null ? current.cron() : change.scheduleCron();
        return new Schedule(
                minutes == null ? current.interval() : Duration.ofMinutes(minutes),
                minutes == null ? cron : null,
                change.scheduleZone() == null ? current.zone() : ZoneId.of(change.scheduleZone()),
                current.catchesUp(),
                current.pauseWindows());
    }

    private static String status(UserIntegrationChange change, String current) {
        if (change.syncStatus() != null) {
            return change.syncStatus();
        }
        boolean stopped = current.equals("expired") || current.equals("error");
        return stopped && change.changesAccess() ? "active" : current;
    }

    private static @Nullable Instant next(
            UserIntegrationChange change, Current current, Schedule schedule, String status, Instant now) {
        if (!status.equals("active")) {
            return null;
        }
        return change.changesSchedule()
                ? WriteSchedules.next(schedule, current.lastSyncAt(), current.nextSyncAt(), now)
                : current.nextSyncAt();
    }

    private static Current current(ResultSet row) throws SQLException {
        return new Current(
                row.getString("integration_domain"),
                Schedule.read(row),
                row.getString("sync_status"),
                SqlTime.find(row, "last_sync_at"),
                SqlTime.find(row, "next_sync_at"),
                row.getLong("version"));
    }
}
