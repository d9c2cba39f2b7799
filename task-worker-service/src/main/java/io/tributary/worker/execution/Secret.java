package io.tributary.worker.execution;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tributary.worker.codec.Json;
import java.net.URLEncoder;
import java.util.Comparator;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A credential value that may occur in a text: as it is, percent-encoded once or several times, or escaped as in JSON.
 * Thread safe.
 */
final class Secret {

    /** Shorter values occur in other words by chance. */
    private static final int LEAST_LENGTH = 4;

    private static final int TELLING_LENGTH = 8;
    private static final int LONG_LENGTH = 16;
    /** A longer value is looked for in its usual forms only: the expression for all would be too deep. */
    private static final int MOST_IN_ALL_FORMS = 256;

    private static final Pattern OTHER_THAN_UNRESERVED = Pattern.compile("[^A-Za-z0-9._~-]+");

    private final String name;
    private final String value;
    /** The longest part that no encoding changes: texts without it are not looked through. */
    private final String core;

    private volatile @Nullable Pattern forms;

    /** @param name key of the credential */
    Secret(String name, String value) {
        this.name = name;
        this.value = value;
        this.core = OTHER_THAN_UNRESERVED
                .splitAsStream(value)
                .max(Comparator.comparingInt(String::length))
                .orElse("");
    }

    /** The form of an occurrence. */
    enum Form {
        PLAIN,
        PERCENT_ENCODED,
        PERCENT_ENCODED_TWICE,
        JSON;

        private static Form of(String occurrence, String value) {
            if (occurrence.equals(value)) {
                return PLAIN;
            }
            if (occurrence.contains("%25")) {
                return PERCENT_ENCODED_TWICE;
            }
            return occurrence.indexOf('\\') >= 0 && value.indexOf('\\') < 0 || occurrence.indexOf('%') < 0
                    ? JSON
                    : PERCENT_ENCODED;
        }
    }

    String name() {
        return name;
    }

    /** The value in a form. */
    String in(Form form) {
        return switch (form) {
            case PLAIN -> value;
            case PERCENT_ENCODED -> percentEncoded(value);
            case PERCENT_ENCODED_TWICE -> percentEncoded(percentEncoded(value));
            case JSON -> inJson(value);
        };
    }

    /** Whether the value is long enough to be recognised within other text. */
    boolean isRecognisable() {
        return value.length() >= LEAST_LENGTH;
    }

    /** Whether the value, found within the data of a user, cannot be an ordinary word, number or date. */
    boolean isTelling() {
        return value.length() >= LONG_LENGTH
                || value.length() >= TELLING_LENGTH
                        && value.chars().anyMatch(Character::isLetter)
                        && !value.chars().allMatch(Character::isLetter);
    }

    boolean is(String text) {
        return text.equals(value);
    }

    /** The text with all occurrences replaced; the same object when there is none. */
    String replaceIn(String text, Function<Form, String> replacement) {
        if (!text.contains(core)) {
            return text;
        }
        if (value.length() > MOST_IN_ALL_FORMS) {
            String replaced = text;
            for (Form form : Form.values()) {
                replaced = replaced.replace(in(form), replacement.apply(form));
            }
            return replaced.equals(text) ? text : replaced;
        }
        Matcher matcher = forms().matcher(text);
        return matcher.find()
                ? matcher.replaceAll((MatchResult found) ->
                        Matcher.quoteReplacement(replacement.apply(Form.of(found.group(), value))))
                : text;
    }

    private Pattern forms() {
        Pattern known = forms;
        if (known == null) {
            var pattern = new StringBuilder();
            value.codePoints().forEach(c -> appendForms(pattern, c));
            known = Pattern.compile(pattern.toString());
            forms = known;
        }
        return known;
    }

    private static void appendForms(StringBuilder pattern, int c) {
        String character = Character.toString(c);
        pattern.append("(?:").append(Pattern.quote(character)).append("|(?i:");
        for (byte each : character.getBytes(UTF_8)) {
            pattern.append(String.format(Locale.ROOT, "%%(?:25)*%02x", each & 0xFF));
        }
        pattern.append(')');
        if (c == ' ') {
            pattern.append("|\\+");
        }
        String escaped = inJson(character);
        if (!escaped.equals(character)) {
            pattern.append('|').append(Pattern.quote(escaped));
        }
        if (!Character.isLetterOrDigit(c) && c < 0x80) {
            pattern.append(String.format(Locale.ROOT, "|\\\\(?:[%s]|(?i:u%04x))", Pattern.quote(character), c));
        }
        pattern.append(')');
    }

    private static String percentEncoded(String text) {
        return URLEncoder.encode(text, UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    private static String inJson(String text) {
        String quoted = Json.MAPPER.writeValueAsString(text);
        return quoted.substring(1, quoted.length() - 1);
    }

    /** Names no value. */
    @Override
    public String toString() {
        return name;
    }
}
