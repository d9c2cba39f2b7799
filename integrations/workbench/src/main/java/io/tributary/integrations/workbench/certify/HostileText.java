package io.tributary.integrations.workbench.certify;

import io.tributary.integrations.api.Output;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Text that people and programs really send, and that breaks what was not made for it.
 *
 * @param name what the report calls it
 * @param text has to arrive, but for the characters that no charset has a form for
 */
public record HostileText(String name, String text) {

    /** What may be left out, replaced or written otherwise on the way: NUL and halves of surrogate pairs. */
    private static final Pattern WITHOUT_FORM =
            Pattern.compile("\0|[\\ud800-\\udbff](?![\\udc00-\\udfff])|(?<![\\ud800-\\udbff])[\\udc00-\\udfff]");

    private static final String LONG = "a long story, ";

    static List<HostileText> upTo(int longest) {
        return Stream.of(
                        new HostileText("NUL", "before\0after"),
                        new HostileText("half a surrogate pair", "high\ud83d low\ude00 end"),
                        new HostileText("right to left", "\u202Efdp.exe\u202C \u05e9\u05dc\u05d5\u05dd"),
                        new HostileText("emoji", "\ud83d\udc69\u200d\ud83d\ude80 \ud83c\uddea\ud83c\uddfa"),
                        new HostileText("combining marks", "Z\u0361\u0321a\u0300\u0301\u0302l\u0334g\u0335o"),
                        new HostileText("markup", "<script>alert('x')</script> &amp; ${jndi:ldap://x} %s {{7*7}}"),
                        new HostileText("very long", LONG.repeat(longest / LONG.length())))
                .filter(hostile -> hostile.text.length() <= longest)
                .toList();
    }

    /** UTF-8, in which half a surrogate pair has the three bytes that careless programs write for it. */
    public static byte[] bytes(String text) {
        var bytes = new ByteArrayOutputStream();
        text.codePoints().forEach(point -> {
            if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                bytes.write(0xe0 | point >> 12);
                bytes.write(0x80 | point >> 6 & 0x3f);
                bytes.write(0x80 | point & 0x3f);
            } else {
                bytes.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
            }
        });
        return bytes.toByteArray();
    }

    /** Whether an item has the text, in its name, its content or its metadata. */
    boolean isIn(Output output) {
        String content = output.content() == null ? "" : output.content();
        String metadata = output.metadata().toJson();
        return Stream.of(output.name(), content, fromBytes(content), metadata).anyMatch(this::hasAllPieces);
    }

    /** Content that is no UTF-8 as a whole is kept one character a byte. */
    private static String fromBytes(String content) {
        return new String(content.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private boolean hasAllPieces(String where) {
        return WITHOUT_FORM.splitAsStream(text).allMatch(where::contains);
    }
}
