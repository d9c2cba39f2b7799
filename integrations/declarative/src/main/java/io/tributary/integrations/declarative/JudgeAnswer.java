package io.tributary.integrations.declarative;

import io.tributary.integrations.api.HttpResponse;
import io.tributary.integrations.api.RateLimitHeaders;
import io.tributary.integrations.api.StatusMeaning;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.declarative.Definition.Condition;
import io.tributary.integrations.declarative.Definition.ErrorRule;
import io.tributary.integrations.declarative.Definition.FailureKind;
import io.tributary.integrations.declarative.Definition.Request;
import io.tributary.integrations.declarative.ProviderAnswer.Meaning;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The meaning of an answer: first by the file's rules, then by {@link StatusMeaning} as for every integration.
 *
 * @param ofAction whether an answer that is no JSON is well
 */
record JudgeAnswer(Definition definition, TaskContext context, boolean ofAction) {

    /** The statuses that a request wants to see itself. */
    Set<Integer> expected(Request request) {
        var statuses = new HashSet<>(request.missing());
        definition.errors().forEach(rule -> statuses.addAll(rule.condition().statuses()));
        expiries().forEach(condition -> statuses.addAll(condition.statuses()));
        if (definition.connect() != null && definition.connect().works() != null) {
            statuses.addAll(definition.connect().works().statuses());
        }
        definition.streams().values().forEach(stream -> {
            if (stream.report() != null && stream.report().tooLarge() != null) {
                statuses.addAll(stream.report().tooLarge().statuses());
            }
        });
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
    ProviderAnswer of(ProviderAnswer answer, Request request, @Nullable Condition special, Scope scope)
            throws TaskFailure, ExpressionFailure {
        int status = answer.response().status();
        if (status == 304) {
            return answer.as(Meaning.UNCHANGED);
        }
        if (request.missing().contains(status)) {
            return answer.as(Meaning.MISSING);
        }
        if (special != null && holds(special, answer, scope)) {
            return answer.as(Meaning.SPECIAL);
        }
        RateLimitHeaders limits = limits(answer.response());
        if (!definition.http().rateLimitHeaders().isEmpty()) {
            limits.quota().ifPresent(context::quota);
        }
        for (ErrorRule rule : definition.errors()) {
            if (holds(rule.condition(), answer, scope)) {
                throw failure(rule, limits, answer, scope);
            }
        }
        return usual(answer, limits);
    }

    private static boolean holds(Condition condition, ProviderAnswer answer, Scope scope) throws ExpressionFailure {
        if (!condition.statuses().isEmpty()
                && !condition.statuses().contains(answer.response().status())) {
            return false;
        }
        return condition.when() == null || condition.when().holds(seen(answer), answer.in(scope));
    }

    private static Map<String, @Nullable Object> seen(ProviderAnswer answer) {
        var seen = new LinkedHashMap<String, @Nullable Object>();
        seen.put("status", answer.response().status());
        seen.put("body", answer.body());
        return seen;
    }

    private TaskFailure failure(ErrorRule rule, RateLimitHeaders limits, ProviderAnswer answer, Scope scope)
            throws ExpressionFailure {
        return switch (rule.failure()) {
            case RETRY_LATER ->
                new TaskFailure.RetryLater(
                        rule.code(),
                        rule.message(),
                        StatusMeaning.wait(saying(rule.waitFrom(), answer, scope, limits), rule.defaultWait()));
            case TRANSIENT -> {
                var failure = new TaskFailure.Transient(rule.code(), rule.message(), null);
                yield rule.withoutEffect() ? failure.certainlyWithoutEffect() : failure;
            }
            case UNAUTHORIZED -> new TaskFailure.Unauthorized(rule.code(), rule.message(), null);
            case MISCONFIGURED -> new TaskFailure.Misconfigured(rule.code(), rule.message(), null);
            case PERMANENT -> new TaskFailure.Permanent(rule.code(), rule.message(), null);
        };
    }

    /** The wait that the body states, if it states one. */
    private RateLimitHeaders saying(
            @Nullable Expression waitFrom, ProviderAnswer answer, Scope scope, RateLimitHeaders otherwise)
            throws ExpressionFailure {
        String wait = waitFrom == null ? null : waitFrom.text(seen(answer), answer.in(scope));
        var said = new RateLimitHeaders(
                name -> name.equals("retry-after") ? Optional.ofNullable(wait) : Optional.empty(),
                context.clock().instant());
        return said.retryAfter().isPresent() ? said : otherwise;
    }

    /** A status that {@link io.tributary.integrations.api.Http} left to this class means what it means there. */
    private ProviderAnswer usual(ProviderAnswer answer, RateLimitHeaders limits) throws TaskFailure {
        int status = answer.response().status();
        var failure = new StatusMeaning(definition.domain(), answer.request(), status, limits).failure();
        if (failure.isPresent()) {
            throw failure.get();
        }
        if (status >= 400) {
            throw new TaskFailure.Permanent(
                    code(FailureKind.PERMANENT),
                    "The provider refused " + answer.request() + " with status " + status + ".",
                    null);
        }
        if (answer.body() instanceof String && !ofAction) {
            throw new TaskFailure.Transient(
                    definition.domain() + ".answerUnreadable",
                    "The answer to " + answer.request() + " is not JSON.",
                    null);
        }
        return answer;
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

    /**
     * What a failure is called unless a rule says otherwise; as {@link io.tributary.integrations.api.Http} calls it.
     */
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
