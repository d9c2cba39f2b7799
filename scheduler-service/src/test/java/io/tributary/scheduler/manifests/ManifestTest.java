package io.tributary.scheduler.manifests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tributary.scheduler.testing.ManifestJson;
import io.tributary.schemas.ManifestDocument.SyncType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class ManifestTest {

    @Test
    void readsWhatAWorkerAnnounces() {
        var mail = Manifest.parse(ManifestJson.MAIL);

        assertThat(mail.domain()).isEqualTo("mail");
        assertThat(mail.version()).isEqualTo("2.1.0");
        assertThat(mail.displayName()).isEqualTo("Mail");
        assertThat(mail.auth()).containsExactly("basic");
        assertThat(mail.defaultSyncType()).contains(new SyncType("messages", "listMessages", 900, false, null, null));
        assertThat(mail.priority("listMessages")).isEqualTo(3);
    }

    @Test
    void ignoresWhatOnlyNewerSchedulersUnderstand() {
        var newer = ManifestJson.HELLO.replace("\"auth\": []", "\"auth\": [], \"webhooks\": {\"path\": \"/x\"}");

        assertThat(Manifest.parse(newer).domain()).isEqualTo("hello");
    }

    @Test
    void validatesByItsOwnSchemaAfterAnUpdateUnderTheSameId() {
        String first = withSchema("{\"$id\": \"https://x.test/config\", \"type\": \"object\"}");
        String second = withSchema("{\"$id\": \"https://x.test/config\", \"type\": \"object\", \"required\": [\"a\"]}");

        assertThat(errors(first, "{}")).isZero();
        assertThat(errors(second, "{}")).isEqualTo(1);
    }

    @Test
    void takesFormatsSeriously() {
        String schema = withSchema(
                "{\"type\": \"object\", \"properties\": {\"baseUrl\": {\"type\": \"string\", \"format\": \"uri\"}}}");

        assertThat(errors(schema, "{\"baseUrl\": \"https://x.test/\"}")).isZero();
        assertThat(errors(schema, "{\"baseUrl\": \"no uri\"}")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"domain\": \"x\"}",
                "{\"domain\": \"x\", \"configSchema\": {}}",
                "{\"domain\": \"x\", \"configSchema\": {}, \"syncTypes\": []}",
                "{\"domain\": \"x\", \"configSchema\": {}, \"syncTypes\": [{\"name\": \"a\"}]}",
                "{\"domain\": \"x\", \"configSchema\": true, \"syncTypes\": [{\"name\": \"a\", \"initialTask\":"
                        + " \"b\"}]}",
                "{\"domain\": \"x\", \"configSchema\": {\"$ref\": \"https://x.test/schema\"},"
                        + " \"syncTypes\": [{\"name\": \"a\", \"initialTask\": \"b\"}]}",
                "{\"domain\": \"x\", \"configSchema\": {\"properties\": {\"a\": {\"pattern\": \"[\"}}},"
                        + " \"syncTypes\": [{\"name\": \"a\", \"initialTask\": \"b\"}]}",
                "{\"domain\": \"x\", \"configSchema\": {}, \"actions\": [{\"name\": \"a\", \"inputSchema\": {}, \"repeat\":"
                        + " \"key\"}, {\"name\": \"a\", \"inputSchema\": {}, \"repeat\": \"key\"}]}"
            })
    void refusesWhatCannotBeUsed(String json) {
        assertThatIllegalArgumentException().isThrownBy(() -> Manifest.parse(json));
    }

    private static String withSchema(String schema) {
        return "{\"domain\": \"x\", \"configSchema\": " + schema
                + ", \"syncTypes\": [{\"name\": \"a\", \"initialTask\": \"b\"}]}";
    }

    private static int errors(String manifest, String config) {
        return Manifest.parse(manifest)
                .configCheck()
                .validate(JsonMapper.shared().readTree(config))
                .size();
    }
}
