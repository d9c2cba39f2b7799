package io.tributary.integrations.gmail;

import com.google.api.client.googleapis.json.GoogleJsonErrorContainer;
import com.google.api.client.googleapis.services.json.AbstractGoogleJsonClientRequest;
import com.google.api.client.http.AbstractInputStreamContent;
import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.api.client.json.gson.GsonFactory;
import com.google.api.client.util.ClassInfo;
import com.google.api.client.util.Data;
import com.google.api.client.util.FieldInfo;
import com.google.api.client.util.GenericData;
import com.google.api.client.util.Types;
import com.google.api.services.gmail.Gmail;
import io.tributary.integrations.workbench.server.PathTemplate;
import io.tributary.integrations.workbench.server.PublishedApi;
import io.tributary.integrations.workbench.server.ReceivedRequest;
import io.tributary.integrations.workbench.server.ScriptedAnswer;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The Gmail API as Google's own client has it, which Google generates from its published description (the discovery
 * document of Gmail, v1): methods, paths, the names and types of parameters, and what answers may say.
 *
 * <p>What the client does not carry is not checked: the values that a text may have ({@code format}), ranges, and which
 * parameters beside those of the path are required.
 */
final class GmailDescription implements PublishedApi {

    private static final GsonFactory JSON = GsonFactory.getDefaultInstance();
    private static final Map<Class<?>, Object> ANYTHING =
            Map.of(String.class, "any", Integer.class, 1, Long.class, 1L, BigInteger.class, BigInteger.ONE);

    private final List<Operation> operations;

    /** @param parameters by name, those of the path among them */
    private record Operation(String method, PathTemplate path, ClassInfo parameters, Class<?> answer) {

        static Operation of(AbstractGoogleJsonClientRequest<?> request) {
            return new Operation(
                    request.getRequestMethod(),
                    PathTemplate.of("/" + request.getUriTemplate()),
                    request.getClassInfo(),
                    request.getResponseClass());
        }

        boolean takes(ReceivedRequest request) {
            return method.equals(request.method()) && path.match(request.path()).isPresent();
        }

        boolean isInThePath(String parameter) {
            return path.segments().contains("{" + parameter + "}");
        }
    }

    GmailDescription() {
        var gmail = new Gmail.Builder(new NetHttpTransport(), JSON, null)
                .setApplicationName("described")
                .build();
        operations = operationsOf(gmail)
                .map(Operation::of)
                .sorted(Comparator.comparing(operation -> operation.path().places()))
                .toList();
    }

    int operations() {
        return operations.size();
    }

    @Override
    public List<String> problemsOf(ReceivedRequest request) {
        Optional<Operation> operation = operationOf(request);
        if (operation.isEmpty()) {
            return List.of("Gmail has no " + request.method() + " " + request.path());
        }
        return request.parameters().entrySet().stream()
                .flatMap(given -> problemsOf(operation.get(), given.getKey(), given.getValue()))
                .toList();
    }

    private Optional<Operation> operationOf(ReceivedRequest request) {
        return operations.stream().filter(operation -> operation.takes(request)).findFirst();
    }

    private static Stream<String> problemsOf(Operation operation, String name, List<String> values) {
        FieldInfo parameter = operation.parameters().getFieldInfo(name);
        if (parameter == null || operation.isInThePath(name)) {
            return Stream.of(operation.path() + " has no parameter " + name);
        }
        boolean isRepeated = Types.isAssignableToOrFrom(parameter.getType(), Iterable.class);
        if (values.size() > 1 && !isRepeated) {
            return Stream.of(name + " is given " + values.size() + " times");
        }
        Type type = isRepeated ? Types.getIterableParameter(parameter.getGenericType()) : parameter.getType();
        return values.stream()
                .filter(value -> !isOne(type, value))
                .map(value -> name + " is " + value + ", which is no " + type.getTypeName());
    }

    private static boolean isOne(Type type, String value) {
        if (type == Boolean.class) {
            return value.equals("true") || value.equals("false");
        }
        try {
            Data.parsePrimitiveValue(type, value);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @Override
    public List<String> problemsOf(ReceivedRequest request, ScriptedAnswer answer) {
        Class<?> expected = answer.status() == 200
                ? operationOf(request).<Class<?>>map(Operation::answer).orElse(GenericData.class)
                : GoogleJsonErrorContainer.class;
        try {
            Object said = JSON.fromString(new String(answer.body(), StandardCharsets.UTF_8), expected);
            return unknownKeys(said)
                    .map(key -> expected.getSimpleName() + ": " + key)
                    .toList();
        } catch (IOException | IllegalArgumentException e) {
            return List.of("it is no " + expected.getSimpleName() + ": " + e.getMessage());
        }
    }

    /** The keys that the model of an answer has not, wherever they are in it. */
    private static Stream<String> unknownKeys(@Nullable Object said) {
        return switch (said) {
            case GenericData object ->
                Stream.concat(
                        object.getUnknownKeys().keySet().stream()
                                .map(key -> object.getClass().getSimpleName() + " has no " + key),
                        object.getClassInfo().getNames().stream().flatMap(name -> unknownKeys(object.get(name))));
            case List<?> values -> values.stream().flatMap(GmailDescription::unknownKeys);
            case null, default -> Stream.empty();
        };
    }

    /** Every request of the client, with anything in the places of its path. */
    private static Stream<AbstractGoogleJsonClientRequest<?>> operationsOf(Object collection) {
        return Arrays.stream(collection.getClass().getDeclaredMethods()).flatMap(method -> {
            if (method.getParameterCount() == 0 && isNested(method.getReturnType())) {
                return operationsOf(called(method, collection));
            }
            boolean isRequest = AbstractGoogleJsonClientRequest.class.isAssignableFrom(method.getReturnType());
            return isRequest && !uploads(method)
                    ? Stream.of((AbstractGoogleJsonClientRequest<?>)
                            called(method, collection, anything(method.getParameterTypes())))
                    : Stream.empty();
        });
    }

    private static boolean isNested(Class<?> type) {
        return type.getName().startsWith(Gmail.class.getName() + "$")
                && !AbstractGoogleJsonClientRequest.class.isAssignableFrom(type);
    }

    private static boolean uploads(Method method) {
        return Arrays.asList(method.getParameterTypes()).contains(AbstractInputStreamContent.class);
    }

    private static @Nullable Object[] anything(Class<?>[] types) {
        var values = new ArrayList<@Nullable Object>();
        for (Class<?> type : types) {
            values.add(GenericData.class.isAssignableFrom(type) ? model(type) : ANYTHING.get(type));
        }
        return values.toArray();
    }

    /** The body of a request, in which the client wants to see its id, name or whatever is required. */
    private static GenericData model(Class<?> type) {
        var model = (GenericData) Types.newInstance(type);
        ClassInfo.of(type).getFieldInfos().stream()
                .filter(field -> field.getType() == String.class)
                .forEach(field -> field.setValue(model, "any"));
        return model;
    }

    private static Object called(Method method, Object object, @Nullable Object... values) {
        try {
            return method.invoke(object, values);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("the client of Gmail is another one than expected: " + method, e);
        }
    }
}
