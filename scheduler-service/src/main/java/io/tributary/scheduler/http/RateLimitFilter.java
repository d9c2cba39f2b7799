package io.tributary.scheduler.http;

import io.tributary.ingress.RateLimiter;
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

    private final ApiProperties properties;
    private final RateLimiter limiter;

    /** @param nanoTime as {@link System#nanoTime} */
    public RateLimitFilter(ApiProperties properties, LongSupplier nanoTime) {
        this.properties = properties;
        this.limiter = new RateLimiter(nanoTime);
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
        return limiter.take(caller(request), perSecond, burst);
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
