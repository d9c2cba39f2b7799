package io.tributary.standalone.oidc;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What the token endpoint does instead of its work, or after it; counts its requests. */
final class Faults implements Filter {

    private static final long LONGEST_HANG_SECONDS = 60;

    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger granted = new AtomicInteger();
    private volatile Mode mode = new Works();

    sealed interface Mode {}

    record Works() implements Mode {}

    /** Answers that status, with what a gateway says. */
    record Fails(int status, @Nullable String retryAfter) implements Mode {}

    /** Does its work, and answers when told to. */
    record AnswersLate(CountDownLatch worked, CountDownLatch answer) implements Mode {}

    void become(Mode mode) {
        this.mode = mode;
    }

    int requests() {
        return requests.get();
    }

    int granted() {
        return granted.get();
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        var http = (HttpServletRequest) request;
        var answer = (HttpServletResponse) response;
        if (!http.getRequestURI().equals("/oauth2/token")) {
            chain.doFilter(request, response);
            return;
        }
        requests.incrementAndGet();
        switch (mode) {
            case Works() -> work(request, answer, chain);
            case Fails(var status, var retryAfter) -> {
                answer.setStatus(status);
                if (retryAfter != null) {
                    answer.setHeader("Retry-After", retryAfter);
                }
                answer.getWriter().write("<html>no</html>");
            }
            case AnswersLate(var worked, var release) -> {
                // The answer goes into the response's buffer, which is sent when this returns.
                work(request, answer, chain);
                worked.countDown();
                await(release);
            }
        }
    }

    private void work(ServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        chain.doFilter(request, new Unflushed(response));
        if (response.getStatus() == 200) {
            granted.incrementAndGet();
        }
    }

    private static void await(CountDownLatch release) {
        try {
            boolean released = release.await(LONGEST_HANG_SECONDS, TimeUnit.SECONDS);
            if (!released) {
                throw new IllegalStateException("nobody let the provider answer");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
