package io.tributary.integrations.github;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Says where a part of an OpenAPI description says something else than the whole: an operation, a parameter, an answer
 * or a property that is not there, or has another type. The part may say less of answers, and must name all parameters.
 */
final class CompareDescriptions {

    /** What must be the same on both sides. */
    private static final List<String> SAME = List.of("type", "format", "enum", "nullable");

    private static final List<String> CHOICES = List.of("oneOf", "anyOf");

    private final JsonNode part;
    private final JsonNode whole;

    CompareDescriptions(JsonNode part, JsonNode whole) {
        this.part = part;
        this.whole = whole;
    }

    List<String> differences() {
        return part.get("paths")
                .propertyStream()
                .flatMap(path -> path.getValue()
                        .propertyStream()
                        .flatMap(method -> operation(
                                method.getKey() + " " + path.getKey(),
                                method.getValue(),
                                whole.path("paths").path(path.getKey()).path(method.getKey()))))
                .toList();
    }

    private Stream<String> operation(String where, JsonNode ours, JsonNode theirs) {
        if (theirs.isMissingNode()) {
            return Stream.of(where + " does not exist");
        }
        return Stream.concat(
                parameters(where, ours.path("parameters"), theirs.path("parameters")),
                ours.get("responses")
                        .propertyStream()
                        .flatMap(answer -> answer(
                                where + " " + answer.getKey(),
                                answer.getValue(),
                                theirs.path("responses").path(answer.getKey()))));
    }

    private Stream<String> parameters(String where, JsonNode ours, JsonNode theirs) {
        Set<String> named = theirs.valueStream()
                .map(parameter -> description(parameter, whole))
                .collect(Collectors.toSet());
        Set<String> known = ours.valueStream()
                .map(parameter -> description(parameter, part))
                .collect(Collectors.toSet());
        return Stream.concat(
                known.stream().filter(one -> !named.contains(one)).map(one -> where + " has no parameter " + one),
                named.stream().filter(one -> !known.contains(one)).map(one -> where + " has a parameter " + one));
    }

    /** Everything of a parameter that has to be the same. */
    private static String description(JsonNode reference, JsonNode document) {
        JsonNode parameter = resolved(reference, document);
        JsonNode schema = resolved(parameter.path("schema"), document);
        return parameter.path("name").asString("")
                + " in "
                + parameter.path("in").asString("")
                + (parameter.path("required").asBoolean(false) ? ", required, " : ", ")
                + SAME.stream().map(key -> key + " " + schema.path(key)).collect(Collectors.joining(", "));
    }

    private Stream<String> answer(String where, JsonNode ours, JsonNode theirs) {
        JsonNode answer = resolved(theirs, whole);
        if (answer.isMissingNode()) {
            return Stream.of(where + " does not exist");
        }
        String schema = "/content/application~1json/schema";
        return ours.at(schema).isMissingNode() && answer.at(schema).isMissingNode()
                ? Stream.empty()
                : schema(where, ours.at(schema), answer.at(schema));
    }

    private Stream<String> schema(String where, JsonNode reference, JsonNode theirReference) {
        JsonNode ours = resolved(reference, part);
        JsonNode theirs = resolved(theirReference, whole);
        for (String choice : CHOICES) {
            if (ours.has(choice)) {
                return ours.get(choice).valueStream().flatMap(one -> schema(where, one, theirReference));
            }
            if (theirs.has(choice)) {
                return fewest(theirs.get(choice)
                        .valueStream()
                        .map(one -> schema(where, reference, one).toList())
                        .toList());
            }
        }
        if (theirs.isMissingNode()) {
            return Stream.of(where + " does not exist");
        }
        Stream<String> other = SAME.stream()
                .filter(key -> !ours.path(key).equals(theirs.path(key)))
                .map(key -> where + ": " + key + " is " + theirs.path(key) + " instead of " + ours.path(key));
        Stream<String> optional = ours.path("required")
                .valueStream()
                .filter(key -> theirs.path("required").valueStream().noneMatch(key::equals))
                .map(key -> where + "/" + key.asString() + " is not required");
        Stream<String> below = ours.path("properties")
                .propertyStream()
                .flatMap(property -> schema(
                        where + "/" + property.getKey(),
                        property.getValue(),
                        theirs.path("properties").path(property.getKey())));
        Stream<String> items =
                ours.has("items") ? schema(where + "/*", ours.get("items"), theirs.path("items")) : Stream.empty();
        return Stream.of(other, optional, below, items).flatMap(differences -> differences);
    }

    /** Of several that may be meant, the one that is most alike. */
    private static Stream<String> fewest(List<List<String>> differences) {
        return differences.stream()
                .min((one, another) -> Integer.compare(one.size(), another.size()))
                .orElse(List.of())
                .stream();
    }

    private static JsonNode resolved(JsonNode node, JsonNode document) {
        JsonNode reference = node.get("$ref");
        return reference == null
                ? node
                : resolved(document.at(reference.asString().substring(1)), document);
    }
}
