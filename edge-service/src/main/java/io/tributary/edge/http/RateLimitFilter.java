package io.tributary.edge.http;

import io.tributary.ingress.RateLimiter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.springframework.web.filter.OncePerRequestFilter;

/** Refuses the requests of an address above the rate limit, with the header Retry-After. */
public final class RateLimitFilter extends OncePerRequestFilter {

    private final RateLimiter limiter = new RateLimiter(System::nanoTime);
    private final int perSecond;
    private final int burst;

    /**
     * @param perSecond requests of an address in the long run
     * @param burst such requests at once
     */
    public RateLimitFilter(int perSecond, int burst) {
        this.perSecond = perSecond;
        this.burst = burst;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Duration wait = limiter.take(request.getRemoteAddr(), perSecond, burst);
        if (wait.isZero()) {
            chain.doFilter(request, response);
            return;
        }
        response.setHeader("Retry-After", Long.toString(wait.plusMillis(999).toSeconds()));
        response.setHeader("Connection", "close");
        EdgeProblem.TOO_MANY_REQUESTS.write(response);
    }
}
