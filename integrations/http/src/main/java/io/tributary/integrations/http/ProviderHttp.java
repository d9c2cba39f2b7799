package io.tributary.integrations.http;

import io.tributary.integrations.api.Http;
import io.tributary.integrations.api.HttpRequest;
import io.tributary.integrations.api.HttpResponse;
import io.tributary.integrations.api.Quota;
import io.tributary.integrations.api.RateLimitHeaders;
import io.tributary.integrations.api.StatusMeaning;
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

/**
 * Sends a request, follows redirects, and throws the failure that a status means.
 *
 * @param beforeAskingAgain wait before a request that was answered 401 is sent once more, 0 and up
 */
record ProviderHttp(Transport transport, String domain, Clock clock, Consumer<Quota> quota, Duration beforeAskingAgain)
        implements Http {

    private static final int MOST_REDIRECTS = 5;
    private static final Duration MOMENT = Duration.ofMillis(500);

    ProviderHttp(Transport transport, String domain, Clock clock, Consumer<Quota> quota) {
        this(transport, domain, clock, quota, MOMENT);
    }

    @Override
    public HttpResponse send(HttpRequest request) throws TaskFailure, InterruptedException {
        var path = new Path();
        try {
            Answer answer = answered(request, path);
            judge(request, answer);
            return path.acted ? reached(request, answer) : answer;
        } catch (TaskFailure failure) {
            throw path.acted
                    ? new TaskFailure.Transient(failure.code(), failure.reason(), failure.getCause())
                    : failure;
        }
    }

    /**
     * Works on its own virtual thread: wherever it blocks, the deadline and an interrupt of the caller end the wait
     * immediately, and the interrupt that follows closes the blocking socket (see {@link java.net.Socket}).
     */
    private Answer answered(HttpRequest request, Path path) throws TaskFailure, InterruptedException {
        var sending = new FutureTask<>(() -> acceptedCredentials(request, path));
        Thread.ofVirtual().start(sending);
        try {
            return sending.get(request.timeout().toNanos(), TimeUnit.NANOSECONDS);
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
    }

    /**
     * A provider refuses good credentials now and then, such as those that not all of its servers know yet. Whoever
     * refuses them twice means it.
     */
    private Answer acceptedCredentials(HttpRequest request, Path path) throws TaskFailure, InterruptedException {
        Answer answer = follow(request, path);
        if (answer.status() != 401 || path.acted) {
            return answer;
        }
        Thread.sleep(beforeAskingAgain);
        return follow(request, path);
    }

    /** Where the target of a redirect refuses, nothing says whether the redirected request took effect. */
    private Answer reached(HttpRequest request, Answer answer) throws TaskFailure {
        if (answer.status() >= 400) {
            throw new TaskFailure.Transient(
                    domain + ".answerUnreadable",
                    request + " was redirected, and the target answered with status " + answer.status() + ".",
                    null);
        }
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

    private Answer follow(HttpRequest request, Path path) throws TaskFailure {
        HttpRequest next = request;
        for (int redirects = 0; ; redirects++) {
            Received received = transport.exchange(next);
            byte[] body = received.body();
            if (next.into() != null && body.length > 0 && received.status() < 300) {
                WriteBody.of(domain, next, body); // Of a transport that has it in memory.
                body = new byte[0];
            }
            var answer = new Answer(next, domain, received.status(), received.headers(), body);
            Optional<Redirect> redirect = Redirect.in(answer);
            if (redirect.isEmpty()) {
                return answer;
            }
            if (redirect.get().mayFollowAnEffect(next)) {
                path.acted = true;
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

    /** What has become of a request so far. */
    private static final class Path {
        /** Whether a server may have done what the request asks for, and redirected then. */
        private volatile boolean acted;
    }

    /** Reports the quota, and throws the failure that the status means. */
    private void judge(HttpRequest request, Answer answer) throws TaskFailure {
        var limits = new RateLimitHeaders(answer::header, clock.instant());
        limits.quota().ifPresent(quota);
        if (request.expected().contains(answer.status())) {
            return;
        }
        Optional<TaskFailure> failure = new StatusMeaning(domain, request, answer.status(), limits).failure();
        if (failure.isPresent()) {
            throw failure.get();
        }
    }
}
