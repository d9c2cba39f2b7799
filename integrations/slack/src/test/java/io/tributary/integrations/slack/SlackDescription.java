package io.tributary.integrations.slack;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.slack.api.methods.Methods;
import com.slack.api.methods.RequestFormBuilder;
import com.slack.api.util.json.GsonFactory;
import io.tributary.integrations.workbench.server.PublishedApi;
import io.tributary.integrations.workbench.server.ReceivedRequest;
import io.tributary.integrations.workbench.server.ScriptedAnswer;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import okhttp3.FormBody;
import org.jspecify.annotations.Nullable;

/**
 * Slack's Web API as Slack's own SDK for Java has it: its methods, the names and types of their arguments, and what
 * their answers may say. (Slack's description in OpenAPI is of 2021 and archived; the SDK is kept up with the API.)
 *
 * <p>Which arguments are required, and the bounds of numbers, the SDK does not say.
 */
final class SlackDescription implements PublishedApi {

    private static final String ROOT = "/api/";
    private static final Gson JSON = GsonFactory.createSnakeCase();
    private static final Set<String> BOOLEANS = Set.of("true", "false", "1", "0");

    /** What makes a form of a request, by the name of the method. */
    private final Map<String, Method> forms;

    private final Map<String, WebMethod> described = new ConcurrentHashMap<>();

    /** @param arguments by name, as they are sent, each with the type that the SDK gives it */
    private record WebMethod(Map<String, Type> arguments, Class<?> answer) {}

    SlackDescription() {
        Map<String, Method> byRequest = Arrays.stream(RequestFormBuilder.class.getMethods())
                .filter(method -> method.getName().equals("toForm"))
                .filter(method -> method.getReturnType() == FormBody.Builder.class)
                .collect(Collectors.toMap(method -> lettersOf(requestOf(method).getSimpleName()), method -> method));
        forms = names().filter(name -> byRequest.containsKey(requestOf(name)))
                .collect(Collectors.toMap(name -> name, name -> byRequest.get(requestOf(name))));
    }

    /** How many methods are known. */
    int methods() {
        return forms.size();
    }

    @Override
    public List<String> problemsOf(ReceivedRequest request) {
        Optional<WebMethod> method = methodOf(request);
        if (method.isEmpty() || !Set.of("GET", "POST").contains(request.method())) {
            return List.of("Slack has no " + request.method() + " " + request.path());
        }
        return Stream.of(request.parameters(), request.fields())
                .flatMap(given -> given.entrySet().stream())
                .flatMap(given -> problemsOf(method.get(), given.getKey(), given.getValue()))
                .toList();
    }

    private Optional<WebMethod> methodOf(ReceivedRequest request) {
        if (!request.path().startsWith(ROOT)) {
            return Optional.empty();
        }
        String name = request.path().substring(ROOT.length());
        return Optional.ofNullable(forms.get(name))
                .map(form -> described.computeIfAbsent(name, method -> described(form)));
    }

    private static Stream<String> problemsOf(WebMethod method, String name, List<String> values) {
        Type type = method.arguments().get(name);
        if (type == null) {
            return Stream.of("there is no argument " + name + ", only "
                    + method.arguments().keySet());
        }
        return values.size() > 1
                ? Stream.of(name + " is given " + values.size() + " times")
                : values.stream()
                        .filter(value -> !isOne(type, value))
                        .map(value -> name + " is " + value + ", which is no " + type.getTypeName());
    }

    private static boolean isOne(Type type, String value) {
        return switch (type) {
            case Class<?> number when number == Integer.class -> value.matches("-?\\d{1,9}");
            case Class<?> bool when bool == Boolean.class || bool == boolean.class -> BOOLEANS.contains(value);
            case Class<?> choice when choice.isEnum() -> choices(choice).contains(value);
            case ParameterizedType list ->
                Arrays.stream(value.split(",", -1)).allMatch(one -> isOne(list.getActualTypeArguments()[0], one));
            default -> true;
        };
    }

    /** The values of an enum as Slack writes them. */
    private static Set<String> choices(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> JSON.toJsonTree(constant).getAsString())
                .collect(Collectors.toSet());
    }

    /** An answer is right when the SDK, having read it, can say all of it again: it knew each key, and its type. */
    @Override
    public List<String> problemsOf(ReceivedRequest request, ScriptedAnswer answer) {
        Optional<WebMethod> method = methodOf(request);
        if (method.isEmpty()) {
            return List.of("Slack has no " + request.path());
        }
        Class<?> expected = method.get().answer();
        try {
            JsonElement said = JsonParser.parseString(new String(answer.body(), StandardCharsets.UTF_8));
            JsonElement understood = JSON.toJsonTree(JSON.fromJson(said, expected));
            return lost("", said, understood)
                    .map(where -> expected.getSimpleName() + " has no such " + where)
                    .toList();
        } catch (JsonParseException e) {
            return List.of("it is no " + expected.getSimpleName() + ": " + e.getMessage());
        }
    }

    /** Where something was said that was not understood, or differently. */
    private static Stream<String> lost(String where, JsonElement said, JsonElement understood) {
        if (said.isJsonObject() && understood.isJsonObject()) {
            return said.getAsJsonObject().entrySet().stream().flatMap(entry -> {
                String there = where + "/" + entry.getKey();
                JsonElement other = understood.getAsJsonObject().get(entry.getKey());
                return other == null ? Stream.of(there) : lost(there, entry.getValue(), other);
            });
        }
        if (said.isJsonArray()
                && understood.isJsonArray()
                && said.getAsJsonArray().size() == understood.getAsJsonArray().size()) {
            return IntStream.range(0, said.getAsJsonArray().size())
                    .boxed()
                    .flatMap(i -> lost(
                            where + "/" + i,
                            said.getAsJsonArray().get(i),
                            understood.getAsJsonArray().get(i)));
        }
        return said.equals(understood) ? Stream.empty() : Stream.of(where);
    }

    /** The names of all methods, such as {@code conversations.history}. */
    private static Stream<String> names() {
        return Arrays.stream(Methods.class.getFields())
                .filter(field -> field.getType() == String.class)
                .map(SlackDescription::constant);
    }

    private static String constant(Field field) {
        try {
            return (String) field.get(null);
        } catch (IllegalAccessException e) {
            throw new AssertionError("the SDK of Slack is another one than expected: " + field, e);
        }
    }

    private static String lettersOf(String name) {
        return name.replace(".", "").replace("_", "").toLowerCase(Locale.ROOT);
    }

    private static Class<?> requestOf(Method form) {
        return form.getParameterTypes()[0];
    }

    private static String requestOf(String method) {
        return lettersOf(method) + "request";
    }

    private static WebMethod described(Method form) {
        Class<?> request = requestOf(form);
        String answer = request.getName().replace(".request.", ".response.").replaceAll("Request$", "Response");
        try {
            return new WebMethod(argumentsOf(form), Class.forName(answer));
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("the SDK of Slack is another one than expected: " + request, e);
        }
    }

    /** What the SDK sends of a request that has everything. */
    private static Map<String, Type> argumentsOf(Method form) throws ReflectiveOperationException {
        Class<?> type = requestOf(form);
        Object builder = type.getMethod("builder").invoke(null);
        Object request = builder.getClass().getMethod("build").invoke(builder);
        var types = new HashMap<String, Type>();
        for (Field field : type.getDeclaredFields()) {
            field.setAccessible(true);
            field.set(request, anything(field.getGenericType()));
            types.put(lettersOf(field.getName()), field.getGenericType());
        }
        FormBody sent = ((FormBody.Builder) form.invoke(null, request)).build();
        return IntStream.range(0, sent.size())
                .mapToObj(sent::name)
                .collect(Collectors.toMap(name -> name, name -> types.getOrDefault(lettersOf(name), String.class)));
    }

    private static @Nullable Object anything(Type type) {
        return switch (type) {
            case ParameterizedType list
            when list.getRawType() == List.class ->
                Stream.ofNullable(anything(list.getActualTypeArguments()[0])).toList();
            case Class<?> choice when choice.isEnum() -> choice.getEnumConstants()[0];
            case Class<?> text when text == String.class -> "any";
            case Class<?> number when number == Integer.class -> 1;
            case Class<?> bool when bool == Boolean.class || bool == boolean.class -> true;
            default -> null;
        };
    }
}
