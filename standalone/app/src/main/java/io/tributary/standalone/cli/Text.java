package io.tributary.standalone.cli;

import java.time.Duration;
import java.util.Arrays;

/** Text as a terminal shows it: how many columns it takes, and cut or padded to a number of columns. */
final class Text {

    /** Ranges of characters that take two columns: East Asia and emoji. */
    private static final int[][] WIDE = {
        {0x1100, 0x115F},
        {0x2E80, 0xA4CF},
        {0xAC00, 0xD7A3},
        {0xF900, 0xFAFF},
        {0xFE30, 0xFE6F},
        {0xFF00, 0xFF60},
        {0xFFE0, 0xFFE6},
        {0x1F300, 0x1FAFF},
        {0x20000, 0x3FFFD}
    };

    private Text() {}

    /** A time that passed, as a person reads it, such as {@code 4.2 s}. */
    static String seconds(Duration duration) {
        return "%.1f s".formatted(duration.toMillis() / 1000.0);
    }

    /** Without control characters, so that what somebody wrote in a mail cannot steer the terminal. */
    static String printable(String text) {
        return text.codePoints()
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.LINE_SEPARATOR ? ' ' : c)
                .filter(c -> !isDirectionMark(c))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString()
                .strip();
    }

    /** Columns the text takes: characters of East Asia and emoji take two, combining ones none. */
    static int width(String text) {
        return text.codePoints().map(Text::width).sum();
    }

    /** The text in exactly this number of columns: padded, or cut with an ellipsis. */
    static String fit(String text, int columns) {
        return pad(cut(text, columns), columns);
    }

    /** The text in at most this number of columns. */
    static String cut(String text, int columns) {
        if (width(text) <= columns) {
            return text;
        }
        var cut = new StringBuilder();
        int room = columns - 1;
        for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
            int c = text.codePointAt(i);
            room -= width(c);
            if (room < 0) {
                break;
            }
            cut.appendCodePoint(c);
        }
        return cut + "…";
    }

    /** The text, with spaces up to this number of columns. */
    static String pad(String text, int columns) {
        return text + " ".repeat(Math.max(0, columns - width(text)));
    }

    private static int width(int c) {
        int type = Character.getType(c);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK || type == Character.FORMAT) {
            return 0;
        }
        return isWide(c) ? 2 : 1;
    }

    private static boolean isWide(int c) {
        return Arrays.stream(WIDE).anyMatch(range -> range[0] <= c && c <= range[1]);
    }

    private static boolean isDirectionMark(int c) {
        return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200E || c == 0x200F;
    }
}
