package io.tributary.content;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Content that is too large for a record, by its key. Thread safe.
 *
 * <p>Every method throws {@link IOException} when the store cannot be used now, and nothing is known but that: wait, and
 * call again. Its message names neither content nor credentials. An interrupted thread gets one as well, and its flag
 * stays set.
 */
public interface ContentStore extends AutoCloseable {

    /**
     * Stores content durably, before anything refers to it. Storing the same again is harmless.
     *
     * @return what records and rows refer to it by; it ends with the key
     */
    URI put(ContentKey key, byte[] content) throws IOException;

    /** Opens content for reading; the caller closes it. Empty where it is not there. */
    Optional<StoredContent> open(ContentKey key) throws IOException;

    /**
     * Lists what is there, in the order of the names, which begin with their month.
     *
     * @param after the name to go on behind; null: from the start
     * @param limit names of the page at most, 1 to 1,000
     */
    Page list(@Nullable String after, int limit) throws IOException;

    /** Removes content; harmless where it is gone. */
    void delete(ContentKey key) throws IOException;

    @Override
    void close();

    /**
     * A part of a list.
     *
     * @param keys those of the names that are keys; what else lies in the store is left alone
     * @param last the name to go on behind; null: this was the end
     */
    record Page(List<ContentKey> keys, @Nullable String last) {

        public Page {
            keys = List.copyOf(keys);
        }
    }
}
