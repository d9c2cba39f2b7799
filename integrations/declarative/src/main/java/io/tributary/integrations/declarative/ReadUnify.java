package io.tributary.integrations.declarative;

import io.tributary.integrations.api.Output;
import java.util.List;

/** Reads what records are in the words that all platforms share. */
final class ReadUnify {

    private static final List<String> OF_ACTIVITIES =
            List.of("author", "authorId", "text", "parent", "thread", "permalink", "createdAt", "counts");
    private static final List<String> OF_METRICS = List.of("time", "dimensions", "values");

    private ReadUnify() {}

    /** @param output that has it */
    static Unify of(Section output) {
        Section section = output.section("unify");
        String kind = section.require("kind");
        boolean isMetric = kind.equals("metric");
        for (String key : isMetric ? OF_ACTIVITIES : OF_METRICS) {
            if (section.has(key)) {
                section.report(key, "a " + kind + " has no '" + key + "'");
            }
        }
        if (isMetric && !section.has("values")) {
            section.report("kind", "a metric needs values, by the names of their series");
        }
        if (isMetric && !section.has("time") && !output.has("timestamp")) {
            section.report("kind", "a metric needs a time: here, or the timestamp of the output");
        }
        if (!isMetric && output.has("kind")) {
            output.report("kind", "the kind of a unified output is that under unify");
        }
        return isMetric ? metrics(section) : activity(kind, section);
    }

    private static Unify metrics(Section section) {
        return new Unify.Metrics(
                section.optionalExpression("time"), section.expressions("dimensions"), section.expressions("values"));
    }

    private static Unify activity(String kind, Section section) {
        return new Unify.Activity(
                switch (kind) {
                    case "comment" -> Output.Kind.COMMENT;
                    case "message" -> Output.Kind.MESSAGE;
                    case "person" -> Output.Kind.PERSON;
                    default -> Output.Kind.POST;
                },
                section.optionalExpression("authorId"),
                section.optionalExpression("author"),
                section.optionalExpression("text"),
                section.optionalExpression("parent"),
                section.optionalExpression("thread"),
                section.optionalExpression("permalink"),
                section.optionalExpression("createdAt"),
                section.expressions("counts"));
    }
}
