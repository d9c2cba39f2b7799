package io.tributary.scheduler.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.credentials.AccessExpiry;
import io.tributary.scheduler.credentials.EndTokenExchange;
import io.tributary.scheduler.credentials.SealCredentials;
import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Problem;
import io.tributary.scheduler.kafka.CommandWorkers;
import io.tributary.scheduler.manifests.Manifest;
import io.tributary.scheduler.manifests.Manifests;
import io.tributary.scheduler.outbound.Outbound;
import io.tributary.scheduler.security.Caller;
import java.net.URI;
import java.net.URLEncoder;
import java.security.MessageDigest;
import java.sql.Types;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Takes the provider's answer to an authorization: exchanges the code, seals the tokens, and makes the account active
 * and due. The state works once, for 10 minutes, and for whoever asked for it: the user's token, or the cookie of the
 * browser that asked, has to come along. Otherwise somebody could have another person consent, and get that account.
 */
@Component
class CompleteAuthorization {

    private static final Pattern ERROR = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
    private static final int MAX_CODE = 4_096;

    private static final String SAVE = """
        update user_integration
        set credentials = :credentials, access_refresh_at = :refreshAt, sync_status = 'active', next_sync_at = :now,
            error_code = null, error_message = null, updated_at = :now, version = version + 1,
            connect_due_at = case when :connects then :now end, account_id = null, account_name = null
        where id = :id
        """;

    private record Taken(UUID id, String userId, byte[] browserHash, byte[] sealed) {}

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final SealCredentials seal;
    private final Outbound outbound;
    private final Manifests manifests;
    private final CommandWorkers commandWorkers;
    private final Clock clock;

    CompleteAuthorization(
            JdbcClient jdbc,
            TransactionOperations transaction,
            SealCredentials seal,
            Outbound outbound,
            Manifests manifests,
            CommandWorkers commandWorkers,
            Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.seal = seal;
        this.outbound = outbound;
        this.manifests = manifests;
        this.commandWorkers = commandWorkers;
        this.clock = clock;
    }

    /**
     * Connects the account.
     *
     * @param code the authorization code; null: there is none
     * @param error why the provider gave none
     * @param caller who sent a token along; null: nobody
     * @param browser the cookie that came along
     * @return the account
     * @throws ApiException when it is not connected; says why
     */
    UUID complete(
            @Nullable String state,
            @Nullable String code,
            @Nullable String error,
            @Nullable Caller caller,
            @Nullable String browser) {
        Taken taken = take(state, caller, browser);
        if (code == null || code.isEmpty() || code.length() > MAX_CODE) {
            String why = error != null && ERROR.matcher(error).matches() ? " (" + error + ")" : "";
            throw problem(
                    HttpStatus.CONFLICT,
                    "oauth.consentRefused",
                    "The provider gave no access" + why + ": authorize the account again to try once more.");
        }
        Pending pending = seal.openJson(taken.id(), taken.sealed(), Pending.class);
        save(taken.id(), exchange(pending, code));
        commandWorkers.credentialsChanged(taken.id());
        return taken.id();
    }

    /** Takes the state away, so that it works once; one that is another's stays, or anybody could spoil it. */
    private Taken take(@Nullable String state, @Nullable Caller caller, @Nullable String browser) {
        if (state == null || state.length() > 100) {
            throw unknownState();
        }
        byte[] hash = Secrets.sha256(state);
        Taken found = jdbc.sql("""
                select user_integration_id, user_id, browser_hash, sealed from oauth_authorization
                where state_hash = :state and expires_at > :now
                """)
                .param("state", hash)
                .param("now", SqlTime.of(clock.instant()))
                .query((row, _) -> new Taken(
                        row.getObject("user_integration_id", UUID.class),
                        row.getString("user_id"),
                        row.getBytes("browser_hash"),
                        row.getBytes("sealed")))
                .optional()
                .orElseThrow(CompleteAuthorization::unknownState);
        boolean sameUser = caller != null && caller.mayActFor(found.userId());
        boolean sameBrowser = caller == null
                && browser != null
                && browser.length() <= 100
                && MessageDigest.isEqual(Secrets.sha256(browser), found.browserHash());
        if (!sameUser && !sameBrowser) {
            throw unknownState(); // As if it did not exist: its holder has no business with it.
        }
        int deleted = jdbc.sql("delete from oauth_authorization where state_hash = :state")
                .param("state", hash)
                .update();
        if (deleted == 0) {
            throw unknownState(); // Another request was faster.
        }
        return found;
    }

    private Map<String, String> exchange(Pending pending, String code) {
        Outbound.Result result = ask(pending, code, false);
        if (pending.clientSecret() != null && result instanceof Outbound.Answered refused && refused.status() == 401) {
            // Some take the secret in a header only. Who does not know the client has not looked at the code.
            result = ask(pending, code, true);
        }
        return switch (result) {
            case Outbound.Answered(var status, var body) -> tokens(pending, status, body);
            case Outbound.Refused(var reason) ->
                throw problem(HttpStatus.CONFLICT, "oauth.urlRefused", "tokenUrl is refused: " + reason + ".");
            case Outbound.Silent(var reason) ->
                throw problem(
                        HttpStatus.BAD_GATEWAY,
                        "oauth.providerUnavailable",
                        "The provider's token endpoint: " + reason + ". Authorize the account again.");
        };
    }

    private Outbound.Result ask(Pending pending, String code, boolean basic) {
        var form = new LinkedHashMap<String, String>();
        form.put("grant_type", "authorization_code");
        form.put("code", code);
        form.put("redirect_uri", pending.redirectUri());
        form.put("code_verifier", pending.codeVerifier());
        var headers = new HashMap<>(Map.of("Accept", "application/json"));
        if (basic) {
            String user = encode(pending.clientId()) + ":" + encode(String.valueOf(pending.clientSecret()));
            headers.put("Authorization", "Basic " + Base64.getEncoder().encodeToString(user.getBytes(UTF_8)));
        } else {
            form.put("client_id", pending.clientId());
            if (pending.clientSecret() != null) {
                form.put("client_secret", pending.clientSecret());
            }
        }
        String body = form.entrySet().stream()
                .map(field -> field.getKey() + "=" + encode(field.getValue()))
                .collect(Collectors.joining("&"));
        return outbound.post(URI.create(pending.tokenUrl()), "application/x-www-form-urlencoded", body, headers);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, UTF_8);
    }

    private Map<String, String> tokens(Pending pending, int status, String body) {
        JsonNode answer = parsed(body);
        JsonNode accessToken = answer.get("access_token");
        if (status >= 300 || accessToken == null || !accessToken.isString()) {
            JsonNode error = answer.get("error");
            String why = error != null
                            && error.isString()
                            && ERROR.matcher(error.stringValue()).matches()
                    ? error.stringValue()
                    : "status " + status;
            throw problem(
                    HttpStatus.BAD_GATEWAY,
                    "oauth.codeRefused",
                    "The provider's token endpoint gave no token (" + why + "): check the client, and authorize the"
                            + " account again.");
        }
        var credentials = new HashMap<String, String>();
        credentials.put("accessToken", accessToken.stringValue());
        JsonNode refreshToken = answer.get("refresh_token");
        if (refreshToken != null && refreshToken.isString()) {
            credentials.put("refreshToken", refreshToken.stringValue());
        }
        long expiresIn = answer.path("expires_in").asLong(0);
        if (expiresIn > 0 && expiresIn < 315_360_000) {
            credentials.put("expiresAt", clock.instant().plusSeconds(expiresIn).toString());
        }
        credentials.put("clientId", pending.clientId());
        if (pending.clientSecret() != null) {
            credentials.put("clientSecret", pending.clientSecret());
        }
        return credentials;
    }

    /** JSON, or the form encoding that some answer; anything else is an empty object. */
    private static JsonNode parsed(String body) {
        var json = JsonMapper.shared();
        if (body.stripLeading().startsWith("{")) {
            try {
                return json.readTree(body);
            } catch (JacksonException _) {
                return json.createObjectNode(); // Nothing of it is passed on: it may hold a token.
            }
        }
        var object = json.createObjectNode();
        for (String pair : body.split("&", 64)) {
            int equals = pair.indexOf('=');
            if (equals > 0 && !body.startsWith("<")) {
                object.put(pair.substring(0, equals), java.net.URLDecoder.decode(pair.substring(equals + 1), UTF_8));
            }
        }
        return object;
    }

    private void save(UUID id, Map<String, String> credentials) {
        Instant now = clock.instant();
        Instant refreshAt = AccessExpiry.refreshAt(credentials);
        transaction.executeWithoutResult(_ -> {
            boolean connects = jdbc.sql("select integration_domain from user_integration where id = :id for update")
                    .param("id", id)
                    .query(String.class)
                    .optional()
                    .flatMap(manifests::find)
                    .map(Manifest::connects)
                    .orElse(false);
            EndTokenExchange.of(id, jdbc);
            int saved = jdbc.sql(SAVE)
                    .param("id", id)
                    .param("credentials", seal.seal(id, credentials), Types.BINARY)
                    .param("refreshAt", refreshAt == null ? null : SqlTime.of(refreshAt), Types.TIMESTAMP_WITH_TIMEZONE)
                    .param("connects", connects)
                    .param("now", SqlTime.of(now), Types.TIMESTAMP_WITH_TIMEZONE)
                    .update();
            if (saved == 0) {
                throw ApiException.notFound();
            }
        });
    }

    private static ApiException unknownState() {
        return problem(
                HttpStatus.BAD_REQUEST,
                "oauth.stateUnknown",
                "This authorization is unknown, used, older than 10 minutes, or another user's: authorize the account"
                        + " again.");
    }

    private static ApiException problem(HttpStatus status, String code, String detail) {
        return new ApiException(Problem.of(status, code, detail));
    }
}
