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

    /**
     * Works on its own virtual thread: wherever it blocks, the deadline and an interrupt of the caller end the wait
     * immediately, and the interrupt that follows closes the blocking socket (see {@link java.net.Socket}).
     */
    @Override
    public HttpResponse send(HttpRequest request) throws TaskFailure, InterruptedException {
        var sending = new FutureTask<>(() -> answered(request));
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

    /**
     * A provider refuses good credentials now and then, such as those that not all of its servers know yet. Whoever
     * refuses them twice means it.
     */
    private Answer answered(HttpRequest request) throws TaskFailure, InterruptedException {
        Answer answer = follow(request);
        if (answer.status() != 401) {
            return answer;
        }
        Thread.sleep(beforeAskingAgain);
        return follow(request);
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
            if (redirects == MOST_REDIRECTS) {
                throw new TaskFailure.Permanent(
                        domain + ".tooManyRedirects",
                        request + " was redirected more than " + MOST_REDIRECTS + " times.",
                        null);
            }
            next = redirect.get().of(next, domain);
        }
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
