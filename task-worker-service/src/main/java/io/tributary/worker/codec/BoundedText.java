package io.tributary.worker.codec;

/** Cuts texts to a number of bytes of UTF-8. */
public final class BoundedText {

    /** Largest message of a failure, bytes. */
    public static final int MAX_MESSAGE_BYTES = 4_000;

    /** Largest code of a failure, bytes. */
    public static final int MAX_CODE_BYTES = 200;

    private static final String CUT = "... (cut)";

    private BoundedText() {}

    /**
     * The text, or its beginning with a note that the end was cut.
     *
     * @param maxBytes of the returned text, 16 and up
     */
    public static String cut(String text, int maxBytes) {
        if (text.length() <= maxBytes / 3) { // A character is 3 bytes at most.
            return text;
        }
        int bytes = 0;
        int fits = 0;
        int next;
        for (int i = 0; i < text.length(); i = next) {
            int codePoint = text.codePointAt(i);
            next = i + Character.charCount(codePoint);
            bytes += bytesOf(codePoint);
            if (bytes <= maxBytes - CUT.length()) {
                fits = next;
            } else if (bytes > maxBytes) {
                return text.substring(0, fits) + CUT;
            }
        }
        return text;
    }

    private static int bytesOf(int codePoint) {
        if (codePoint < 0x80) {
            return 1;
        }
        if (codePoint < 0x800) {
            return 2;
        }
        return codePoint < 0x10000 ? 3 : 4;
    }
}
