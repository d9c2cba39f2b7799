package io.tributary.scheduler.userintegrations;

import io.tributary.scheduler.http.Violation;
import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.manifests.Manifest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Checks a config against the integration's schema, and that Postgres can hold it. */
final class CheckConfig {

    private static final String PATH = "/config";

    /** Longest config as JSON, characters: room for a few certificates. */
    private static final int MAX_LENGTH = 32 * 1024;

    private CheckConfig() {}

    static void check(ObjectNode config, Manifest manifest, Violations violations) {
        checkStorable(config, PATH, violations);
        violations.check(
                config.toString().length() <= MAX_LENGTH,
                PATH,
                "must have up to " + MAX_LENGTH + " characters as JSON");
        for (var error : manifest.configCheck().validate(config)) {
            violations.add(PATH + error.getInstanceLocation(), error.getMessage());
        }
    }

    // The body's parser allows 500 levels at most, so the recursion ends.
    private static void checkStorable(JsonNode node, String path, Violations violations) {
        if (node.isString()) {
            violations.checkStorable(node.stringValue(), path);
        } else if (node.isNumber()) {
            violations.check(Double.isFinite(node.numberValue().doubleValue()), path, "is too large a number");
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                checkStorable(node.get(i), path + "/" + i, violations);
            }
        } else if (node.isObject()) {
            node.forEachEntry((key, value) -> {
                violations.checkStorable(key, path);
                checkStorable(value, path + Violation.step(key), violations);
            });
        }
    }
}
