package io.tributary.integrations.workbench.server;

import io.tributary.integrations.api.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * A request that a {@link ScriptedHttpServer} received.
 *
 * @param path decoded, without the query
 * @param rawQuery as it was sent; empty when there was none
 * @param headers the first value of each, by lower-case name
 * @param body empty when there was none
 * @param variables what stood in the path where the handler's path has {@code {name}}
 */
public record ReceivedRequest(
        String method,
        String path,
        String rawQuery,
        Map<String, String> headers,
        byte[] body,
        Map<String, String> variables) {

    public ReceivedRequest {
        headers = Map.copyOf(headers);
        variables = Map.copyOf(variables);
    }

    ReceivedRequest with(Map<String, String> variables) {
        return new ReceivedRequest(method, path, rawQuery, headers, body, variables);
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    /** What stood in the path in place of a name. */
    public String variable(String name) {
        String value = variables.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the path has no {" + name + "}; it has " + variables.keySet());
        }
        return value;
    }

    /** The first value of a parameter of the query. */
    public Optional<String> query(String name) {
        return queryAll(name).stream().findFirst();
    }

    /** All values of a parameter of the query, in order. */
    public List<String> queryAll(String name) {
        return values(rawQuery, name);
    }

    /** The first value of a field of the form that the body is. */
    public Optional<String> form(String name) {
        return values(text(), name).stream().findFirst();
    }

    /** All parameters of the query, in order, each with its values. */
    public Map<String, List<String>> parameters() {
        return rawQuery.isEmpty() ? Map.of() : all(rawQuery);
    }

    /** All fields of the form that the body is, in order, each with its values; none when it is no form. */
    public Map<String, List<String>> fields() {
        boolean isForm = header("content-type")
                .filter(type -> type.startsWith("application/x-www-form-urlencoded"))
                .isPresent();
        return isForm && body.length > 0 ? all(text()) : Map.of();
    }

    /** The body as text in UTF-8. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** The body as a JSON object; throws when it is not one. */
    public JsonObject json() {
        return new JsonObject(
                JsonMapper.shared().readValue(body, new TypeReference<Map<String, @Nullable Object>>() {}));
    }

    private static List<String> values(String pairs, String name) {
        return all(pairs).getOrDefault(name, List.of());
    }

    private static Map<String, List<String>> all(String pairs) {
        var all = new LinkedHashMap<String, List<String>>();
        for (String pair : pairs.split("&")) {
            String[] field = pair.split("=", 2);
            all.computeIfAbsent(decoded(field[0]), name -> new ArrayList<>())
                    .add(field.length == 1 ? "" : decoded(field[1]));
        }
        return all;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return method + " " + path + (rawQuery.isEmpty() ? "" : "?" + rawQuery);
    }
}
