package io.tributary.content;

import java.io.IOException;
import java.io.InputStream;

/**
 * Content being read, by one thread.
 *
 * @param bytes its size
 * @param stream the content, UTF-8
 */
public record StoredContent(long bytes, InputStream stream) implements AutoCloseable {

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
