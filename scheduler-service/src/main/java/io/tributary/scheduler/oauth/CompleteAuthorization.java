package io.tributary.scheduler.oauth;

import io.tributary.egress.OAuthClients;
import io.tributary.egress.TokenAnswer;
import io.tributary.egress.TokenEndpoint;
import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.credentials.EndTokenExchange;
import io.tributary.scheduler.credentials.SealCredentials;
import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Problem;
import io.tributary.scheduler.kafka.CommandWorkers;
import io.tributary.scheduler.security.Caller;
import io.tributary.scheduler.tables.AccountTable;
import io.tributary.secrets.Expiry;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Receives the provider's response to an authorization: exchanges the code, seals the tokens, and makes the account
 * active and due. The state works once, for 10 minutes, and only with the user's token or with the cookie of the
 * browser that started the authorization. Otherwise an attacker could have another person consent, and get that
 * person's account.
 */
@Component
record CompleteAuthorization(
        JdbcClient jdbc,
        AccountTable accounts,
        TransactionOperations transaction,
        SealCredentials seal,
        TokenEndpoint endpoint,
        FindProvider findProvider,
        CommandWorkers commandWorkers,
        Clock clock) {

    private static final Pattern ERROR = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
    private static final int MAX_CODE = 4_096;

    private record Taken(UUID id, String userId, String orgId, byte[] browserHash, byte[] sealed) {}

    /**
     * Connects the account.
     *
     * @param code the authorization code; null: none
     * @param error the provider's error, if it gave no code
     * @param caller the caller, by the token; null: none
     * @param browser the cookie
     * @return the account
     * @throws ApiException when the account cannot be connected
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
                    "The provider did not grant access" + why + ". Authorize the account again.");
        }
        Pending pending = seal.openJson(taken.id(), taken.sealed(), Pending.class);
        var found = findProvider.find(taken.id());
        check(pending, found.chosen().client());
        save(taken.id(), found.manifest().connects(), exchange(pending, found.chosen(), code));
        commandWorkers.credentialsChanged(taken.id());
        return taken.id();
    }

    /** Deletes the state, so that it works once. Another user's state stays, or anybody could invalidate it. */
    private Taken take(@Nullable String state, @Nullable Caller caller, @Nullable String browser) {
        if (state == null || state.length() > 100) {
            throw unknownState();
        }
        byte[] hash = Secrets.sha256(state);
        Taken found = jdbc.sql("""
            select i.id, i.user_id, i.org_id, a.browser_hash, a.sealed
            from oauth_authorization a join user_integration i on i.id = a.user_integration_id
            where a.state_hash = :state and a.expires_at > :now
            """)
                .param("state", hash)
                .param("now", SqlTime.of(clock.instant()))
                .query(Taken.class)
                .optional()
                .orElseThrow(CompleteAuthorization::unknownState);
        boolean sameUser = caller != null && caller.mayActFor(found.userId(), found.orgId());
        boolean sameBrowser = caller == null
                && browser != null
                && browser.length() <= 100
                && MessageDigest.isEqual(Secrets.sha256(browser), found.browserHash());
        if (!sameUser && !sameBrowser) {
            throw unknownState(); // The same response as for a state that does not exist.
        }
        int deleted = jdbc.sql("delete from oauth_authorization where state_hash = :state")
                .param("state", hash)
                .update();
        if (deleted == 0) {
            throw unknownState(); // Another request was faster.
        }
        return found;
    }

    /** The code and the secret of the client go where they went to when the user consented, and nowhere else. */
    private static void check(Pending pending, TokenEndpoint.Client client) {
        if (!pending.tokenUrl().equals(client.tokenUrl().toString())
                || !pending.clientId().equals(client.clientId())) {
            throw problem(
                    HttpStatus.CONFLICT,
                    "oauth.settingsChanged",
                    "The account or its client was changed since the authorization began. Authorize the account"
                            + " again.");
        }
    }

    private Map<String, String> exchange(Pending pending, OAuthClients.Chosen chosen, String code) {
        return switch (endpoint.redeem(chosen.client(), code, pending.redirectUri(), pending.codeVerifier())) {
            case TokenAnswer.Granted granted -> credentials(chosen, granted);
            case TokenAnswer.UrlRefused(var reason) ->
                throw problem(HttpStatus.CONFLICT, "oauth.urlRefused", "tokenUrl is rejected: " + reason + ".");
            case TokenAnswer.Silent silent ->
                throw problem(
                        HttpStatus.BAD_GATEWAY,
                        "oauth.providerUnavailable",
                        "The provider's token endpoint: " + silent.reason() + ". Authorize the account again.");
            case TokenAnswer.GrantRefused(var error) -> throw noToken(error);
            case TokenAnswer.ClientRefused(var error, var _) -> throw noToken(error);
            case TokenAnswer.NotOAuth(var status) -> throw noToken("status " + status);
            case TokenAnswer.Unavailable unavailable -> throw noToken(unavailable.answered());
        };
    }

    private static ApiException noToken(String why) {
        return problem(
                HttpStatus.BAD_GATEWAY,
                "oauth.codeRefused",
                "The provider's token endpoint returned no token (" + why
                        + "). Check the client, and authorize the account" + " again.");
    }

    private Map<String, String> credentials(OAuthClients.Chosen chosen, TokenAnswer.Granted granted) {
        var credentials = new HashMap<String, String>();
        credentials.put("accessToken", granted.accessToken());
        if (granted.refreshToken() != null) {
            credentials.put("refreshToken", granted.refreshToken());
        }
        Expiry.store(credentials, granted.expiresIn(), clock.instant());
        chosen.bind(credentials);
        return credentials;
    }

    private void save(UUID id, boolean connects, Map<String, String> credentials) {
        Instant now = clock.instant();
        Instant refreshAt = Expiry.refreshAt(credentials);
        transaction.executeWithoutResult(_ -> {
            accounts.lockFully(id);
            EndTokenExchange.of(id, jdbc);
            if (!accounts.connect(id, seal.seal(id, credentials), refreshAt, connects, now)) {
                throw ApiException.notFound();
            }
        });
    }

    private static ApiException unknownState() {
        return problem(
                HttpStatus.BAD_REQUEST,
                "oauth.stateUnknown",
                "This authorization is unknown, used, older than 10 minutes, or of another user. Authorize the account"
                        + " again.");
    }

    private static ApiException problem(HttpStatus status, String code, String detail) {
        return new ApiException(Problem.of(status, code, detail));
    }
}
