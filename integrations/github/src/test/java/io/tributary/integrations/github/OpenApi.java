package io.tributary.integrations.github;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialects;
import io.tributary.integrations.workbench.server.PathTemplate;
import io.tributary.integrations.workbench.server.PublishedApi;
import io.tributary.integrations.workbench.server.ReceivedRequest;
import io.tributary.integrations.workbench.server.ScriptedAnswer;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * An API that is described in OpenAPI 3.0: methods, paths, parameters of path and query, and answers in JSON. Schemas
 * must not contain themselves, and parameters be no arrays or objects.
 */
final class OpenApi implements PublishedApi {

    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(
            Dialects.getOpenApi30(),
            registry -> registry.schemaRegistryConfig(
                    SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));

    private final List<Operation> operations;

    private record Operation(
            String method, PathTemplate path, List<Parameter> parameters, Map<Integer, Optional<Schema>> answers) {

        Stream<Parameter> parameters(String in) {
            return parameters.stream().filter(parameter -> parameter.in().equals(in));
        }
    }

    private record Parameter(String name, String in, boolean required, String type, Schema schema) {

        Stream<String> problemsOf(List<String> values) {
            return values.size() > 1
                    ? Stream.of(name + " is given " + values.size() + " times")
                    : schema.validate(read(values.getFirst())).stream().map(error -> name + ": " + error.getMessage());
        }

        /** A number or a boolean where one is expected and there, else the text. */
        private JsonNode read(String text) {
            return switch (type) {
                case "integer" -> text.matches("-?\\d{1,18}") ? nodes().numberNode(Long.parseLong(text)) : text(text);
                case "boolean" ->
                    text.matches("true|false") ? nodes().booleanNode(Boolean.parseBoolean(text)) : text(text);
                default -> text(text);
            };
        }

        private static JsonNode text(String text) {
            return nodes().stringNode(text);
        }

        private static JsonNodeFactory nodes() {
            return JsonNodeFactory.instance;
        }
    }

    OpenApi(JsonNode document) {
        operations = document.get("paths")
                .propertyStream()
                .flatMap(path -> path.getValue()
                        .propertyStream()
                        .map(method -> read(path.getKey(), method.getKey(), method.getValue(), document)))
                .sorted(Comparator.comparing(operation -> operation.path().places()))
                .toList();
    }

    private static Operation read(String path, String method, JsonNode description, JsonNode document) {
        var answers = new HashMap<Integer, Optional<Schema>>();
        description
                .get("responses")
                .forEachEntry((status, answer) -> answers.put(Integer.valueOf(status), schemaOf(answer, document)));
        return new Operation(
                method.toUpperCase(Locale.ROOT),
                PathTemplate.of(path),
                description
                        .path("parameters")
                        .valueStream()
                        .map(parameter -> parameter(parameter, document))
                        .toList(),
                answers);
    }

    private static Parameter parameter(JsonNode parameter, JsonNode document) {
        JsonNode schema = whole(parameter.get("schema"), document);
        return new Parameter(
                parameter.get("name").asString(),
                parameter.get("in").asString(),
                parameter.path("required").asBoolean(false),
                schema.path("type").asString(""),
                SCHEMAS.getSchema(schema));
    }

    private static Optional<Schema> schemaOf(JsonNode answer, JsonNode document) {
        return answer.at("/content/application~1json/schema")
                .asOptional()
                .map(schema -> SCHEMAS.getSchema(whole(schema, document)));
    }

    /** A node with what its references lead to in their places. */
    private static JsonNode whole(JsonNode node, JsonNode document) {
        JsonNode reference = node.get("$ref");
        if (reference != null && reference.isString()) {
            return whole(document.at(reference.asString().substring(1)), document);
        }
        return switch (node) {
            case ObjectNode object -> {
                ObjectNode copy = JsonNodeFactory.instance.objectNode();
                object.forEachEntry((key, value) -> copy.set(key, whole(value, document)));
                yield copy;
            }
            case ArrayNode array -> {
                ArrayNode copy = JsonNodeFactory.instance.arrayNode();
                array.forEach(value -> copy.add(whole(value, document)));
                yield copy;
            }
            default -> node;
        };
    }

    @Override
    public List<String> problemsOf(ReceivedRequest request) {
        @Nullable Operation operation = operationOf(request);
        if (operation == null) {
            return List.of("there is no " + request.method() + " " + request.path());
        }
        return Stream.concat(
                        problemsOf(
                                operation.parameters("path").toList(),
                                single(operation.path().match(request.path()).orElseThrow())),
                        problemsOf(operation.parameters("query").toList(), request.parameters()))
                .toList();
    }

    private static Map<String, List<String>> single(Map<String, String> values) {
        var lists = new LinkedHashMap<String, List<String>>();
        values.forEach((name, value) -> lists.put(name, List.of(value)));
        return lists;
    }

    private static Stream<String> problemsOf(List<Parameter> parameters, Map<String, List<String>> given) {
        Stream<String> unknown = given.keySet().stream()
                .filter(name ->
                        parameters.stream().noneMatch(known -> known.name().equals(name)))
                .map(name -> "there is no parameter " + name);
        Stream<String> missing = parameters.stream()
                .filter(known -> known.required() && !given.containsKey(known.name()))
                .map(known -> known.name() + " is missing");
        Stream<String> wrong = parameters.stream()
                .filter(known -> given.containsKey(known.name()))
                .flatMap(known -> known.problemsOf(given.getOrDefault(known.name(), List.of())));
        return Stream.of(unknown, missing, wrong).flatMap(problems -> problems);
    }

    @Override
    public List<String> problemsOf(ReceivedRequest request, ScriptedAnswer answer) {
        if (answer.status() == 304 && isConditional(request)) {
            return List.of(); // HTTP itself allows that; descriptions do not say it of every operation.
        }
        @Nullable Operation operation = operationOf(request);
        Optional<Schema> schema = operation == null ? null : operation.answers().get(answer.status());
        if (schema == null) {
            return List.of("there is no answer " + answer.status());
        }
        if (schema.isEmpty()) {
            return answer.body().length == 0 ? List.of() : List.of("an answer " + answer.status() + " has no body");
        }
        try {
            JsonNode said = JsonMapper.shared().readTree(answer.body());
            return schema.get().validate(said).stream().map(Error::toString).toList();
        } catch (JacksonException e) {
            return List.of("it is no JSON: " + e.getOriginalMessage());
        }
    }

    private static boolean isConditional(ReceivedRequest request) {
        return request.header("If-None-Match")
                .or(() -> request.header("If-Modified-Since"))
                .isPresent();
    }

    private @Nullable Operation operationOf(ReceivedRequest request) {
        return operations.stream()
                .filter(operation -> operation.method().equals(request.method()))
                .filter(operation -> operation.path().match(request.path()).isPresent())
                .findFirst()
                .orElse(null);
    }
}
