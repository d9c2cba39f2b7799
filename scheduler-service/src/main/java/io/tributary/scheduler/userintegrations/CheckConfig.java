package io.tributary.scheduler.userintegrations;

import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.manifests.Manifest;
import tools.jackson.databind.node.ObjectNode;

/** Checks a config against the integration's schema, and that Postgres can hold it. */
final class CheckConfig {

    private static final String PATH = "/config";

    /** Longest config as JSON, characters: room for a few certificates. */
    private static final int MAX_LENGTH = 32 * 1024;

    private CheckConfig() {}

    static void check(ObjectNode config, Manifest manifest, Violations violations) {
        violations.checkStorable(config, PATH);
        violations.check(
                config.toString().length() <= MAX_LENGTH,
                PATH,
                "must have up to " + MAX_LENGTH + " characters as JSON");
        for (var error : manifest.configCheck().validate(config)) {
            violations.add(PATH + error.getInstanceLocation(), error.getMessage());
        }
    }
}
