package io.tributary.standalone.cli;

import io.tributary.integrations.api.JsonObject;
import io.tributary.standalone.UsageError;
import io.tributary.worker.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;

/** Values that come as arguments. */
final class JsonValue {

    private JsonValue() {}

    /** A number, boolean, list or object where the text is one in JSON; otherwise the text. */
    static Object of(String text) {
        try {
            return Json.MAPPER.readValue(text, Object.class);
        } catch (JacksonException e) {
            return text; // that is how a plain text looks: it needs no quotes
        }
    }

    /** A JSON object, or {@code @} and the name of a file that holds one. */
    static JsonObject object(String option, String text) {
        try {
            return Json.readObject(text.startsWith("@") ? Files.readString(Path.of(text.substring(1))) : text);
        } catch (JacksonException e) {
            throw new UsageError(option + " is no JSON object", e);
        } catch (IOException e) {
            throw new UsageError(option + ": cannot read the file " + text.substring(1), e);
        }
    }
}
