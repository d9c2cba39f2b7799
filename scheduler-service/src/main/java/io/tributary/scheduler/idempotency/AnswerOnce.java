package io.tributary.scheduler.idempotency;

import io.tributary.scheduler.http.Problem;
import io.tributary.scheduler.http.Violation;
import io.tributary.scheduler.http.WriteProblem;
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
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ContentCachingResponseWrapper;

/**
 * Serves a POST with an {@code Idempotency-Key} once: whoever sends it again, because the answer was lost, gets the same
 * answer, with the header {@code Idempotency-Replayed}. Answers that ask to try again (5xx, 429) are not kept.
 *
 * <p>The one gap: a process that dies between the change and its answer leaves a key that counts as under way, and after
 * five minutes as unused.
 */
@Component
public class AnswerOnce extends OncePerRequestFilter {

    static final String KEY = "Idempotency-Key";

    private static final Pattern VALID = Pattern.compile("[\\x21-\\x7e]{1,255}");

    private static final Logger log = LoggerFactory.getLogger(AnswerOnce.class);

    private final KeepAnswers answers;
    private final WriteProblem problems;

    AnswerOnce(KeepAnswers answers, WriteProblem problems) {
        this.answers = answers;
        this.problems = problems;
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
            problems.write(
                    response,
                    Problem.invalid(List.of(new Violation(KEY, "must be 1 to 255 visible ASCII characters"))));
            return;
        }
        Claim claim;
        try {
            claim = answers.claim(
                    caller, key, line(request), request.getInputStream().readAllBytes());
        } catch (DataAccessException e) {
            log.warn("request not served, the database does not answer code={}", Problem.UNAVAILABLE.code(), e);
            problems.write(response, Problem.UNAVAILABLE);
            return;
        }
        switch (claim) {
            case Claim.First() -> serve(caller, key, request, response, chain);
            case Claim.Served(var answer) -> repeat(answer, response);
            case Claim.UnderWay() -> {
                response.setHeader("Retry-After", "1");
                problems.write(
                        response,
                        Problem.of(
                                HttpStatus.CONFLICT,
                                "api.idempotencyKeyInUse",
                                "A request with this Idempotency-Key is being served: ask again in a moment."));
            }
            case Claim.OfAnother() ->
                problems.write(
                        response,
                        Problem.of(
                                HttpStatus.UNPROCESSABLE_CONTENT,
                                "api.idempotencyKeyReused",
                                "Another request was sent with this Idempotency-Key: take a new one."));
        }
    }

    private static String line(HttpServletRequest request) {
        String query = request.getQueryString();
        return "POST " + request.getRequestURI() + (query == null ? "" : "?" + query);
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
            note(caller, key, served ? cached : null);
        }
        cached.copyBodyToResponse();
    }

    private void note(String caller, String key, @Nullable ContentCachingResponseWrapper answer) {
        try {
            if (answer == null) {
                answers.forget(caller, key);
            } else {
                answers.keep(
                        caller,
                        key,
                        new KeptAnswer(
                                answer.getStatus(),
                                answer.getHeader("Location"),
                                answer.getContentType(),
                                answer.getContentAsByteArray()));
            }
        } catch (DataAccessException e) {
            // The request was served. Without its answer, the key counts as under way until it is abandoned.
            log.warn("answer not kept for its idempotency key code={}", Problem.UNAVAILABLE.code(), e);
        }
    }

    private static void repeat(KeptAnswer answer, HttpServletResponse response) throws IOException {
        response.setStatus(answer.status());
        response.setHeader("Idempotency-Replayed", "true");
        if (answer.location() != null) {
            response.setHeader("Location", answer.location());
        }
        if (answer.contentType() != null) {
            response.setContentType(answer.contentType());
        }
        response.getOutputStream().write(answer.body());
    }
}
