package io.tributary.scheduler.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses the requests of a caller who asks for more than their share, and says when to come again. Runs after
 * authentication, and counts by user: whoever has several tokens has one share. Nobody's requests were refused before.
 */
public final class LimitRate extends OncePerRequestFilter {

    /** Callers that are known at a time; one that is forgotten has a full bucket again. */
    private static final int MAX_CALLERS = 100_000;

    private final WriteProblem problems;
    private final ApiProperties properties;
    private final LongSupplier nanoTime;
    private final Cache<String, TokenBucket> buckets = Caffeine.newBuilder()
            .maximumSize(MAX_CALLERS)
            .expireAfterAccess(Duration.ofHours(1))
            .build();

    /** @param nanoTime as {@link System#nanoTime} */
    public LimitRate(WriteProblem problems, ApiProperties properties, LongSupplier nanoTime) {
        this.problems = problems;
        this.properties = properties;
        this.nanoTime = nanoTime;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Duration wait = request.getRemoteUser() == null ? Duration.ZERO : take(request.getRemoteUser());
        if (wait.isZero()) {
            chain.doFilter(request, response);
            return;
        }
        response.setHeader("Retry-After", Long.toString(wait.plusMillis(999).toSeconds()));
        problems.write(response, Problem.TOO_MANY_REQUESTS);
    }

    private Duration take(String caller) {
        return buckets.get(
                        caller,
                        _ -> new TokenBucket(properties.requestsPerSecond(), properties.burst(), nanoTime.getAsLong()))
                .take(nanoTime.getAsLong());
    }
}
