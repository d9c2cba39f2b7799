package io.tributary.integrations.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes values as JSON (RFC 8259). A number that JSON has no form for, such as NaN, is written as null. */
final class JsonText {

    private final StringBuilder text = new StringBuilder();

    private JsonText() {}

    static String write(Map<String, ? extends @Nullable Object> values) {
        var writer = new JsonText();
        writer.object(values);
        return writer.text.toString();
    }

    private void value(@Nullable Object value) {
        switch (value) {
            case null -> text.append("null");
            case String string -> string(string);
            case Map<?, ?> map -> object(map);
            case List<?> list -> list(list);
            case Double number when !Double.isFinite(number) -> text.append("null");
            case Float number when !Float.isFinite(number) -> text.append("null");
            default -> text.append(value);
        }
    }

    private void object(Map<?, ? extends @Nullable Object> values) {
        text.append('{');
        String separator = "";
        for (Map.Entry<?, ? extends @Nullable Object> entry : values.entrySet()) {
            text.append(separator);
            string(String.valueOf(entry.getKey()));
            text.append(':');
            value(entry.getValue());
            separator = ",";
        }
        text.append('}');
    }

    private void list(List<? extends @Nullable Object> values) {
        text.append('[');
        String separator = "";
        for (Object value : values) {
            text.append(separator);
            value(value);
            separator = ",";
        }
        text.append(']');
    }

    private void string(String string) {
        text.append('"');
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            switch (c) {
                case '"', '\\' -> text.append('\\').append(c);
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    if (c < 0x20 || isHalfACharacter(string, i)) {
                        text.append("\\u%04x".formatted((int) c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }

    /** Whether a surrogate stands without the other one of its pair: UTF-8 has no form for it. */
    private static boolean isHalfACharacter(String string, int at) {
        char c = string.charAt(at);
        if (Character.isHighSurrogate(c)) {
            return at + 1 == string.length() || !Character.isLowSurrogate(string.charAt(at + 1));
        }
        return Character.isLowSurrogate(c) && (at == 0 || !Character.isHighSurrogate(string.charAt(at - 1)));
    }
}
