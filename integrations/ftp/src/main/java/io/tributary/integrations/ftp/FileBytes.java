package io.tributary.integrations.ftp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The bytes of a file as far as they are read, {@link #MAX} and one more at most: with that one it is too large. */
final class FileBytes {

    /** Largest file that is downloaded, bytes: it is held in memory, as bytes and as text. */
    static final int MAX = 32 * 1024 * 1024;

    private static final int STEP = 64 * 1024;

    private byte[] bytes = new byte[0];
    private int count;

    int count() {
        return count;
    }

    boolean isTooLarge() {
        return count > MAX;
    }

    void clear() {
        bytes = new byte[0];
        count = 0;
    }

    /** Reads on to the end of the stream, or until it is too large. */
    void readFrom(InputStream in) throws IOException {
        while (!isTooLarge()) {
            if (count == bytes.length) {
                bytes = Arrays.copyOf(bytes, (int) Math.min(MAX + 1L, Math.max(STEP, 2L * bytes.length)));
            }
            int read = in.read(bytes, count, bytes.length - count);
            if (read < 0) {
                return;
            }
            count += read;
        }
    }

    /** {@code UTF-8} when the bytes are valid UTF-8, else {@code ISO-8859-1}, where every byte is a character. */
    Text text() {
        try {
            return new Text(
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes, 0, count))
                            .toString(),
                    "UTF-8");
        } catch (CharacterCodingException e) {
            return new Text(new String(bytes, 0, count, StandardCharsets.ISO_8859_1), "ISO-8859-1");
        }
    }

    /** Bytes as text, without loss: in {@code encoding} the text is exactly the bytes again. */
    record Text(String content, String encoding) {}
}
