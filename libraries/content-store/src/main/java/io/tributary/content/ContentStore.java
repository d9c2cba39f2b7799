package io.tributary.content;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Content that is too large for a record, by its key. Thread safe.
 *
 * <p>Every method throws {@link IOException} when the store cannot be used now; its effect is unknown then: wait, and
 * call again. Its message has neither content nor credentials. An interrupted thread gets the exception as well, and
 * its flag stays set.
 */
public interface ContentStore extends AutoCloseable {

    /**
     * Stores content durably, before anything refers to it. Storing the same again is harmless.
     *
     * @return the reference for records and rows; it ends with the key
     */
    URI put(ContentKey key, byte[] content) throws IOException;

    /** Opens content for reading; the caller closes it. Empty if it does not exist. */
    Optional<StoredContent> open(ContentKey key) throws IOException;

    /**
     * Lists the objects in the order of their names, which begin with their month.
     *
     * @param after the last name of the previous page; null: from the start
     * @param limit most names of the page, 1 to 1,000
     */
    Page list(@Nullable String after, int limit) throws IOException;

    /** Removes content; does nothing if it does not exist. */
    void delete(ContentKey key) throws IOException;

    @Override
    void close();

    /**
     * A page of a list.
     *
     * @param keys the names that are keys; other objects of the store are ignored
     * @param last the last name of the page; null: the list has ended
     */
    record Page(List<ContentKey> keys, @Nullable String last) {

        public Page {
            keys = List.copyOf(keys);
        }
    }
}
