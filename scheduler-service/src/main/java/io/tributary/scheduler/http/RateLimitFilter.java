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
 * Rejects the requests of a caller above the rate limit, with the header Retry-After. Runs after authentication and
 * counts by user, so that several tokens of a user share one limit; requests without a token, such as a provider's
 * redirect to the OAuth2 callback, count by address. Health checks are not limited.
 */
public final class RateLimitFilter extends OncePerRequestFilter {

    /** Buckets kept at a time; a caller without one starts with a full bucket. */
    private static final int MAX_CALLERS = 100_000;

    private final ApiProperties properties;
    private final LongSupplier nanoTime;
    private final Cache<String, TokenBucket> buckets = Caffeine.newBuilder()
            .maximumSize(MAX_CALLERS)
            .expireAfterAccess(Duration.ofHours(1))
            .build();

    /** @param nanoTime as {@link System#nanoTime} */
    public RateLimitFilter(ApiProperties properties, LongSupplier nanoTime) {
        this.properties = properties;
        this.nanoTime = nanoTime;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Duration wait = take(request);
        if (wait.isZero()) {
            chain.doFilter(request, response);
            return;
        }
        response.setHeader("Retry-After", Long.toString(wait.plusMillis(999).toSeconds()));
        Problem.TOO_MANY_REQUESTS.write(response);
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return isHealthCheck(request);
    }

    private Duration take(HttpServletRequest request) {
        boolean known = request.getRemoteUser() != null;
        int perSecond = known ? properties.requestsPerSecond() : properties.anonymousRequestsPerSecond();
        int burst = known ? properties.burst() : properties.anonymousBurst();
        return buckets.get(caller(request), _ -> new TokenBucket(perSecond, burst, nanoTime.getAsLong()))
                .take(nanoTime.getAsLong());
    }

    /** The user of a request; without a token, the address that it came from. */
    static String caller(HttpServletRequest request) {
        String user = request.getRemoteUser();
        return user == null ? "address " + request.getRemoteAddr() : "user " + user;
    }

    static boolean isHealthCheck(HttpServletRequest request) {
        return request.getRequestURI().startsWith("/actuator/");
    }
}
