package io.tributary.integrations.github;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * What {@code operations.yaml} says is what GitHub publishes: {@code api.github.com.json} of the repository
 * github/rest-api-description, whose place {@code -Dgithub.openapi} says.
 */
class PublishedDescriptionTest {

    @Test
    @EnabledIfSystemProperty(named = "github.openapi", matches = ".+")
    void saysWhatGithubPublishes() {
        JsonNode published = JsonMapper.shared().readTree(new File(System.getProperty("github.openapi")));

        assertThat(new CompareDescriptions(GithubDescription.document(), published).differences())
                .isEmpty();
    }

    @Test
    void isItself() {
        assertThat(differencesAfter(whole -> {})).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /paths/~1user                                     | {}                          | get /user does not exist
            /paths/~1user/get/responses/200                   | ''                          | get /user 200 does not exist
            /paths/~1notifications/get/parameters/0/name      | every                       | has no parameter all
            /paths/~1notifications/get/parameters/0/name      | every                       | has a parameter every
            /paths/~1notifications/get/parameters/2/schema    | {type: string}              | has no parameter since
            /components/schemas/thread/properties/id          | {type: integer}             | /*/id: type is "integer"
            /components/schemas/thread/properties/unread      | ''                          | /*/unread does not exist
            /components/schemas/thread/required               | [id]                        | /*/reason is not required
            /components/schemas/push-event/properties/before  | ''                          | /*/payload/before does not exist
            """)
    void isComparedWordByWord(String pointer, String other, String difference) {
        assertThat(differencesAfter(whole -> replace(whole, pointer, other)))
                .anySatisfy(told -> assertThat(told).contains(difference));
    }

    private static List<String> differencesAfter(Consumer<JsonNode> change) {
        JsonNode whole = GithubDescription.document();
        change.accept(whole);
        return new CompareDescriptions(GithubDescription.document(), whole).differences();
    }

    /** Puts something else in a place, or nothing. */
    private static void replace(JsonNode document, String pointer, String other) {
        int name = pointer.lastIndexOf('/');
        var parent = (ObjectNode) document.at(pointer.substring(0, name));
        String key = pointer.substring(name + 1).replace("~1", "/");
        if (other.isEmpty()) {
            parent.remove(key);
        } else {
            parent.set(key, new YAMLMapper().readTree(other));
        }
    }
}
