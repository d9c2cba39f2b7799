package io.tributary.scheduler.userintegrations;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.addresses.CheckAddress;
import io.tributary.scheduler.credentials.AccessExpiry;
import io.tributary.scheduler.credentials.SealCredentials;
import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Problem;
import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.manifests.Manifest;
import io.tributary.scheduler.manifests.Manifests;
import io.tributary.scheduler.security.Caller;
import java.sql.Types;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Connects an account: checks the request, seals the credentials, and makes the user integration due at once. */
@Component
class CreateUserIntegration {

    /** Longest user id, characters. */
    private static final int MAX_USER_ID = 255;

    /** Longest domain, characters. */
    private static final int MAX_DOMAIN = 63;

    /** Longest name, characters. */
    static final int MAX_NAME = 200;

    /** Longest retention of content, days. */
    static final int MAX_RETENTION_DAYS = 36_500;

    private static final String INSERT = """
        insert into user_integration (id, user_id, integration_domain, name, config, credentials, poll_interval_minutes,
                                      schedule_cron, schedule_zone, jitter_seconds, overlap, catch_up, pause_windows,
                                      retention_days, sync_status, error_code, error_message, next_sync_at,
                                      access_refresh_at, connect_due_at, created_at, updated_at)
        values (:id, :userId, :domain, :name, :config::jsonb, :credentials, coalesce(:pollIntervalMinutes, 15),
                :scheduleCron, coalesce(:scheduleZone, 'UTC'), :jitterSeconds, coalesce(:overlap, 'skip'),
                coalesce(:catchUp, 'once'), :pauseWindows::jsonb, :retentionDays::integer,
                case when :authorize then 'expired' else 'active' end,
                case when :authorize then 'oauth.notConnected' end,
                case when :authorize then 'Nobody has consented yet: POST /v1/user-integrations/{id}/authorize.' end,
                case when :authorize then null else :now end, :accessRefreshAt,
                case when :connects and not :authorize then :now end, :now, :now)
        """;

    private static final String READ = "select " + UserIntegration.COLUMNS + " from user_integration where id = :id";

    private final JdbcClient jdbc;
    private final Manifests manifests;
    private final SealCredentials sealCredentials;
    private final CheckAddress checkAddress;
    private final WriteSchedules writeSchedules;
    private final TransactionOperations transaction;
    private final Clock clock;

    CreateUserIntegration(
            JdbcClient jdbc,
            Manifests manifests,
            SealCredentials sealCredentials,
            CheckAddress checkAddress,
            WriteSchedules writeSchedules,
            TransactionOperations transaction,
            Clock clock) {
        this.jdbc = jdbc;
        this.writeSchedules = writeSchedules;
        this.transaction = transaction;
        this.manifests = manifests;
        this.sealCredentials = sealCredentials;
        this.checkAddress = checkAddress;
        this.clock = clock;
    }

    /** @throws ApiException saying everything that is wrong with the request; nothing was created */
    UserIntegration create(NewUserIntegration request, Caller caller) {
        String userId = Objects.requireNonNullElse(request.userId(), caller.userId());
        if (!caller.mayActFor(userId)) {
            throw new ApiException(Problem.of(
                    HttpStatus.FORBIDDEN,
                    "api.forbidden",
                    "Only operators connect accounts for other users: leave userId out."));
        }
        Manifest manifest = manifests.require(domain(request, userId));
        var config = Objects.requireNonNullElseGet(request.config(), JsonNodeFactory.instance::objectNode);
        var credentials = Objects.requireNonNullElse(request.credentials(), Map.<String, @Nullable String>of());
        check(request, config, credentials, manifest);
        return Objects.requireNonNull(transaction.execute(_ -> insert(request, userId, manifest, config, credentials)));
    }

    private static String domain(NewUserIntegration request, String userId) {
        var violations = new Violations();
        violations.checkText(userId, MAX_USER_ID, "/userId");
        violations.check(request.integrationDomain() != null, "/integrationDomain", "is missing");
        violations.checkText(request.integrationDomain(), MAX_DOMAIN, "/integrationDomain");
        violations.throwIfAny();
        return Objects.requireNonNull(request.integrationDomain());
    }

    private void check(
            NewUserIntegration request,
            ObjectNode config,
            Map<String, @Nullable String> credentials,
            Manifest manifest) {
        var violations = new Violations();
        violations.checkText(request.name(), MAX_NAME, "/name");
        CheckConfig.check(config, manifest, violations);
        checkAddress.checkAll(config, "/config", violations);
        if (request.isAuthorizedLater()) {
            CheckCredentials.checkIncomplete(credentials, manifest, violations);
        } else {
            CheckCredentials.check(credentials, manifest, violations);
        }
        CheckSchedule.check(request.pollIntervalMinutes(), request.schedule(), violations);
        WriteSchedules.check(request.schedules(), manifest, violations);
        violations.check(
                request.retentionDays() == null
                        || (request.retentionDays() >= 1 && request.retentionDays() <= MAX_RETENTION_DAYS),
                "/retentionDays",
                "must be 1 to " + MAX_RETENTION_DAYS);
        violations.throwIfAny();
    }

    private UserIntegration insert(
            NewUserIntegration request,
            String userId,
            Manifest manifest,
            ObjectNode config,
            Map<String, @Nullable String> credentials) {
        UUID id = UUID.randomUUID();
        Instant refreshAt = AccessExpiry.refreshAt(credentials);
        Instant now = clock.instant();
        jdbc.sql(INSERT)
                .param("id", id)
                .param("userId", userId)
                .param("domain", manifest.domain())
                .param("name", Objects.requireNonNullElse(request.name(), manifest.displayName()))
                .param("config", config.toString())
                .param("credentials", sealCredentials.seal(id, credentials), Types.BINARY)
                .param("pollIntervalMinutes", request.pollIntervalMinutes())
                .param("scheduleCron", request.scheduleCron())
                .param("retentionDays", request.retentionDays())
                .param("authorize", request.isAuthorizedLater())
                .param(
                        "accessRefreshAt",
                        refreshAt == null ? null : SqlTime.of(refreshAt),
                        Types.TIMESTAMP_WITH_TIMEZONE)
                .param("connects", manifest.connects())
                .param("scheduleZone", request.scheduleZone())
                .param("jitterSeconds", request.jitterSeconds())
                .param("overlap", request.overlap())
                .param("catchUp", request.catchUp())
                .param("pauseWindows", WriteSchedules.windowsJson(request.pauseWindows()))
                .param("now", SqlTime.of(now), Types.TIMESTAMP_WITH_TIMEZONE)
                .update();
        writeSchedules.create(id, manifest, request.schedules(), !request.isAuthorizedLater(), now);
        return jdbc.sql(READ)
                .param("id", id)
                .query((row, _) -> UserIntegration.read(row))
                .single();
    }
}
