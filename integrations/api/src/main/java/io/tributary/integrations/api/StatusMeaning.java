package io.tributary.integrations.api;

import java.time.Duration;
import java.util.Optional;

/**
 * The meaning of an HTTP status, as {@link Http#send} applies it to every response. An integration that handles a
 * status itself ({@link HttpRequest#expected}) can use it for responses without another meaning.
 *
 * @param domain of the integration: the codes of failures begin with it
 * @param request the request, for messages
 * @param status status of the response
 * @param limits rate limit headers of the response
 */
public record StatusMeaning(String domain, HttpRequest request, int status, RateLimitHeaders limits) {

    /** The wait when a provider asks to wait without a time. */
    public static final Duration USUAL_WAIT = Duration.ofSeconds(30);

    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);

    /**
     * The failure that the status means: {@link TaskFailure.RetryLater} for 429, for 403 and 503 with
     * {@code Retry-After}, and for 403 with an exhausted quota; {@link TaskFailure.Unauthorized} for 401;
     * {@link TaskFailure.Transient} for 5xx, 408, 425, and a redirect that leads nowhere. Empty for 2xx, 304 and any
     * other
     * 4xx.
     */
    public Optional<TaskFailure> failure() {
        if (asksToWait()) {
            return Optional.of(new TaskFailure.RetryLater(
                    domain + ".rateLimited",
                    "The provider asks to wait: it answered " + request + " with status " + status + ".",
                    wait(limits, USUAL_WAIT)));
        }
        if (status == 401) {
            return Optional.of(new TaskFailure.Unauthorized(
                    domain + ".authFailed",
                    "The provider refused the credentials: it answered " + request
                            + " with status 401. Connect the account again.",
                    null));
        }
        if (status >= 500 || status == 408 || status == 425) {
            return Optional.of(new TaskFailure.Transient(
                    domain + ".providerFailed",
                    "The provider failed: it answered " + request + " with status " + status + ".",
                    null));
        }
        if (status < 200 || status >= 300 && status < 400 && status != 304) {
            return Optional.of(new TaskFailure.Transient(
                    domain + ".answerUnreadable",
                    "The provider answered " + request + " with status " + status + ", which leads nowhere.",
                    null));
        }
        return Optional.empty();
    }

    private boolean asksToWait() {
        return switch (status) {
            case 429 -> true;
            case 403 -> limits.retryAfter().isPresent() || limits.isExhausted();
            case 503 -> limits.retryAfter().isPresent();
            default -> false;
        };
    }

    /** The wait before the next request, 1 s and up: as in the headers, or else the given time. */
    public static Duration wait(RateLimitHeaders limits, Duration otherwise) {
        Duration wait = limits.waitOr(otherwise);
        return wait.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : wait;
    }
}
