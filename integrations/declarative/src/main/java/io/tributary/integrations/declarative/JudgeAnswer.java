package io.tributary.integrations.declarative;

import io.tributary.integrations.api.HttpResponse;
import io.tributary.integrations.api.RateLimitHeaders;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.declarative.Answered.Meaning;
import io.tributary.integrations.declarative.Definition.Condition;
import io.tributary.integrations.declarative.Definition.ErrorRule;
import io.tributary.integrations.declarative.Definition.FailureKind;
import io.tributary.integrations.declarative.Definition.Request;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Says what an answer means: first by the file's rules, then as {@link io.tributary.integrations.api.Http} does. A status
 * that a rule names comes here instead of being judged there, so that is done over where no rule matches.
 */
final class JudgeAnswer {

    private static final Duration UNNAMED_REST = Duration.ofSeconds(30);
    private static final Duration SHORTEST_REST = Duration.ofSeconds(1);

    private final Definition definition;
    private final TaskContext context;

    JudgeAnswer(Definition definition, TaskContext context) {
        this.definition = definition;
        this.context = context;
    }

    /** The statuses that a request wants to see itself. */
    Set<Integer> expected(Request request) {
        var statuses = new HashSet<>(request.missing());
        definition.errors().forEach(rule -> statuses.addAll(rule.condition().statuses()));
        expiries().forEach(condition -> statuses.addAll(condition.statuses()));
        if (!definition.http().rateLimitHeaders().isEmpty()) {
            statuses.addAll(Set.of(403, 429, 503));
        }
        statuses.removeIf(status -> status < 400 || status > 599);
        return statuses;
    }

    private Stream<Condition> expiries() {
        return definition.streams().values().stream()
                .map(Definition.Stream::incremental)
                .flatMap(how -> how instanceof Incremental.Stored stored && stored.expired() != null
                        ? Stream.of(stored.expired())
                        : Stream.empty());
    }

    /** @throws TaskFailure when the answer means one */
    Answered of(Answered answer, Request request, @Nullable Condition expired, Scope scope)
            throws TaskFailure, ExpressionFailure {
        int status = answer.response().status();
        if (status == 304) {
            return answer.as(Meaning.UNCHANGED);
        }
        if (request.missing().contains(status)) {
            return answer.as(Meaning.MISSING);
        }
        if (expired != null && holds(expired, answer, scope)) {
            return answer.as(Meaning.EXPIRED);
        }
        RateLimitHeaders limits = limits(answer.response());
        if (!definition.http().rateLimitHeaders().isEmpty()) {
            limits.quota().ifPresent(context::quota);
        }
        for (ErrorRule rule : definition.errors()) {
            if (holds(rule.condition(), answer, scope)) {
                throw failure(rule, limits);
            }
        }
        return usual(answer, limits);
    }

    private static boolean holds(Condition condition, Answered answer, Scope scope) throws ExpressionFailure {
        if (!condition.statuses().isEmpty()
                && !condition.statuses().contains(answer.response().status())) {
            return false;
        }
        return condition.when() == null || condition.when().holds(seen(answer), answer.in(scope));
    }

    private static Map<String, @Nullable Object> seen(Answered answer) {
        var seen = new LinkedHashMap<String, @Nullable Object>();
        seen.put("status", answer.response().status());
        seen.put("body", answer.body());
        return seen;
    }

    private static TaskFailure failure(ErrorRule rule, RateLimitHeaders limits) {
        return switch (rule.failure()) {
            case RETRY_LATER -> new TaskFailure.RetryLater(rule.code(), rule.message(), rest(limits, rule.rest()));
            case TRANSIENT -> new TaskFailure.Transient(rule.code(), rule.message(), null);
            case UNAUTHORIZED -> new TaskFailure.Unauthorized(rule.code(), rule.message(), null);
            case MISCONFIGURED -> new TaskFailure.Misconfigured(rule.code(), rule.message(), null);
            case PERMANENT -> new TaskFailure.Permanent(rule.code(), rule.message(), null);
        };
    }

    private static Duration rest(RateLimitHeaders limits, Duration otherwise) {
        Duration rest = limits.waitOr(otherwise);
        return rest.compareTo(SHORTEST_REST) < 0 ? SHORTEST_REST : rest;
    }

    private Answered usual(Answered answer, RateLimitHeaders limits) throws TaskFailure {
        int status = answer.response().status();
        if (asksToWait(status, limits)) {
            throw new TaskFailure.RetryLater(
                    code(FailureKind.RETRY_LATER),
                    "The provider asks to wait: it answered with status " + status + ".",
                    rest(limits, UNNAMED_REST));
        }
        if (status == 401) {
            throw new TaskFailure.Unauthorized(
                    code(FailureKind.UNAUTHORIZED),
                    "The provider refused the credentials with status 401: connect the account again.",
                    null);
        }
        if (status >= 500 || status == 408 || status == 425) {
            throw new TaskFailure.Transient(
                    code(FailureKind.TRANSIENT), "The provider failed with status " + status + ".", null);
        }
        if (status >= 400) {
            throw new TaskFailure.Permanent(
                    code(FailureKind.PERMANENT),
                    "The provider refused " + answer.response().uri().getRawPath() + " with status " + status + ".",
                    null);
        }
        if (answer.body() instanceof String) {
            throw new TaskFailure.Transient(
                    definition.domain() + ".answerUnreadable",
                    "The answer of " + answer.response().uri().getRawPath() + " is not JSON.",
                    null);
        }
        return answer;
    }

    private static boolean asksToWait(int status, RateLimitHeaders limits) {
        return switch (status) {
            case 429 -> true;
            case 403 ->
                limits.retryAfter().isPresent()
                        || limits.quota()
                                .filter(quota -> quota.remaining() == 0)
                                .isPresent();
            case 503 -> limits.retryAfter().isPresent();
            default -> false;
        };
    }

    private RateLimitHeaders limits(HttpResponse response) {
        Map<String, String> names = definition.http().rateLimitHeaders();
        return new RateLimitHeaders(
                usual -> response.header(names.getOrDefault(usual, usual)),
                context.clock().instant());
    }

    private String code(FailureKind kind) {
        return definition.domain() + "." + usualCode(kind);
    }

    /** What a failure is called unless a rule says otherwise; as {@link io.tributary.integrations.api.Http} calls it. */
    static String usualCode(FailureKind kind) {
        return switch (kind) {
            case RETRY_LATER -> "rateLimited";
            case TRANSIENT -> "providerFailed";
            case UNAUTHORIZED -> "authFailed";
            case MISCONFIGURED -> "misconfigured";
            case PERMANENT -> "requestRefused";
        };
    }
}
