package io.tributary.integrations.declarative;

import io.tributary.integrations.declarative.Definition.Condition;
import io.tributary.integrations.declarative.Definition.ErrorRule;
import io.tributary.integrations.declarative.Definition.FailureKind;
import io.tributary.integrations.declarative.Definition.Request;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Compiles requests, and the rules that say what their answers mean. */
record ReadRequests(String domain) {

    private static final Duration REST = Duration.ofSeconds(30);

    Request request(Section section) {
        boolean form = section.has("form");
        return new Request(
                section.text("method").orElse("GET"),
                section.mixed("path"),
                section.has("url") ? section.mixed("url") : null,
                section.fields("query"),
                section.fields("headers"),
                form ? section.template("form") : section.has("body") ? section.template("body") : null,
                form,
                section.texts("missing").stream().map(Integer::valueOf).collect(Collectors.toSet()));
    }

    List<ErrorRule> errors(Section root) {
        return root.sections("errors").stream().map(this::error).toList();
    }

    private ErrorRule error(Section section) {
        FailureKind kind = switch (section.require("failure")) {
            case "retryLater" -> FailureKind.RETRY_LATER;
            case "transient" -> FailureKind.TRANSIENT;
            case "unauthorized" -> FailureKind.UNAUTHORIZED;
            case "misconfigured" -> FailureKind.MISCONFIGURED;
            default -> FailureKind.PERMANENT;
        };
        return new ErrorRule(
                condition(section),
                kind,
                domain + "." + section.text("code").orElse(JudgeAnswer.usualCode(kind)),
                section.require("message"),
                section.optionalExpression("waitFrom"),
                section.duration("wait", REST),
                section.bool("withoutEffect", false));
    }

    Condition condition(Section section) {
        var statuses = new HashSet<Integer>();
        section.texts("status").forEach(status -> statuses.addAll(statuses(status)));
        return new Condition(statuses, section.optionalExpression("when"));
    }

    /** A status such as {@code 404}, or a class of them such as {@code 5xx}. */
    private static Set<Integer> statuses(String text) {
        if (!text.endsWith("xx")) {
            return Set.of(Integer.valueOf(text));
        }
        int first = Integer.parseInt(text.substring(0, 1)) * 100;
        return IntStream.range(first, first + 100).boxed().collect(Collectors.toSet());
    }
}
