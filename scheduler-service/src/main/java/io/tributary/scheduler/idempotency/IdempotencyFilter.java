package io.tributary.scheduler.idempotency;

import io.tributary.scheduler.http.Problem;
import io.tributary.scheduler.http.Violation;
import io.tributary.scheduler.idempotency.IdempotencyStore.Claim;
import io.tributary.scheduler.idempotency.IdempotencyStore.StoredResponse;
import io.tributary.scheduler.security.Caller;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ContentCachingResponseWrapper;

/**
 * Serves a POST with the header {@code Idempotency-Key} once. The same request of the same caller within 24 hours gets
 * the same response, with the header {@code Idempotency-Replayed}. Responses that ask for a retry (5xx, 429) are not
 * stored.
 *
 * <p>The one gap: a process that dies between the change and its response leaves a key that counts as in progress, and
 * after five minutes as unused.
 */
public final class IdempotencyFilter extends OncePerRequestFilter {

    private static final String KEY = "Idempotency-Key";

    private static final Pattern VALID = Pattern.compile("[\\x21-\\x7e]{1,255}");

    private static final Problem INVALID_KEY =
            Problem.invalid(List.of(new Violation(KEY, "must be 1 to 255 visible ASCII characters")));

    private static final Problem IN_USE = Problem.of(
            HttpStatus.CONFLICT,
            "api.idempotencyKeyInUse",
            "A request with this Idempotency-Key is in progress. Retry in a moment.");

    private static final Problem REUSED = Problem.of(
            HttpStatus.UNPROCESSABLE_CONTENT,
            "api.idempotencyKeyReused",
            "A different request was sent with this Idempotency-Key. Use a new key.");

    private static final Logger log = LoggerFactory.getLogger(IdempotencyFilter.class);

    private final IdempotencyStore store;

    public IdempotencyFilter(IdempotencyStore store) {
        this.store = store;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !request.getMethod().equals("POST") || request.getHeader(KEY) == null || request.getRemoteUser() == null;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String caller = request.getRemoteUser();
        String key = request.getHeader(KEY);
        if (!VALID.matcher(key).matches()) {
            INVALID_KEY.write(response);
            return;
        }
        Claim claim;
        try {
            byte[] body = request.getInputStream().readAllBytes();
            claim = store.claim(caller, key, line(request), body);
        } catch (DataAccessException e) {
            log.warn("api.requestNotServed: the database does not answer code={}", Problem.UNAVAILABLE.code(), e);
            Problem.UNAVAILABLE.write(response);
            return;
        }
        switch (claim) {
            case Claim.First() -> serve(caller, key, request, response, chain);
            case Claim.Served(var stored) -> replay(stored, response);
            case Claim.InProgress() -> {
                response.setHeader("Retry-After", "1");
                IN_USE.write(response);
            }
            case Claim.DifferentRequest() -> REUSED.write(response);
        }
    }

    /** A stored response of one organisation is none for another one of the same user. */
    private static String line(HttpServletRequest request) {
        String query = request.getQueryString();
        Caller caller = Caller.find(SecurityContextHolder.getContext().getAuthentication());
        String org = caller == null || caller.orgId().equals(caller.userId()) ? "" : " of " + caller.orgId();
        return "POST " + request.getRequestURI() + (query == null ? "" : "?" + query) + org;
    }

    private void serve(
            String caller, String key, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var cached = new ContentCachingResponseWrapper(response);
        boolean served = false;
        try {
            chain.doFilter(request, cached);
            served = cached.getStatus() < 500 && cached.getStatus() != HttpStatus.TOO_MANY_REQUESTS.value();
        } finally {
            end(caller, key, served ? cached : null);
        }
        cached.copyBodyToResponse();
    }

    private void end(String caller, String key, @Nullable ContentCachingResponseWrapper response) {
        try {
            if (response == null) {
                store.release(caller, key);
            } else {
                store.store(
                        caller,
                        key,
                        new StoredResponse(
                                response.getStatus(),
                                response.getHeader("Location"),
                                response.getContentType(),
                                response.getContentAsByteArray()));
            }
        } catch (DataAccessException e) {
            // The request was served. Without its response, the key counts as in progress until it is abandoned.
            log.warn("api.responseNotStored: response not stored for its idempotency key", e);
        }
    }

    private static void replay(StoredResponse stored, HttpServletResponse response) throws IOException {
        response.setStatus(stored.status());
        response.setHeader("Idempotency-Replayed", "true");
        if (stored.location() != null) {
            response.setHeader("Location", stored.location());
        }
        if (stored.contentType() != null) {
            response.setContentType(stored.contentType());
        }
        if (stored.body() != null) {
            response.getOutputStream().write(stored.body());
        }
    }
}
