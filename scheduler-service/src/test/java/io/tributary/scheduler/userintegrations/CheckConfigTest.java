package io.tributary.scheduler.userintegrations;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.http.Violation;
import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.manifests.Manifest;
import io.tributary.scheduler.testing.ManifestJson;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class CheckConfigTest {

    @Test
    void takesAConfigThatMatchesTheSchema() {
        assertThat(check("{\"host\": \"mail.test\", \"port\": 993}")).isEmpty();
    }

    @Test
    void listsEveryViolationWithItsPath() {
        assertThat(check("{\"host\": 5, \"port\": 70000, \"security\": \"ssl\", \"extra\": 1}"))
                .extracting(Violation::path)
                .containsExactlyInAnyOrder("/config/host", "/config/port", "/config/security", "/config");
        assertThat(check("{}"))
                .extracting(Violation::message)
                .anyMatch(m -> m.contains("host"))
                .hasSize(2);
    }

    @Test
    void refusesAConfigWithoutEnd() {
        assertThat(check("{\"host\": \"" + "x".repeat(32 * 1024) + "\", \"port\": 1}"))
                .extracting(Violation::path)
                .containsExactly("/config");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"host\": \"a\", \"port\": 1, \"note\": \"\\u0000\"}",
                "{\"host\": \"a\", \"port\": 1, \"note\": {\"a\": [\"\\ud800\"]}}",
                "{\"host\": \"a\", \"port\": 1, \"note\": {\"\\u0000\": 1}}",
                "{\"host\": \"a\", \"port\": 1, \"note\": 1e999}",
                "{\"host\": \"a\", \"port\": 1, \"note\": -1e999}"
            })
    void refusesWhatPostgresCannotHold(String config) {
        assertThat(check(config))
                .hasSize(1)
                .allSatisfy(violation -> assertThat(violation.path()).startsWith("/config/note"));
    }

    private static List<Violation> check(String config) {
        var violations = new Violations();
        CheckConfig.check(
                (ObjectNode) JsonMapper.shared().readTree(config), Manifest.parse(ManifestJson.MAIL), violations);
        return violations.found();
    }
}
