package io.tributary.scheduler.userintegrations;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.accounts.Accounts.State;
import io.tributary.scheduler.credentials.EndTokenExchange;
import io.tributary.scheduler.credentials.SealCredentials;
import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Cursor;
import io.tributary.scheduler.http.Page;
import io.tributary.scheduler.http.PageRequest;
import io.tributary.scheduler.manifests.Manifest;
import io.tributary.scheduler.quotas.Quota;
import io.tributary.scheduler.quotas.Quotas;
import io.tributary.scheduler.schedules.WriteSchedules;
import io.tributary.scheduler.security.Caller;
import io.tributary.scheduler.userintegrations.UserIntegration.Owner;
import io.tributary.schemas.SyncStatus;
import io.tributary.secrets.Expiry;
import java.sql.Types;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The table user_integration, as the API reads and writes it. {@code AccountTable} has the changes by the engine. */
@Component
record UserIntegrationTable(
        JdbcClient jdbc, SealCredentials sealCredentials, WriteSchedules writeSchedules, Quotas quotas, Clock clock) {

    private static final String NOT_CONNECTED = "Nobody has consented yet: POST /v1/user-integrations/{id}/authorize.";

    private static final String INSERT = """
        insert into user_integration (id, user_id, org_id, integration_domain, name, config, credentials, retention_days,
                                      sync_status, error_code, error_message, next_sync_at, access_refresh_at,
                                      identify_due_at, access_changed_at, created_at, updated_at)
        values (:id, :userId, :orgId, :domain, :name, :config::jsonb, :credentials, :retentionDays::integer,
                case when :authorize then 'expired' else 'active' end,
                case when :authorize then 'oauth.notConnected' end,
                case when :authorize then '%s' end,
                case when :authorize or :actsOnly then null else :now end, :accessRefreshAt,
                case when :identify and not :authorize then :now end, :now, :now, :now)
        """.formatted(NOT_CONNECTED);

    private static final String UPDATE = """
        update user_integration
        set name = coalesce(:name, name),
            config = coalesce(:config::jsonb, config),
            credentials = case when :replaceCredentials then :credentials else credentials end,
            access_refresh_at = case when :replaceCredentials then :accessRefreshAt else access_refresh_at end,
            access_changed_at = case when :changesAccess then :now else access_changed_at end,
            identify_due_at = case when :authorize then null when :identify then :now else identify_due_at end,
            found_settings = case when :identify then null else found_settings end,
            account_id = case when :identify then null else account_id end,
            account_name = case when :identify then null else account_name end,
            retention_days = nullif(coalesce(:retentionDays, retention_days), 0),
            sync_status = :syncStatus,
            error_code = case when :authorize then 'oauth.notConnected' when :activated then null else error_code end,
            error_message = case when :authorize then '%s' when :activated then null else error_message end,
            updated_at = :now,
            version = version + 1
        where id = :id
        """.formatted(NOT_CONNECTED);

    private static final String TAKE_FOUND = """
        select id, integration_domain as domain, config::text as config, account_settings::text as earlier,
               found_settings::text as found
        from user_integration
        where found_settings is not null
        order by id
        limit :batch
        for no key update skip locked
        """;

    private static final String SAVE_FOUND = """
        update user_integration
        set config = :config::jsonb, account_settings = :accepted::jsonb, found_settings = null, updated_at = :now
        where id = :id
        """;

    /**
     * Settings that an integration found at the provider, as JSON.
     *
     * @param earlier those that were accepted before
     */
    record FoundSettings(UUID id, String domain, String config, String earlier, String found) {}

    /** @throws ApiException when there is no such row that the caller may see */
    UserIntegration get(UUID id, Caller caller) {
        return caller.statement(jdbc, UserIntegration.SELECT + " where i.id = :id and %s", "i.user_id")
                .param("id", id)
                .query((row, _) -> UserIntegration.read(row))
                .optional()
                .orElseThrow(ApiException::notFound);
    }

    /** By id, which is unrelated to their age. */
    Page<UserIntegration> list(PageRequest page, Caller caller) {
        page.check();
        var found = caller.statement(
                        jdbc,
                        UserIntegration.SELECT + " where i.id > :after and %s order by i.id limit :limit",
                        "i.user_id")
                .param("after", page.afterId(Cursor.USER_INTEGRATIONS))
                .param("limit", page.rows())
                .query((row, _) -> UserIntegration.read(row))
                .list();
        return page.of(found, Cursor.USER_INTEGRATIONS, UserIntegration::id);
    }

    /**
     * Adds a row and its schedules, which are due immediately.
     *
     * @throws ApiException when the quota of accounts or of scheduled runs is used up
     */
    void insert(UUID id, Owner owner, Manifest manifest, Settings settings, boolean authorizedLater) {
        var tenant = new Quotas.Owner(owner.userId(), owner.orgId());
        quotas.requireOneMore(Quota.ACCOUNTS, tenant);
        Instant now = now();
        quotas.requireRunsKept(id, tenant, () -> {
            statement(INSERT, id, settings, now)
                    .param("userId", owner.userId())
                    .param("orgId", owner.orgId())
                    .param("domain", manifest.domain())
                    .param("authorize", authorizedLater)
                    .param("actsOnly", manifest.syncTypes().isEmpty())
                    .param("identify", manifest.connects())
                    .update();
            writeSchedules.create(id, manifest, settings.schedule(), settings.schedules(), !authorizedLater, now);
        });
    }

    /** Changes a row that is locked, and its schedules. */
    void update(State current, UserIntegrationChange change, SyncStatus status, Supplier<Manifest> manifest) {
        UUID id = current.account().id();
        Settings settings = change.settings();
        Instant now = now();
        boolean active = status == SyncStatus.active;
        if (settings.changesSchedules()) {
            quotas.requireRunsKept(id, quotas.ownerOf(id), () -> {
                writeSchedules.changeDefault(id, settings.schedule(), now);
                if (settings.schedules() != null) {
                    writeSchedules.change(id, manifest.get(), settings.schedules(), active, now);
                }
            });
        }
        statement(UPDATE, id, settings, now)
                .param("replaceCredentials", settings.credentials() != null)
                .param("changesAccess", settings.changesAccess())
                .param("authorize", change.isAuthorizedLater())
                .param("syncStatus", status.name())
                .param("activated", active && current.status() != SyncStatus.active)
                .param("identify", settings.changesAccess() && manifest.get().connects())
                .update();
        if (settings.credentials() != null) {
            EndTokenExchange.of(id, jdbc);
        }
    }

    /** The config of an account that has credentials. */
    Optional<JsonNode> configWithCredentials(UUID id) {
        return jdbc.sql("select config::text from user_integration where id = :id and credentials is not null")
                .param("id", id)
                .query(String.class)
                .optional()
                .map(JsonMapper.shared()::readTree);
    }

    /** Locks a batch of accounts with settings that were found and not applied. */
    List<FoundSettings> takeFound(int batch) {
        return jdbc.sql(TAKE_FOUND)
                .param("batch", batch)
                .query(FoundSettings.class)
                .list();
    }

    /** Stores the config with the found settings that were accepted. */
    void saveFound(UUID id, String config, String accepted) {
        jdbc.sql(SAVE_FOUND)
                .param("id", id)
                .param("config", config)
                .param("accepted", accepted)
                .param("now", SqlTime.of(clock.instant()))
                .update();
    }

    void delete(UUID id) {
        jdbc.sql("delete from user_integration where id = :id").param("id", id).update();
    }

    /** As exact as Postgres: a time that is rounded up would count as a future one. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private StatementSpec statement(String sql, UUID id, Settings settings, Instant now) {
        Map<String, @Nullable String> credentials = settings.credentials();
        Instant refreshAt = credentials == null ? null : Expiry.refreshAt(credentials);
        return jdbc.sql(sql)
                .param("id", id)
                .param("name", settings.name())
                .param(
                        "config",
                        settings.config() == null ? null : settings.config().toString())
                .param("credentials", credentials == null ? null : sealCredentials.seal(id, credentials), Types.BINARY)
                .param(
                        "accessRefreshAt",
                        refreshAt == null ? null : SqlTime.of(refreshAt),
                        Types.TIMESTAMP_WITH_TIMEZONE)
                .param("retentionDays", settings.retentionDays(), Types.INTEGER)
                .param("now", SqlTime.of(now), Types.TIMESTAMP_WITH_TIMEZONE);
    }
}
