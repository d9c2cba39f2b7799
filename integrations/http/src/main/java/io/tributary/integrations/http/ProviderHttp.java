package io.tributary.integrations.http;

import io.tributary.integrations.api.Http;
import io.tributary.integrations.api.HttpRequest;
import io.tributary.integrations.api.HttpResponse;
import io.tributary.integrations.api.Quota;
import io.tributary.integrations.api.RateLimitHeaders;
import io.tributary.integrations.api.TaskFailure;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Sends a request, follows where it is sent on to, and says what a failed status means. */
record ProviderHttp(Transport transport, String domain, Clock clock, Consumer<Quota> quota) implements Http {

    private static final int MOST_REDIRECTS = 5;
    /** How long to rest when a provider says that it is too much and not for how long. */
    private static final Duration UNNAMED_REST = Duration.ofSeconds(30);

    private static final Duration SHORTEST_REST = Duration.ofSeconds(1);

    /**
     * Works on a virtual thread of its own: whatever it blocks in, the deadline and an interrupt of the caller end the
     * wait at once, and the interrupt that follows closes the socket that it blocks on (see {@link java.net.Socket}).
     */
    @Override
    public HttpResponse send(HttpRequest request) throws TaskFailure, InterruptedException {
        var sending = new FutureTask<>(() -> follow(request));
        Thread.ofVirtual().start(sending);
        Answer answer;
        try {
            answer = sending.get(request.timeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new TaskFailure.Transient(
                    domain + ".connectionFailed",
                    request + " was not answered within " + request.timeout().toMillis() + " ms.",
                    null);
        } catch (ExecutionException e) {
            throw thrown(e.getCause());
        } finally {
            sending.cancel(true);
        }
        judge(request, answer);
        return answer;
    }

    private static TaskFailure thrown(@Nullable Throwable cause) {
        switch (cause) {
            case TaskFailure failure -> {
                return failure;
            }
            case RuntimeException exception -> throw exception;
            case Error error -> throw error;
            case null, default -> throw new IllegalStateException(cause);
        }
    }

    private Answer follow(HttpRequest request) throws TaskFailure {
        HttpRequest next = request;
        for (int redirects = 0; ; redirects++) {
            Received received = transport.exchange(next);
            var answer = new Answer(next, domain, received.status(), received.headers(), received.body());
            Optional<Redirect> redirect = Redirect.in(answer);
            if (redirect.isEmpty()) {
                return answer;
            }
            if (redirects == MOST_REDIRECTS) {
                throw new TaskFailure.Permanent(
                        domain + ".tooManyRedirects",
                        request + " was redirected more than " + MOST_REDIRECTS + " times.",
                        null);
            }
            next = redirect.get().of(next, domain);
        }
    }

    /** Tells of the quota, and throws what the status means. */
    private void judge(HttpRequest request, Answer answer) throws TaskFailure {
        var limits = new RateLimitHeaders(answer::header, clock.instant());
        Optional<Quota> left = limits.quota();
        left.ifPresent(quota);
        int status = answer.status();
        if (request.expected().contains(status)) {
            return;
        }
        if (asksToWait(status, limits, left)) {
            Duration rest = limits.waitOr(UNNAMED_REST);
            throw new TaskFailure.RetryLater(
                    domain + ".rateLimited",
                    "The provider asks to wait: it answered " + request + " with status " + status + ".",
                    rest.compareTo(SHORTEST_REST) < 0 ? SHORTEST_REST : rest);
        }
        if (status == 401) {
            throw new TaskFailure.Unauthorized(
                    domain + ".authFailed",
                    "The provider refused the credentials: it answered " + request
                            + " with status 401. Connect the account again.",
                    null);
        }
        if (status >= 500 || status == 408 || status == 425) {
            throw new TaskFailure.Transient(
                    domain + ".providerFailed",
                    "The provider failed: it answered " + request + " with status " + status + ".",
                    null);
        }
        if (status < 200 || status >= 300 && status < 400 && status != 304) {
            throw new TaskFailure.Transient(
                    domain + ".answerUnreadable",
                    "The provider answered " + request + " with status " + status + ", which leads nowhere.",
                    null);
        }
    }

    private static boolean asksToWait(int status, RateLimitHeaders limits, Optional<Quota> left) {
        return switch (status) {
            case 429 -> true;
            case 403 ->
                limits.retryAfter().isPresent()
                        || left.filter(quota -> quota.remaining() == 0).isPresent();
            case 503 -> limits.retryAfter().isPresent();
            default -> false;
        };
    }
}
