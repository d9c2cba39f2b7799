package io.tributary.integrations.mail;

import java.nio.charset.StandardCharsets;

/**
 * Bytes as text, without loss: in {@code encoding} the text is exactly the bytes again.
 *
 * @param encoding {@code UTF-8} when the bytes are valid UTF-8, else {@code ISO-8859-1}, where every byte is a
 *     character
 */
public record RawText(String text, String encoding) {

    public static RawText of(ByteSlice bytes) {
        return TextDecoding.strict(bytes, StandardCharsets.UTF_8)
                .map(text -> new RawText(text, "UTF-8"))
                .orElseGet(() -> new RawText(bytes.latin1(), "ISO-8859-1"));
    }
}
