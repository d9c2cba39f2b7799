package io.tributary.scheduler.webhooks;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.credentials.SealCredentials;
import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Cursor;
import io.tributary.scheduler.http.Page;
import io.tributary.scheduler.http.Problem;
import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.outbound.Outbound;
import io.tributary.scheduler.security.Caller;
import java.net.URI;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Component;

/** The webhooks that the caller may see, 20 a user at most. */
@Component
class Webhooks {

    static final int MAX_OF_A_USER = 20;

    private static final int MAX_URL = 2_000;

    private static final Set<String> TYPES = Set.of(
            "run.completed",
            "run.failed",
            "run.cancelled",
            "integration.connected",
            "integration.paused",
            "integration.resumed",
            "integration.expired",
            "integration.failed");

    private static final String COLUMNS = "id, user_id, url, event_types, created_at";

    private static final String INSERT = """
        insert into webhook (id, user_id, url, event_types, secret, created_at)
        select :id, :userId, :url, :types::text[], :secret, :now
        where (select count(*) from webhook where user_id = :userId) < :most
        """;

    private final JdbcClient jdbc;
    private final SealCredentials seal;
    private final Outbound outbound;
    private final Clock clock;

    Webhooks(JdbcClient jdbc, SealCredentials seal, Outbound outbound, Clock clock) {
        this.jdbc = jdbc;
        this.seal = seal;
        this.outbound = outbound;
        this.clock = clock;
    }

    /** @throws ApiException saying everything that is wrong with the request */
    Webhook create(NewWebhook request, Caller caller) {
        String url = check(request);
        UUID id = UUID.randomUUID();
        String secret = Signature.newSecret();
        List<String> types = request.eventTypes();
        var now = clock.instant();
        int created = jdbc.sql(INSERT)
                .param("id", id)
                .param("userId", caller.userId())
                .param("url", url)
                .param("types", types == null ? null : new SqlArrayValue("text", types.toArray()), java.sql.Types.ARRAY)
                .param("secret", seal.sealJson(id, secret))
                .param("now", SqlTime.of(now))
                .param("most", MAX_OF_A_USER)
                .update();
        if (created == 0) {
            throw new ApiException(Problem.of(
                    HttpStatus.CONFLICT,
                    "webhooks.tooMany",
                    "There are " + MAX_OF_A_USER + " webhooks, the most there may be: delete one first."));
        }
        return new Webhook(id, caller.userId(), url, types, now, secret);
    }

    private String check(NewWebhook request) {
        var violations = new Violations();
        String url = request.url();
        violations.check(url != null, "/url", "is missing");
        violations.checkText(url, MAX_URL, "/url");
        if (url != null) {
            try {
                String refused = outbound.whyRefused(URI.create(url));
                violations.check(refused == null, "/url", String.valueOf(refused));
            } catch (IllegalArgumentException _) {
                violations.add("/url", "is no URL");
            }
        }
        if (request.eventTypes() != null) {
            violations.check(
                    !request.eventTypes().isEmpty()
                            && request.eventTypes().stream().allMatch(type -> type != null && TYPES.contains(type)),
                    "/eventTypes",
                    "must be some of "
                            + String.join(", ", TYPES.stream().sorted().toList()));
        }
        violations.throwIfAny();
        return java.util.Objects.requireNonNull(url);
    }

    Page<Webhook> list(int limit, @Nullable String cursor, Caller caller) {
        Page.checkLimit(limit);
        var found = jdbc.sql("select %s from webhook where id > :after and %s order by id limit :limit"
                        .formatted(COLUMNS, caller.ownRows("user_id")))
                .param("after", Cursor.WEBHOOKS.uuid(cursor, new UUID(0, 0)))
                .param(Caller.PARAMETER, caller.userId())
                .param("limit", limit + 1)
                .query((row, _) -> webhook(row))
                .list();
        return Page.of(found, limit, last -> Cursor.WEBHOOKS.after(last.id()));
    }

    /** @throws ApiException when there is no such webhook */
    Webhook get(UUID id, Caller caller) {
        return jdbc.sql("select %s from webhook where id = :id and %s".formatted(COLUMNS, caller.ownRows("user_id")))
                .param("id", id)
                .param(Caller.PARAMETER, caller.userId())
                .query((row, _) -> webhook(row))
                .optional()
                .orElseThrow(ApiException::notFound);
    }

    /** With its deliveries. */
    void delete(UUID id, Caller caller) {
        int deleted = jdbc.sql("delete from webhook where id = :id and %s".formatted(caller.ownRows("user_id")))
                .param("id", id)
                .param(Caller.PARAMETER, caller.userId())
                .update();
        if (deleted == 0) {
            throw ApiException.notFound();
        }
    }

    /** The delivery log, newest first. */
    Page<WebhookDelivery> deliveries(UUID id, int limit, @Nullable String cursor, Caller caller) {
        Page.checkLimit(limit);
        get(id, caller);
        var found = jdbc.sql("""
                select id, event_id, event_type, status, attempts, next_attempt_at, last_status, last_error, created_at,
                       ended_at
                from webhook_delivery where webhook_id = :id and id < :before order by id desc limit :limit
                """)
                .param("id", id)
                .param("before", Cursor.WEBHOOK_DELIVERIES.number(cursor, Long.MAX_VALUE))
                .param("limit", limit + 1)
                .query((row, _) -> delivery(row))
                .list();
        return Page.of(found, limit, last -> Cursor.WEBHOOK_DELIVERIES.after(last.id()));
    }

    private static Webhook webhook(ResultSet row) throws SQLException {
        Array types = row.getArray("event_types");
        return new Webhook(
                row.getObject("id", UUID.class),
                row.getString("user_id"),
                row.getString("url"),
                types == null ? null : List.of((String[]) types.getArray()),
                SqlTime.read(row, "created_at"),
                null);
    }

    private static WebhookDelivery delivery(ResultSet row) throws SQLException {
        return new WebhookDelivery(
                row.getLong("id"),
                row.getObject("event_id", UUID.class),
                row.getString("event_type"),
                row.getString("status"),
                row.getInt("attempts"),
                SqlTime.find(row, "next_attempt_at"),
                row.getObject("last_status", Integer.class),
                row.getString("last_error"),
                SqlTime.read(row, "created_at"),
                SqlTime.find(row, "ended_at"));
    }
}
