package io.tributary.integrations.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.Action;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.smtp.SmtpConfig.Security;
import io.tributary.integrations.testkit.DeclaredManifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {

    private static final DeclaredManifest DECLARED = DeclaredManifest.of(SmtpIntegration.class);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'host': 'smtp.example.org'}",
                "{'host': '2001:db8::1', 'port': 1025, 'security': 'none', 'from': 'us@example.org'}",
                "{'host': 'h', 'security': 'starttls', 'fromName': 'Us', 'replyTo': 'a@b'}"
            })
    void takesAConfigThatCanWork(String config) {
        assertThat(DECLARED.problemsOf(config)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'host': 'a b'}",
                "{'host': 'h', 'port': 0}",
                "{'host': 'h', 'security': 'ssl'}",
                "{'host': 'h', 'from': 'us'}",
                "{'host': 'h', 'from': 'Us <us@example.org>'}",
                "{'host': 'h', 'user': 'ada'}"
            })
    void refusesAConfigThatCannot(String config) {
        assertThat(DECLARED.problemsOf(config)).isNotEmpty();
    }

    @Test
    void hasOneActionWhoseRepetitionAPersonDecides() {
        assertThat(DECLARED.manifest().syncTypes()).isEmpty();
        assertThat(DECLARED.manifest().actions()).singleElement().satisfies(action -> {
            assertThat(action.name()).isEqualTo("send");
            assertThat(action.repeat()).isEqualTo(Action.Repeat.ASK);
        });
    }

    @Test
    void everyKeyIsExplained() {
        assertThat(DECLARED.configSchema().getSchemaNode().get("properties"))
                .allSatisfy(key -> assertThat(key.get("description").asString()).isNotBlank());
    }

    @Test
    void aConfigHasDefaults() {
        var config = SmtpConfig.of(JsonObject.of("host", "h.example"));

        assertThat(config.port()).isEqualTo(465);
        assertThat(config.security()).isEqualTo(Security.TLS);
        assertThat(config.sender(null)).isEqualTo("noreply@h.example");
        assertThat(config.sender("ada")).isEqualTo("noreply@h.example");
        assertThat(config.sender("ada@b.example")).isEqualTo("ada@b.example");
    }
}
