package io.tributary.integrations.github;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The operations of GitHub's REST API that a sync uses. No artifact that the build can fetch has GitHub's own
 * description, and 13 MB of it do not belong here: {@code operations.yaml} says what it says of these few, and
 * {@link PublishedDescriptionTest} compares the two.
 */
final class GithubDescription {

    private GithubDescription() {}

    static JsonNode document() {
        try (InputStream in =
                Objects.requireNonNull(GithubDescription.class.getResourceAsStream("operations.yaml"), "operations")) {
            return new YAMLMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static OpenApi api() {
        return new OpenApi(document());
    }
}
