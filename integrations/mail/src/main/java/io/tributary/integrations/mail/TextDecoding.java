package io.tributary.integrations.mail;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes text of bytes: by the charset that is named if it fits, else as UTF-8 if that fits, else as the named charset
 * with replacement characters, or as windows-1252, which what calls itself ASCII or nothing at all usually is.
 */
final class TextDecoding {

    private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

    /** Names that mail uses and Java does not know. */
    private static final Map<String, Charset> OTHER_NAMES = Map.of(
            "iso-8859-8-i",
            Charset.forName("ISO-8859-8"),
            "iso-8859-8-e",
            Charset.forName("ISO-8859-8"),
            "ansi",
            WINDOWS_1252,
            "x-ansi",
            WINDOWS_1252,
            "utf8mb4",
            StandardCharsets.UTF_8);

    private TextDecoding() {}

    /** @param charset as the message names it; null when it names none */
    static String decode(ByteSlice bytes, @Nullable String charset, Problems problems) {
        if (charset == null || charset.isBlank()) {
            return guess(bytes);
        }
        Charset named = find(charset);
        if (named == null) {
            problems.add("unknown charset", charset);
            return guess(bytes);
        }
        Optional<String> text = strict(bytes, named);
        if (text.isPresent()) {
            return text.get();
        }
        problems.add("text is not in its charset", charset);
        return strict(bytes, StandardCharsets.UTF_8)
                .orElseGet(() -> lenient(bytes, named.equals(StandardCharsets.US_ASCII) ? WINDOWS_1252 : named));
    }

    /** Text of bytes that name no charset, such as 8-bit characters in a header. */
    static String guess(ByteSlice bytes) {
        return strict(bytes, StandardCharsets.UTF_8).orElseGet(() -> lenient(bytes, WINDOWS_1252));
    }

    /** The text, if the bytes are valid in the charset from first to last. */
    static Optional<String> strict(ByteSlice bytes, Charset charset) {
        try {
            return Optional.of(charset.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(bytes.buffer())
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static String lenient(ByteSlice bytes, Charset charset) {
        return charset.decode(bytes.buffer()).toString();
    }

    private static @Nullable Charset find(String name) {
        String plain = name.strip().toLowerCase(Locale.ROOT);
        Charset other = OTHER_NAMES.get(plain);
        if (other != null) {
            return other;
        }
        try {
            return Charset.forName(plain);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return null;
        }
    }
}
