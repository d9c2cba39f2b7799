package io.tributary.sink.postgres;

import java.io.StringWriter;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A JSON object that {@code jsonb} can hold. Unlike JSON, {@code jsonb} rejects NUL characters and lone surrogates in
 * strings, also escaped ones, and numbers beyond its range.
 */
public final class StorableJson {

    /** Key of a text that is not a JSON object. */
    public static final String UNPARSED = "unparsed";

    /** Longest number, and largest power of ten, that stays a number; Postgres holds 16,383 digits and more. */
    private static final int MAX_NUMBER_LENGTH = 1_000;

    private static final int MAX_EXPONENT = 10_000;

    private static final JsonFactory JSON = new JsonFactory();

    private StorableJson() {}

    /** The object in the text, or an object with the text under {@value #UNPARSED}. Never fails. */
    public static String object(String text) {
        return parsed(text).orElseGet(() -> unparsed(StorableText.of(text)));
    }

    /** The object in the text, with storable strings; empty if the text has no storable object. */
    public static Optional<String> parsed(String text) {
        String storable = StorableText.of(text);
        try {
            if (!holdsObject(storable)) {
                return Optional.empty();
            }
            // Only an escape can still hide a character that jsonb rejects.
            return Optional.of(storable.contains("\\u") ? withStorableStrings(storable) : storable);
        } catch (JacksonException e) {
            return Optional.empty(); // not JSON: the caller decides
        }
    }

    private static boolean holdsObject(String text) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            for (int depth = 1; depth > 0; ) {
                JsonToken token = parser.nextToken();
                if (token == null) {
                    return false;
                }
                if (token.isStructStart()) {
                    depth++;
                } else if (token.isStructEnd()) {
                    depth--;
                } else if (token.isNumeric() && !isStorableNumber(parser.getString())) {
                    return false;
                }
            }
            return parser.nextToken() == null;
        }
    }

    private static boolean isStorableNumber(String number) {
        if (number.length() > MAX_NUMBER_LENGTH) {
            return false;
        }
        int e = Math.max(number.indexOf('e'), number.indexOf('E'));
        if (e < 0) {
            return true;
        }
        try {
            return Math.abs(Integer.parseInt(number, e + 1, number.length(), 10)) <= MAX_EXPONENT;
        } catch (NumberFormatException tooLarge) {
            return false;
        }
    }

    private static String withStorableStrings(String text) {
        var storable = new StringWriter(text.length());
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text);
                JsonGenerator generator = JSON.createGenerator(ObjectWriteContext.empty(), storable)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                switch (token) {
                    case PROPERTY_NAME -> generator.writeName(StorableText.of(parser.currentName()));
                    case VALUE_STRING -> generator.writeString(StorableText.of(parser.getString()));
                    default -> generator.copyCurrentEventExact(parser);
                }
            }
        }
        return storable.toString();
    }

    private static String unparsed(String text) {
        var object = new StringWriter(text.length() + 32);
        try (JsonGenerator generator = JSON.createGenerator(ObjectWriteContext.empty(), object)) {
            generator.writeStartObject();
            generator.writeStringProperty(UNPARSED, text);
            generator.writeEndObject();
        }
        return object.toString();
    }
}
