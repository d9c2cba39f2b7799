package io.tributary.integrations.mail;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes text of bytes: by the charset that is named if it fits, else as UTF-8 if that fits, else as the named charset
 * with replacement characters, or as windows-1252, which text without a charset and text that claims to be ASCII
 * usually is.
 */
final class TextDecoding {

    private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

    /**
     * The charset that mailers mean by a name that Java does not know, or for which Java knows fewer characters: the
     * labels of the WHATWG Encoding Standard, section 4.2. The one to the right has all characters of the one to the
     * left, at the same bytes.
     */
    private static final Map<String, Charset> MEANT = meant(Map.of(
            "windows-1252", "iso-8859-1 iso8859-1 iso_8859-1 latin1 latin-1 l1 ansi x-ansi",
            "windows-1254", "iso-8859-9 iso8859-9 latin5",
            "x-windows-874", "iso-8859-11 tis-620",
            "ISO-8859-8", "iso-8859-8-i iso-8859-8-e",
            "GB18030", "gb2312 gb_2312-80 gbk x-gbk euc-cn",
            "Big5-HKSCS", "big5",
            "x-windows-iso2022jp", "iso-2022-jp",
            "windows-31j", "shift_jis shift-jis sjis x-sjis ms_kanji",
            "x-windows-949", "euc-kr ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 korean",
            "UTF-8", "utf8mb4"));

    private static Map<String, Charset> meant(Map<String, String> namesByCharset) {
        var meant = new HashMap<String, Charset>();
        namesByCharset.forEach((charset, names) -> {
            if (Charset.isSupported(charset)) {
                Stream.of(names.split(" ")).forEach(name -> meant.put(name, Charset.forName(charset)));
            }
        });
        return Map.copyOf(meant);
    }

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
        Charset meant = MEANT.get(plain);
        if (meant != null) {
            return meant;
        }
        try {
            return Charset.forName(plain);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return null;
        }
    }
}
