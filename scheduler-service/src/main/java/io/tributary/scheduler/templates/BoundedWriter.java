package io.tributary.scheduler.templates;

import java.io.IOException;
import java.io.Writer;

/** Takes a text up to a length; a longer one is an error. */
final class BoundedWriter extends Writer {

    private final StringBuilder text = new StringBuilder();
    private final int max;

    /** @param max most characters */
    BoundedWriter(int max) {
        this.max = max;
    }

    @Override
    public void write(char[] characters, int offset, int length) throws IOException {
        if (text.length() + length > max) {
            throw new IOException("makes a text of more than " + max + " characters");
        }
        text.append(characters, offset, length);
    }

    @Override
    public void flush() {
        // Nothing is kept back.
    }

    @Override
    public void close() {
        // It holds nothing but memory.
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
