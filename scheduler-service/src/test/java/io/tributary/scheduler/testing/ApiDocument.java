package io.tributary.scheduler.testing;

import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The description of the API at {@code /v3/api-docs}: its calls, and whether an answer is one that it allows. */
public final class ApiDocument {

    private final JsonNode document;

    private ApiDocument(JsonNode document) {
        this.document = document;
    }

    /**
     * A call.
     *
     * @param method in capitals
     * @param description of the operation, as the document has it
     */
    public record Call(String method, String path, JsonNode description) {

        public String operationId() {
            return description.get("operationId").asString();
        }

        /** The schema of its body; null: it takes none. */
        public @Nullable JsonNode body() {
            JsonNode body = description.get("requestBody");
            return body == null
                    ? null
                    : body.get("content").get("application/json").get("schema");
        }

        public List<JsonNode> parameters(String in) {
            JsonNode parameters = description.get("parameters");
            return parameters == null
                    ? List.of()
                    : parameters
                            .valueStream()
                            .filter(parameter -> parameter.get("in").asString().equals(in))
                            .toList();
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    public static ApiDocument of(RunningScheduler scheduler) {
        return new ApiDocument(
                scheduler.nobody().get("/v3/api-docs").expect(200).json());
    }

    public List<Call> calls() {
        var calls = new ArrayList<Call>();
        document.get("paths")
                .forEachEntry((path, methods) -> methods.forEachEntry((method, description) ->
                        calls.add(new Call(method.toUpperCase(Locale.ROOT), path, description))));
        return calls;
    }

    /** What a reference leads to; anything else is itself. */
    public JsonNode resolve(JsonNode schema) {
        JsonNode reference = schema.get("$ref");
        return reference == null ? schema : document.at(reference.asString().substring(1));
    }

    /** What is wrong with an answer, by the document; empty: nothing. */
    public List<String> violations(Call call, Api.Answer answer) {
        JsonNode response = call.description().get("responses").get(Integer.toString(answer.status()));
        if (response == null) {
            return List.of("the status " + answer.status() + " is not documented");
        }
        JsonNode content = response.get("content");
        if (content == null) {
            return answer.body().isEmpty() ? List.of() : List.of("a body where none is documented");
        }
        String type = answer.contentType().replaceAll(";.*", "");
        JsonNode media = content.get(type);
        if (media == null) {
            return List.of("the content type " + type + " is not documented");
        }
        return type.endsWith("json") ? schemaViolations(media.get("schema"), answer.json()) : List.of();
    }

    private List<String> schemaViolations(JsonNode schema, JsonNode body) {
        ObjectNode whole = JsonMapper.shared().createObjectNode();
        whole.setAll((ObjectNode) schema);
        whole.set("components", document.get("components"));
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(whole)
                .validate(body)
                .stream()
                .map(Error::toString)
                .toList();
    }
}
