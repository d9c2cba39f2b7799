package io.tributary.scheduler.http;

import tools.jackson.databind.JsonNode;

/** Checks that Postgres can hold a JSON value: its texts and the size of its numbers. */
public final class StorableJson {

    private StorableJson() {}

    /** Notes what cannot be held, by its place below {@code path}. */
    // The body's parser allows 500 levels at most, so the recursion ends.
    public static void check(JsonNode node, String path, Violations violations) {
        if (node.isString()) {
            violations.checkStorable(node.stringValue(), path);
        } else if (node.isNumber()) {
            violations.check(Double.isFinite(node.numberValue().doubleValue()), path, "is too large a number");
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                check(node.get(i), path + "/" + i, violations);
            }
        } else if (node.isObject()) {
            node.forEachEntry((key, value) -> {
                violations.checkStorable(key, path);
                check(value, path + Violation.step(key), violations);
            });
        }
    }
}
