package io.tributary.integrations.workbench.recording;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.http.Received;
import io.tributary.integrations.workbench.recording.RecordedExchange.Ending;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** A recording as a file: made to be read and changed by people. Bodies are text where they are UTF-8, else base64. */
final class RecordingJson {

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(Integer.MAX_VALUE) // Bounded by the file.
                            .build())
                    .build())
            .build();

    private static final TypeReference<Map<String, @Nullable Object>> OBJECT = new TypeReference<>() {};

    private RecordingJson() {}

    static String write(Recording recording) {
        var file = JsonObject.of("domain", recording.domain())
                .with("at", recording.at().toString())
                .with("credentials", recording.credentialKeys())
                .with(
                        "exchanges",
                        recording.exchanges().stream().map(RecordingJson::of).toList());
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(file.values()) + "\n";
    }

    private static JsonObject of(RecordedExchange exchange) {
        var request = JsonObject.of("method", exchange.method())
                .with("url", exchange.url())
                .with("headers", new TreeMap<>(exchange.headers()));
        byte[] body = exchange.body();
        return JsonObject.of("request", body == null ? request : withBody(request, body))
                .patchedWith(of(exchange.ending()));
    }

    private static JsonObject of(Ending ending) {
        return switch (ending) {
            case Ending.Answered(Received answer) ->
                JsonObject.of(
                        "answer",
                        withBody(
                                JsonObject.of("status", answer.status())
                                        .with("headers", new TreeMap<>(answer.headers())),
                                answer.body()));
            case Ending.Broken(var kind, String code, String message) ->
                JsonObject.of(
                        "failure",
                        JsonObject.of("kind", kind.name().toLowerCase(Locale.ROOT))
                                .with("code", code)
                                .with("message", message));
        };
    }

    private static JsonObject withBody(JsonObject message, byte[] body) {
        try {
            var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
            return message.with("body", text.toString());
        } catch (CharacterCodingException e) {
            return message.with("bodyBase64", Base64.getEncoder().encodeToString(body));
        }
    }

    static Recording read(String json) {
        try {
            JsonObject file = object(MAPPER.readValue(json, OBJECT), "it");
            return new Recording(
                    file.requireText("domain"),
                    Instant.parse(file.requireText("at")),
                    file.list("credentials").stream().map(String::valueOf).toList(),
                    file.list("exchanges").stream().map(RecordingJson::exchange).toList());
        } catch (JacksonException e) {
            throw new IllegalArgumentException("it is no JSON object: " + e.getOriginalMessage(), e);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("'at' is no time such as 2026-03-01T00:00:00Z", e);
        }
    }

    private static RecordedExchange exchange(@Nullable Object value) {
        JsonObject exchange = object(value, "an exchange");
        JsonObject request = exchange.object("request");
        var headers = new LinkedHashMap<String, String>();
        request.object("headers").values().forEach((name, text) -> headers.put(name, String.valueOf(text)));
        return new RecordedExchange(
                request.requireText("method"),
                request.requireText("url"),
                headers,
                request.has("body") || request.has("bodyBase64") ? body(request) : null,
                exchange.has("failure") ? broken(exchange.object("failure")) : answered(exchange.object("answer")));
    }

    private static Ending answered(JsonObject answer) {
        var headers = new LinkedHashMap<String, List<String>>();
        JsonObject named = answer.object("headers");
        named.values().keySet().forEach(name -> headers.put(name.toLowerCase(Locale.ROOT), texts(named, name)));
        return new Ending.Answered(
                new Received(Math.toIntExact(answer.requireInteger("status")), headers, body(answer)));
    }

    private static List<String> texts(JsonObject named, String name) {
        return named.values().get(name) instanceof List<?>
                ? named.list(name).stream().map(String::valueOf).toList()
                : List.of(named.requireText(name));
    }

    private static Ending broken(JsonObject failure) {
        String kind = failure.requireText("kind").toUpperCase(Locale.ROOT);
        return new Ending.Broken(
                RecordedExchange.Kind.valueOf(kind), failure.requireText("code"), failure.requireText("message"));
    }

    private static byte[] body(JsonObject message) {
        return message.text("bodyBase64")
                .map(encoded -> Base64.getDecoder().decode(encoded))
                .orElseGet(() -> message.text("body").orElse("").getBytes(StandardCharsets.UTF_8));
    }

    @SuppressWarnings("unchecked")
    private static JsonObject object(@Nullable Object value, String what) {
        if (!(value instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException(what + " is no JSON object");
        }
        return new JsonObject((Map<String, @Nullable Object>) map);
    }
}
