package io.tributary.integrations.declarative;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The reference page, the schema that editors use and the code say the same. */
class DocumentationTest {

    private static final Path HOME = Path.of(System.getProperty("tributary.home"));
    private static final Pattern EXAMPLE = Pattern.compile("```yaml\n(domain:.*?)```", Pattern.DOTALL);

    private final String page = Files.readString(HOME.resolve("docs/declarative-integrations.md"));
    private final JsonNode schema =
            JsonMapper.shared().readTree(getClass().getResourceAsStream("tributary-integration.schema.json"));

    DocumentationTest() throws IOException {}

    @Test
    void theExampleOfThePageIsAnIntegration() throws InvalidFileException {
        Matcher example = EXAMPLE.matcher(page);
        assertThat(example.find()).isTrue();

        DeclarativeIntegration shop = DeclarativeIntegration.parse("example", example.group(1));

        assertThat(shop.manifest().domain()).isEqualTo("shop");
        assertThat(shop.manifest().taskTypes())
                .extracting("name")
                .containsExactly("sync-default", "orders", "invoices");
    }

    @Test
    void thePageNamesEveryKey() {
        var keys = new HashSet<String>();
        collect(schema, keys);
        // Of JSON Schema itself, in config.
        keys.removeAll(Set.of("properties", "required"));

        assertThat(keys)
                .hasSizeGreaterThan(60)
                .allSatisfy(key -> assertThat(page).contains("`" + key + "`"));
    }

    @Test
    void everyKeyIsExplainedToEditors() {
        schema.findParents("additionalProperties").stream()
                .filter(node -> node.path("additionalProperties").isBoolean())
                .flatMap(node -> node.path("properties").propertyStream())
                .filter(property -> !property.getValue().has("$ref"))
                .forEach(property -> assertThat(
                                property.getValue().path("description").asString(""))
                        .as(property.getKey())
                        .isNotEmpty());
    }

    private static void collect(JsonNode node, Set<String> keys) {
        if (node.path("additionalProperties").isBoolean()) {
            keys.addAll(node.path("properties").propertyNames());
        }
        node.forEach(each -> collect(each, keys));
    }
}
