package io.tributary.integrations.declarative;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import io.tributary.integrations.workbench.server.PathTemplate;
import io.tributary.integrations.workbench.server.PublishedApi;
import io.tributary.integrations.workbench.server.ReceivedRequest;
import io.tributary.integrations.workbench.server.ScriptedAnswer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a provider publishes about the requests of a channel: methods, paths, parameters, bodies and answers, cut from
 * its own description ({@code source} of the file). A body has no field that the description does not have.
 */
final class DescribedRequests implements PublishedApi {

    private final List<JsonNode> operations;

    private DescribedRequests(JsonNode document) {
        this.operations = document.get("operations").valueStream().toList();
    }

    /** The description in this package's resources. */
    static DescribedRequests of(String domain) {
        try (InputStream file = DescribedRequests.class.getResourceAsStream("channels/" + domain + ".json")) {
            return new DescribedRequests(JsonMapper.shared().readTree(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<String> problemsOf(ReceivedRequest request) {
        JsonNode operation = operationOf(request);
        if (operation == null) {
            return List.of("there is no " + request.method() + " " + request.path());
        }
        var problems = new ArrayList<String>();
        Map<String, String> inPath = PathTemplate.of(operation.get("path").asString())
                .match(request.path())
                .orElseThrow();
        for (JsonNode parameter : operation.get("parameters")) {
            String name = parameter.get("name").asString();
            List<String> values =
                    parameter.get("in").asString().equals("path") ? List.of(inPath.get(name)) : request.queryAll(name);
            if (values.isEmpty() && parameter.get("required").asBoolean()) {
                problems.add(name + " is missing");
            }
            values.forEach(
                    value -> problems.addAll(errors(parameter.get("schema"), typed(value, parameter.get("schema")))));
        }
        request.parameters().keySet().stream()
                .filter(name -> operation
                        .get("parameters")
                        .valueStream()
                        .noneMatch(known -> known.get("name").asString().equals(name)))
                .forEach(name -> problems.add("there is no parameter " + name));
        problems.addAll(body(operation.get("body"), request));
        return problems;
    }

    private static List<String> body(@Nullable JsonNode body, ReceivedRequest request) {
        if (body == null) {
            return request.body().length == 0 ? List.of() : List.of("it has a body");
        }
        JsonNode schema = body.get("schema");
        if (!body.get("contentType").asString().equals("application/json")) {
            return errors(schema, form(request, schema));
        }
        return request.header("Content-Type").filter("application/json"::equals).isPresent()
                ? errors(schema, JsonMapper.shared().readTree(request.body()))
                : List.of("its body is not JSON");
    }

    /** Fields of a form as an object; {@code a[b]} is the field b of the object a. */
    private static ObjectNode form(ReceivedRequest request, JsonNode schema) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        new LinkedHashMap<>(request.fields()).forEach((name, values) -> {
            int bracket = name.indexOf('[');
            if (bracket > 0) {
                object.withObject("/" + name.substring(0, bracket))
                        .put(name.substring(bracket + 1, name.length() - 1), values.getFirst());
            } else {
                JsonNode its = schema.path("properties").path(name);
                object.set(
                        name,
                        its.path("type").asString("").equals("array")
                                ? JsonNodeFactory.instance.arrayNode().add(values.getFirst())
                                : typed(values.getFirst(), its));
            }
        });
        return object;
    }

    private static JsonNode typed(String text, JsonNode schema) {
        return switch (schema.path("type").asString("")) {
            case "integer" ->
                text.matches("-?\\d{1,18}")
                        ? JsonNodeFactory.instance.numberNode(Long.parseLong(text))
                        : JsonNodeFactory.instance.stringNode(text);
            case "boolean" ->
                text.matches("true|false")
                        ? JsonNodeFactory.instance.booleanNode(Boolean.parseBoolean(text))
                        : JsonNodeFactory.instance.stringNode(text);
            default -> JsonNodeFactory.instance.stringNode(text);
        };
    }

    private static List<String> errors(JsonNode schema, JsonNode value) {
        Schema compiled = CheckShape.registry().getSchema(schema);
        return compiled.validate(value).stream().map(Error::toString).toList();
    }

    @Override
    public List<String> problemsOf(ReceivedRequest request, ScriptedAnswer answer) {
        JsonNode operation = operationOf(request);
        JsonNode schema = operation == null ? null : operation.get("answers").get(String.valueOf(answer.status()));
        if (schema == null) {
            return List.of("there is no answer " + answer.status());
        }
        return answer.body().length == 0 || schema.isEmpty()
                ? List.of()
                : errors(schema, JsonMapper.shared().readTree(answer.body()));
    }

    private @Nullable JsonNode operationOf(ReceivedRequest request) {
        Stream<JsonNode> matching = operations.stream()
                .filter(each -> each.get("method").asString().equals(request.method()))
                .filter(each -> PathTemplate.of(each.get("path").asString())
                        .match(request.path())
                        .isPresent());
        return matching.findFirst().orElse(null);
    }
}
