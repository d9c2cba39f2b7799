package io.tributary.integrations.workbench.server;

import io.tributary.integrations.api.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link ScriptedHttpServer} answers.
 *
 * @param status 200 to 599
 * @param headers as they are sent; the length of the body is added
 */
public record ScriptedAnswer(int status, Map<String, String> headers, byte[] body) {

    public ScriptedAnswer {
        headers = new LinkedHashMap<>(headers);
    }

    /** A status and nothing else. */
    public static ScriptedAnswer status(int status) {
        return new ScriptedAnswer(status, Map.of(), new byte[0]);
    }

    /** 200 with JSON text. */
    public static ScriptedAnswer json(String text) {
        return status(200).body("application/json; charset=utf-8", text);
    }

    /** 200 with a JSON object. */
    public static ScriptedAnswer json(JsonObject object) {
        return json(object.toJson());
    }

    /** 200 with a JSON object of one value. */
    public static ScriptedAnswer json(String key, @Nullable Object value) {
        return json(JsonObject.of(key, value));
    }

    /** 200 with a JSON array. */
    public static ScriptedAnswer json(List<? extends @Nullable Object> values) {
        String object = JsonObject.of("a", values).toJson();
        return json(object.substring("{\"a\":".length(), object.length() - 1));
    }

    public static ScriptedAnswer redirect(int status, String location) {
        return status(status).header("Location", location);
    }

    /** This answer with another status. */
    public ScriptedAnswer withStatus(int status) {
        return new ScriptedAnswer(status, headers, body);
    }

    public ScriptedAnswer header(String name, String value) {
        var more = new LinkedHashMap<>(headers);
        more.keySet().removeIf(name::equalsIgnoreCase);
        more.put(name, value);
        return new ScriptedAnswer(status, more, body);
    }

    public ScriptedAnswer body(String contentType, String text) {
        return body(contentType, text.getBytes(StandardCharsets.UTF_8));
    }

    public ScriptedAnswer body(String contentType, byte[] bytes) {
        return new ScriptedAnswer(status, headers, bytes).header("Content-Type", contentType);
    }

    /** This answer, compressed. */
    public ScriptedAnswer gzipped() {
        var compressed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(compressed)) {
            gzip.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ScriptedAnswer(status, headers, compressed.toByteArray()).header("Content-Encoding", "gzip");
    }
}
