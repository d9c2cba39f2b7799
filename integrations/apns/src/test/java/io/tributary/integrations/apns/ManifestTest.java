package io.tributary.integrations.apns;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.Action;
import io.tributary.integrations.testkit.DeclaredManifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {

    private static final DeclaredManifest DECLARED = DeclaredManifest.of(ApnsIntegration.class);

    @Test
    void takesAConfigThatCanWork() {
        assertThat(DECLARED.problemsOf("{'keyId': 'K', 'teamId': 'T', 'topic': 'org.example.shop',"
                        + " 'baseUrl': 'https://api.sandbox.push.apple.com'}"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'keyId': 'K', 'teamId': 'T'}",
                "{'keyId': 'K', 'teamId': 'T', 'topic': 't', 'baseUrl': 'http://a'}",
                "{'keyId': 'K', 'teamId': 'T', 'topic': 't', 'bundle': 'b'}"
            })
    void refusesAConfigThatCannot(String config) {
        assertThat(DECLARED.problemsOf(config)).isNotEmpty();
    }

    @Test
    void hasOneActionWhoseRepetitionAPersonDecides() {
        assertThat(DECLARED.manifest().syncTypes()).isEmpty();
        assertThat(DECLARED.manifest().action("send"))
                .hasValueSatisfying(action -> assertThat(action.repeat()).isEqualTo(Action.Repeat.ASK));
        assertThat(DECLARED.manifest().configSchema()).contains("\"x-credentials\": [[\"privateKey\"]]");
    }

    @Test
    void everyKeyIsExplained() {
        assertThat(DECLARED.configSchema().getSchemaNode().get("properties"))
                .allSatisfy(key -> assertThat(key.get("description").asString()).isNotBlank());
    }
}
