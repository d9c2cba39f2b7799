package io.tributary.worker.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tributary.worker.Json;
import java.net.URLDecoder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Reads what a token endpoint answered: JSON (RFC 6749, section 5) or the form encoding that some answer, and errors
 * with a status of 400, or of 200.
 */
final class ReadTokenAnswer {

    /** What providers call a grant that is no more: RFC 6749, then GitHub, then Slack. */
    private static final Set<String> GRANT_ERRORS = Set.of(
            "invalid_grant",
            "access_denied",
            "interaction_required",
            "consent_required",
            "login_required",
            "bad_refresh_token",
            "invalid_refresh_token",
            "token_expired",
            "token_revoked",
            "account_inactive");

    private static final Set<String> PASSING_ERRORS = Set.of(
            "temporarily_unavailable",
            "server_error",
            "slow_down",
            "ratelimited",
            "rate_limited",
            "internal_error",
            "fatal_error",
            "service_unavailable",
            "request_timeout");

    /** An error code; anything else may quote the request, and is not passed on. */
    private static final Pattern ERROR = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

    private static final Duration LONGEST_LIFETIME = Duration.ofDays(3_650);

    private ReadTokenAnswer() {}

    static TokenAnswer of(int status, String body, @Nullable Duration retryAfter) {
        if (status == 429) {
            return new TokenAnswer.Unavailable("The token endpoint answered 429.", retryAfter, true);
        }
        if (status >= 500 || status == 408) {
            return new TokenAnswer.Unavailable("The token endpoint answered " + status + ".", retryAfter, false);
        }
        Map<String, String> values = values(body);
        String error = values.get("error");
        if (error != null) {
            return refusal(ERROR.matcher(error).matches() ? error : "unknown_error", retryAfter);
        }
        String accessToken = values.get("access_token");
        if (status < 300 && accessToken != null && !accessToken.isBlank()) {
            String refreshToken = values.get("refresh_token");
            return new TokenAnswer.Granted(
                    accessToken,
                    refreshToken == null || refreshToken.isBlank() ? null : refreshToken,
                    lifetime(values.get("expires_in")));
        }
        return status == 401 ? new TokenAnswer.ClientRefused("http_401") : new TokenAnswer.NotOAuth(status);
    }

    private static TokenAnswer refusal(String error, @Nullable Duration retryAfter) {
        if (GRANT_ERRORS.contains(error)) {
            return new TokenAnswer.GrantRefused(error);
        }
        if (PASSING_ERRORS.contains(error)) {
            return new TokenAnswer.Unavailable("The token endpoint answered " + error + ".", retryAfter, false);
        }
        return new TokenAnswer.ClientRefused(error);
    }

    private static Map<String, String> values(String body) {
        String text = body.strip();
        var values = new HashMap<String, String>();
        if (text.startsWith("{")) {
            try {
                Json.readObject(text).values().forEach((name, value) -> {
                    if (value != null) {
                        values.put(name, value.toString());
                    }
                });
            } catch (JacksonException | IllegalArgumentException e) {
                return Map.of(); // Nothing of it is passed on: it may hold a token.
            }
        } else if (!text.startsWith("<")) {
            for (String pair : text.split("&", 64)) {
                int equals = pair.indexOf('=');
                if (equals > 0) {
                    values.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
                }
            }
        }
        return values;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    private static @Nullable Duration lifetime(@Nullable String seconds) {
        if (seconds == null) {
            return null;
        }
        try {
            var lifetime = Duration.ofSeconds((long) Double.parseDouble(seconds));
            boolean sensible = lifetime.isPositive() && lifetime.compareTo(LONGEST_LIFETIME) <= 0;
            return sensible ? lifetime : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
