package io.tributary.integrations.declarative;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The bytes of a file from a place on, with that place. Not thread safe. */
final class ByteInput implements AutoCloseable {

    private final FileChannel file;
    private final InputStream input;
    private final byte[] buffer = new byte[1 << 16];
    private int at;
    private int end;
    private long offset;

    ByteInput(Path path, long offset) throws IOException {
        this.file = FileChannel.open(path, StandardOpenOption.READ);
        this.file.position(offset);
        this.input = Channels.newInputStream(file);
        this.offset = offset;
    }

    /** The next byte, 0 to 255; -1 at the end. */
    int next() throws IOException {
        if (at == end && !fill()) {
            return -1;
        }
        offset++;
        return buffer[at++] & 0xff;
    }

    /** The byte that {@link #next} returns. */
    int peek() throws IOException {
        return at == end && !fill() ? -1 : buffer[at] & 0xff;
    }

    private boolean fill() throws IOException {
        at = 0;
        end = Math.max(0, input.read(buffer));
        return end > 0;
    }

    /** How many bytes of the file are before the next one. */
    long offset() {
        return offset;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
