package io.tributary.sink.postgres;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Text that Postgres can hold: NUL characters and lone surrogates, which it rejects, become U+FFFD. */
public final class StorableText {

    private static final char REPLACEMENT = '\uFFFD';

    private StorableText() {}

    /** Returns the same text if Postgres can hold it. */
    public static String of(String text) {
        int refused = firstRefused(text);
        return refused < 0 ? text : replaced(text, refused);
    }

    /** {@link #of}, with null for null. */
    public static @Nullable String ofNullable(@Nullable String text) {
        return text == null ? null : of(text);
    }

    /** {@link #of} in UTF-8. Most text is plain ASCII, for which a fast check suffices. */
    public static byte[] utf8(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        return isAscii(text, encoded) && text.indexOf(0) < 0 ? encoded : of(text).getBytes(StandardCharsets.UTF_8);
    }

    /** Comparing lengths is not enough: a lone surrogate is encoded as one byte too, a question mark. */
    private static boolean isAscii(String text, byte[] encoded) {
        return encoded.length == text.length() && new String(encoded, StandardCharsets.ISO_8859_1).equals(text);
    }

    private static int firstRefused(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                return i;
            }
            if (Character.isSurrogate(c)) {
                if (!startsPair(text, i)) {
                    return i;
                }
                i++;
            }
        }
        return -1;
    }

    private static String replaced(String text, int from) {
        var replaced = new StringBuilder(text);
        for (int i = from; i < replaced.length(); i++) {
            char c = replaced.charAt(i);
            if (c == 0) {
                replaced.setCharAt(i, REPLACEMENT);
            } else if (Character.isSurrogate(c)) {
                if (startsPair(replaced, i)) {
                    i++;
                } else {
                    replaced.setCharAt(i, REPLACEMENT);
                }
            }
        }
        return replaced.toString();
    }

    private static boolean startsPair(CharSequence text, int i) {
        return i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
    }
}
