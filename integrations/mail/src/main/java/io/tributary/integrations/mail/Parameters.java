package io.tributary.integrations.mail;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A value with parameters, such as {@code text/plain; charset=utf-8} (RFC 2045, section 5.1), with parameters that are
 * continued or name their charset (RFC 2231), or are encoded words, which RFC 2047 forbids and mailers write.
 *
 * @param value before the first semicolon, lower case, without comments and white space; may be empty
 */
record Parameters(String value, Map<String, String> parameters) {

    /** A comment at the end. What follows no white space is none: {@code name=report(1).pdf} is a file. */
    private static final Pattern COMMENT = Pattern.compile("\\s\\(.*", Pattern.DOTALL);

    /** One of {@code name*0*=...; name*1=...}. */
    private record Section(String text, boolean percentEncoded) {}

    Optional<String> parameter(String name) {
        return Optional.ofNullable(parameters.get(name));
    }

    static Parameters parse(String field, Problems problems) {
        List<String> parts = split(field);
        var plain = new HashMap<String, String>();
        var sections = new HashMap<String, TreeMap<Integer, Section>>();
        for (String part : parts.subList(1, Math.min(parts.size(), Bounds.PARAMETERS))) {
            int equals = part.indexOf('=');
            if (equals < 0) {
                continue;
            }
            String name = part.substring(0, equals).strip().toLowerCase(Locale.ROOT);
            String value = unquoted(part.substring(equals + 1).strip());
            int star = name.indexOf('*');
            if (star < 0) {
                plain.putIfAbsent(name, EncodedWords.decode(value, problems));
            } else {
                boolean percentEncoded = name.endsWith("*");
                sections.computeIfAbsent(name.substring(0, star), key -> new TreeMap<>())
                        .putIfAbsent(number(name.substring(star + 1)), new Section(value, percentEncoded));
            }
        }
        sections.forEach((name, values) -> plain.put(name, joined(List.copyOf(values.values()), problems)));
        String value =
                COMMENT.matcher(parts.getFirst()).replaceFirst("").strip().toLowerCase(Locale.ROOT);
        return new Parameters(value, Map.copyOf(plain));
    }

    /** Splits at semicolons outside of quotes. */
    private static List<String> split(String field) {
        var parts = new ArrayList<String>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (quoted && c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ';' && !quoted) {
                parts.add(field.substring(start, i));
                start = i + 1;
            }
        }
        parts.add(field.substring(start));
        return parts;
    }

    private static String unquoted(String value) {
        if (!value.startsWith("\"")) {
            return COMMENT.matcher(value).replaceFirst("").strip();
        }
        var text = new StringBuilder();
        for (int i = 1; i < value.length() && value.charAt(i) != '"'; i++) {
            if (value.charAt(i) == '\\' && i + 1 < value.length()) {
                i++;
            }
            text.append(value.charAt(i));
        }
        return text.toString();
    }

    private static int number(String section) {
        String digits = section.endsWith("*") ? section.substring(0, section.length() - 1) : section;
        return digits.matches("[0-9]{1,4}") ? Integer.parseInt(digits) : 0;
    }

    private static String joined(List<Section> sections, Problems problems) {
        var bytes = new ByteArrayOutputStream();
        String charset = null;
        for (int i = 0; i < sections.size(); i++) {
            String text = sections.get(i).text;
            if (!sections.get(i).percentEncoded) {
                bytes.writeBytes(text.getBytes(charsetOfLiteralText(charset)));
                continue;
            }
            if (i == 0) {
                // charset'language'text
                int first = text.indexOf('\'');
                int second = text.indexOf('\'', first + 1);
                if (first >= 0 && second >= 0) {
                    charset = text.substring(0, first);
                    text = text.substring(second + 1);
                }
            }
            TransferEncoding.hexEscapes(ByteSlice.of(text.getBytes(StandardCharsets.UTF_8)), '%', bytes);
        }
        return TextDecoding.decode(ByteSlice.of(bytes.toByteArray()), charset, problems);
    }

    /** Sections that are not encoded are ASCII, whatever the charset of the others; more than that is read as UTF-8. */
    private static Charset charsetOfLiteralText(@Nullable String charset) {
        return charset == null ? StandardCharsets.UTF_8 : StandardCharsets.US_ASCII;
    }
}
