package io.tributary.integrations.mail;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the {@code =?charset?B?...?=} of header fields (RFC 2047). Neighbours of one charset are joined before they
 * become text, since many mailers split in the middle of a character.
 */
final class EncodedWords {

    /**
     * With spaces inside too, a language after the charset (RFC 2231, section 5), and a few question marks, which RFC
     * 2047, section 4.2, forbids and mailers write: a word ends at {@code ?=}, unless that begins an escape such as
     * {@code =5B}.
     */
    private static final Pattern WORD = Pattern.compile("=\\?([^?*\\s]{1,60})(?:\\*[^?\\s]{0,60})?\\?([bBqQ])\\?"
            + "([^?]{0,65536}+(?:(?<!=)\\?(?!=(?![0-9A-F]{2}))[^?]{0,65536}+){0,20})\\?=");

    private final Problems problems;
    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream open = new ByteArrayOutputStream();
    private @Nullable String openCharset;

    private EncodedWords(Problems problems) {
        this.problems = problems;
    }

    static String decode(String value, Problems problems) {
        return value.contains("=?") ? new EncodedWords(problems).decode(value) : value;
    }

    private String decode(String value) {
        Matcher word = WORD.matcher(value);
        int end = 0;
        boolean afterWord = false;
        while (word.find()) {
            String between = value.substring(end, word.start());
            // White space between two encoded words is not part of the text (RFC 2047, section 6.2).
            if (!afterWord || !between.isBlank()) {
                close();
                text.append(between);
            }
            add(word.group(1), word.group(2), word.group(3));
            afterWord = true;
            end = word.end();
        }
        close();
        return text.append(value, end, value.length()).toString();
    }

    private void add(String charset, String encoding, String encoded) {
        if (!charset.equalsIgnoreCase(openCharset)) {
            close();
            openCharset = charset;
        }
        if (encoding.equalsIgnoreCase("B")) {
            ByteSlice decoded = TransferEncoding.base64(bytes(encoded), problems);
            for (int i = 0; i < decoded.length(); i++) {
                open.write(decoded.at(i));
            }
        } else {
            TransferEncoding.hexEscapes(bytes(encoded.replace('_', ' ')), open, problems);
        }
    }

    private static ByteSlice bytes(String text) {
        return ByteSlice.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private void close() {
        if (openCharset != null) {
            text.append(TextDecoding.decode(ByteSlice.of(open.toByteArray()), openCharset, problems));
            open.reset();
            openCharset = null;
        }
    }
}
