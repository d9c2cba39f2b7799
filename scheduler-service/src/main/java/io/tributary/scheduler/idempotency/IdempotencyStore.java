package io.tributary.scheduler.idempotency;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tributary.scheduler.SqlTime;
import io.tributary.secrets.Keyset;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.sql.Types;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Stores the responses to requests with an Idempotency-Key, by caller and key, for 24 hours.
 *
 * <pre>
 *   (none) --claim--> in progress --store--> served --24 h--> (none)
 *                     in progress --release, or 5 min without a response--> (none)
 * </pre>
 *
 * @param keyset seals the digest of a request, whose body may hold credentials that are easy to guess; and the body of
 *     a response, which may hold a secret
 */
@Component
public record IdempotencyStore(JdbcClient jdbc, Keyset keyset, Clock clock) {

    /** How long a response is kept. */
    static final Duration KEPT = Duration.ofHours(24);

    /** After this time without a response, the process that served the request has died. */
    static final Duration ABANDONED = Duration.ofMinutes(5);

    private static final String CLAIM = """
        insert into idempotency_key as known (user_id, key, request, created_at)
        values (:caller, :key, :request, :now)
        on conflict (user_id, key) do update
          set request = excluded.request, status = null, location = null, content_type = null, body = null,
              sealed_body = null, created_at = excluded.created_at
          where known.created_at < :expired or (known.status is null and known.created_at < :abandoned)
        """;

    /** The result of a claim. */
    sealed interface Claim {

        /** The request is the first with its key: serve it, and store its response. */
        record First() implements Claim {}

        /** The request was served before. */
        record Served(StoredResponse response) implements Claim {}

        /** The first request with the key is in progress. */
        record InProgress() implements Claim {}

        /** The first request with the key was a different one. */
        record DifferentRequest() implements Claim {}
    }

    /**
     * The response to a request.
     *
     * @param location header of that name; null: none
     * @param contentType of the body; null: there is no body
     */
    record StoredResponse(
            int status, @Nullable String location, @Nullable String contentType, byte @Nullable [] body) {}

    private record Row(
            byte[] request,
            @Nullable Integer status,
            @Nullable String location,
            @Nullable String contentType,
            byte @Nullable [] body,
            byte @Nullable [] sealedBody) {}

    /** @param line method and path */
    Claim claim(String caller, String key, String line, byte[] body) {
        Instant now = clock.instant();
        byte[] digest = digest(line, body);
        int claimed = jdbc.sql(CLAIM)
                .param("caller", caller)
                .param("key", key)
                .param("request", keyset.seal(digest, row(caller, key)))
                .param("now", SqlTime.of(now))
                .param("expired", SqlTime.of(now.minus(KEPT)))
                .param("abandoned", SqlTime.of(now.minus(ABANDONED)))
                .update();
        if (claimed == 1) {
            return new Claim.First();
        }
        Row row = jdbc.sql("""
            select request, status, location, content_type, body, sealed_body from idempotency_key
            where user_id = :caller and key = :key
            """)
                .param("caller", caller)
                .param("key", key)
                .query(Row.class)
                .optional()
                .orElse(null);
        if (row == null) {
            return new Claim.InProgress(); // released between the two statements: the next request is the first
        }
        if (!isDigest(row.request(), digest, row(caller, key))) {
            return new Claim.DifferentRequest();
        }
        return row.status() == null
                ? new Claim.InProgress()
                : new Claim.Served(response(row, row.status(), caller, key));
    }

    /** Without its body if the key that sealed it has left the keyset. */
    private StoredResponse response(Row row, int status, String caller, String key) {
        byte[] body = row.body(); // in clear: an older version stored it, and does not know the sealed one
        if (body == null && row.sealedBody() != null) {
            try {
                body = keyset.open(row.sealedBody(), response(caller, key));
            } catch (GeneralSecurityException _) {
                return new StoredResponse(status, row.location(), null, null);
            }
        }
        return new StoredResponse(status, row.location(), row.contentType(), body);
    }

    /** Stores the response to the first request. */
    void store(String caller, String key, StoredResponse response) {
        byte[] body = response.body();
        jdbc.sql("""
            update idempotency_key
            set status = :status, location = :location, content_type = :contentType, body = null,
                sealed_body = :sealedBody
            where user_id = :caller and key = :key
            """)
                .param("status", response.status())
                .param("location", response.location())
                .param("contentType", response.contentType())
                .param("sealedBody", body == null ? null : keyset.seal(body, response(caller, key)), Types.BINARY)
                .param("caller", caller)
                .param("key", key)
                .update();
    }

    /** Makes the next request with the key the first one, since this one changed nothing. */
    void release(String caller, String key) {
        jdbc.sql("delete from idempotency_key where user_id = :caller and key = :key")
                .param("caller", caller)
                .param("key", key)
                .update();
    }

    private static byte[] digest(String line, byte[] body) {
        try {
            var sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update((line + "\n").getBytes(UTF_8));
            return sha256.digest(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Binds a digest to its row. */
    private static UUID row(String caller, String key) {
        return UUID.nameUUIDFromBytes((caller + "\n" + key).getBytes(UTF_8));
    }

    /** Binds the body of a response to its row. */
    private static UUID response(String caller, String key) {
        return UUID.nameUUIDFromBytes(("response\n" + caller + "\n" + key).getBytes(UTF_8));
    }

    /** Counts a digest that does not open as the same: an older version made it, or its key has left the keyset. */
    private boolean isDigest(byte[] sealed, byte[] digest, UUID row) {
        try {
            return MessageDigest.isEqual(keyset.open(sealed, row), digest);
        } catch (GeneralSecurityException _) {
            return true;
        }
    }
}
