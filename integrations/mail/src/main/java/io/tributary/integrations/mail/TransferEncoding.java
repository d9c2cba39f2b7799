package io.tributary.integrations.mail;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Locale;

/** Undoes a Content-Transfer-Encoding (RFC 2045, section 6), taking what can be taken of a broken one. */
final class TransferEncoding {

    private static final byte[] BASE64 = new byte[256];

    static {
        Arrays.fill(BASE64, (byte) -1);
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        for (int i = 0; i < alphabet.length(); i++) {
            BASE64[alphabet.charAt(i)] = (byte) i;
        }
    }

    private TransferEncoding() {}

    /**
     * The content as it was before it was encoded; an unknown encoding is a problem, and the content stays as it is.
     */
    static ByteSlice decode(ByteSlice content, String encoding, Problems problems) {
        return switch (normal(encoding)) {
            case "base64" -> base64(content, problems);
            case "quoted-printable" -> quotedPrintable(content, problems);
            case "", "7bit", "8bit", "binary" -> content;
            default -> {
                problems.add("unknown transfer encoding", encoding);
                yield content;
            }
        };
    }

    /** How many bytes {@link #decode} gives; base64 is only counted. */
    static int decodedSize(ByteSlice content, String encoding, Problems problems) {
        return normal(encoding).equals("base64")
                ? base64Size(content)
                : decode(content, encoding, problems).length();
    }

    private static String normal(String encoding) {
        return encoding.strip().toLowerCase(Locale.ROOT);
    }

    private static int base64Size(ByteSlice content) {
        int size = 0;
        int pending = 0;
        for (int i = 0; i < content.length(); i++) {
            int c = content.at(i) & 0xFF;
            if (BASE64[c] >= 0) {
                pending += 6;
                if (pending >= 8) {
                    pending -= 8;
                    size++;
                }
            } else if (c == '=') {
                pending = 0;
            }
        }
        return size;
    }

    /** Skips other characters, and starts again after padding: some mailers join several encoded pieces. */
    static ByteSlice base64(ByteSlice content, Problems problems) {
        byte[] decoded = new byte[base64Size(content)];
        int length = 0;
        int bits = 0;
        int pending = 0;
        boolean strange = false;
        for (int i = 0; i < content.length(); i++) {
            int c = content.at(i) & 0xFF;
            int digit = BASE64[c];
            if (digit >= 0) {
                bits = bits << 6 | digit;
                pending += 6;
                if (pending >= 8) {
                    pending -= 8;
                    decoded[length++] = (byte) (bits >> pending);
                }
            } else if (c == '=') {
                pending = 0;
            } else if (c > ' ') {
                strange = true;
            }
        }
        if (strange) {
            problems.add("characters in base64 that do not belong there");
        }
        if (pending >= 6) {
            problems.add("base64 ends too early");
        }
        return ByteSlice.of(decoded, 0, length);
    }

    static ByteSlice quotedPrintable(ByteSlice content, Problems problems) {
        var decoded = new ByteArrayOutputStream(content.length());
        for (int start = 0; start < content.length(); ) {
            int lineEnd = content.lineEnd(start);
            int contentEnd = content.contentEnd(start, lineEnd);
            // White space before the end of a line was added on the way (RFC 2045, section 6.7, rule 3).
            int end = contentEnd;
            while (end > start && (content.at(end - 1) == ' ' || content.at(end - 1) == '\t')) {
                end--;
            }
            boolean softBreak = end > start && content.at(end - 1) == '=';
            hexEscapes(content.slice(start, softBreak ? end - 1 : end), decoded, problems);
            if (!softBreak) {
                for (int i = contentEnd; i < lineEnd; i++) {
                    decoded.write(content.at(i));
                }
            }
            start = lineEnd;
        }
        return ByteSlice.of(decoded.toByteArray());
    }

    /** Decodes the {@code =XX} of one line, or of one encoded word. */
    static void hexEscapes(ByteSlice line, ByteArrayOutputStream decoded, Problems problems) {
        if (!hexEscapes(line, '=', decoded)) {
            problems.add("lone '=' in quoted-printable");
        }
    }

    /** Decodes a sign and two hexadecimal digits. @return false when there is a sign without them, which stays */
    static boolean hexEscapes(ByteSlice text, char sign, ByteArrayOutputStream decoded) {
        boolean well = true;
        for (int i = 0; i < text.length(); i++) {
            byte c = text.at(i);
            int high = c == sign && i + 2 < text.length() ? Character.digit(text.at(i + 1), 16) : -1;
            int low = high >= 0 ? Character.digit(text.at(i + 2), 16) : -1;
            if (low >= 0) {
                decoded.write(high << 4 | low);
                i += 2;
            } else {
                decoded.write(c);
                well &= c != sign;
            }
        }
        return well;
    }
}
