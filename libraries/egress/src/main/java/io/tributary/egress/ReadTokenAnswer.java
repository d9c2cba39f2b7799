package io.tributary.egress;

import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the answer of a token endpoint. RFC 6749, section 5 defines the codes; many providers have codes, texts and
 * forms of their own, with a status of 4xx or 200. A refused grant, a refused client and a passing failure have
 * different remedies, so an answer is read by its codes first, and then by its words.
 */
final class ReadTokenAnswer {

    /** Names that providers have for a grant that is no longer valid: RFC 6749, then GitHub, Slack, Zoho, HubSpot. */
    private static final Set<String> GRANT_ERRORS = Set.of(
            "invalid_grant",
            "access_denied",
            "interaction_required",
            "consent_required",
            "login_required",
            "bad_refresh_token",
            "invalid_refresh_token",
            "refresh_token_expired",
            "expired_refresh_token",
            "expired_token",
            "token_expired",
            "token_revoked",
            "invalid_code",
            "invalid_auth_code",
            "inactive_user",
            "user_inactive",
            "account_inactive",
            "oauthexception");

    /** What is certainly about the client or the request, whatever the words. */
    private static final Set<String> CLIENT_ERRORS = Set.of(
            "invalid_client",
            "invalid_client_id",
            "invalid_client_secret",
            "bad_client_id",
            "bad_client_secret",
            "incorrect_client_credentials",
            "unsupported_grant_type",
            "invalid_grant_type",
            "invalid_scope",
            "redirect_uri_mismatch",
            "bad_redirect_uri",
            "invalid_redirect_uri");

    /** Of these, what another way to show the secret may cure. */
    private static final Set<String> AUTHENTICATION_ERRORS = Set.of(
            "invalid_client",
            "unauthorized_client",
            "invalid_client_id",
            "invalid_client_secret",
            "incorrect_client_credentials");

    private static final Set<String> LIMIT_ERRORS =
            Set.of("slow_down", "ratelimited", "rate_limited", "rate_limit_exceeded", "too_many_requests", "throttled");

    private static final Set<String> PASSING_ERRORS = Set.of(
            "temporarily_unavailable",
            "server_error",
            "internal_error",
            "internal_server_error",
            "fatal_error",
            "service_unavailable",
            "request_timeout",
            "timeout");

    private static final Pattern LIMIT_WORDS = Pattern.compile("too many|rate[ _-]?limit|throttl|quota exceeded");
    private static final Pattern PASSING_WORDS =
            Pattern.compile("already being processed|try again later|temporarily un");
    private static final Pattern GRANT = Pattern.compile(
            "refresh[ _-]?token|\\bgrant\\b|authori[sz]ation[ _-]code|invalid token|token (has |is |was )?(been"
                    + " )?(invalid|expired|revoked)");
    private static final Pattern NO_MORE =
            Pattern.compile("invalid|expired|revoked|not valid|no longer|already (been )?used|not found|does ?n[o']t"
                    + " exist|unrecogni[sz]ed");
    private static final Pattern GRANT_TYPE = Pattern.compile("grant[ _-]?type|unsupported|not allowed|missing param");
    private static final Pattern OF_CLIENT = Pattern.compile("client|authorization header|authentication");

    /** Stands for the error code that an answer of status 401 lacks. */
    static final String UNAUTHORIZED = "http_401";

    /** An error code; anything else may quote the request, and is not passed on. */
    private static final Pattern ERROR = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

    private static final Pattern NUMBER = Pattern.compile("-?[0-9.]+");

    private ReadTokenAnswer() {}

    /** @param retryAfter wait that a header requests; null: none */
    static TokenAnswer of(int status, String body, @Nullable Duration retryAfter, Clock clock) {
        var fields = TokenFields.of(body);
        Duration wait = retryAfter == null ? fields.retryAfter() : retryAfter;
        if (status == 429) {
            return new TokenAnswer.Unavailable("429", wait, true);
        }
        if (status >= 500 || status == 408) {
            return new TokenAnswer.Unavailable(Integer.toString(status), wait, false);
        }
        if (fields.hasError() || status >= 300) {
            return refusal(status, fields, wait);
        }
        TokenAnswer.Granted granted = fields.granted(clock);
        return granted == null ? new TokenAnswer.NotOAuth(status) : granted;
    }

    private static TokenAnswer refusal(int status, TokenFields fields, @Nullable Duration wait) {
        Set<String> codes = fields.errorCodes();
        String words = fields.errorWords();
        String error = name(status, fields);
        if (holds(codes, LIMIT_ERRORS) || LIMIT_WORDS.matcher(words).find()) {
            return new TokenAnswer.Unavailable(error, wait, true);
        }
        if (holds(codes, PASSING_ERRORS) || PASSING_WORDS.matcher(words).find()) {
            return new TokenAnswer.Unavailable(error, wait, false);
        }
        boolean ofClient = holds(codes, CLIENT_ERRORS);
        boolean saysGrant = GRANT.matcher(words).find()
                && NO_MORE.matcher(words).find()
                && !GRANT_TYPE.matcher(words).find();
        if (!ofClient && (holds(codes, GRANT_ERRORS) || saysGrant)) {
            return new TokenAnswer.GrantRefused(error);
        }
        boolean known =
                ofClient || codes.stream().anyMatch(code -> code.startsWith("invalid_") || code.contains("client"));
        if (!known && status != 401 && (codes.isEmpty() || status == 404 || status == 405 || status < 400)) {
            return new TokenAnswer.NotOAuth(status);
        }
        boolean ofAuthentication = holds(codes, AUTHENTICATION_ERRORS)
                || !ofClient && (status == 401 || OF_CLIENT.matcher(words).find());
        return new TokenAnswer.ClientRefused(error, ofAuthentication);
    }

    private static boolean holds(Set<String> codes, Set<String> some) {
        return codes.stream().anyMatch(some::contains);
    }

    /** The code as the provider sent it. */
    private static String name(int status, TokenFields fields) {
        return fields.rawCodes().stream()
                .filter(code ->
                        ERROR.matcher(code).matches() && !NUMBER.matcher(code).matches())
                .findFirst()
                .orElse(status == 401 ? UNAUTHORIZED : "unknown_error");
    }

    /** One spelling of a code. */
    static String normalized(String code) {
        return code.strip().toLowerCase(Locale.ROOT).replaceAll("[ .-]+", "_");
    }
}
