package io.tributary.worker.execution;

import io.tributary.content.ContentKey;
import io.tributary.content.ContentStore;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;

/**
 * Moves content that is too large from an output into the store, before any record refers to it. The threads of plugins
 * call it.
 *
 * <p>A task that is executed again stores the same content under the same name. Content of a result that never became a
 * record is an orphan, which the sink removes.
 */
public final class StoreLargeContent {

    /** Most concurrent uploads, so that the encoded copies do not fill the heap; others wait. */
    private static final int AT_A_TIME = 4;

    private final ContentStore store;
    private final int threshold;
    private final Clock clock;
    private final Semaphore turns = new Semaphore(AT_A_TIME, true);

    /** @param threshold content of more bytes of UTF-8 is large */
    public StoreLargeContent(ContentStore store, int threshold, Clock clock) {
        this.store = store;
        this.threshold = threshold;
        this.clock = clock;
    }

    /**
     * Stores the content durably, if it is large.
     *
     * @return the reference to the content; empty: it is small, and was not stored
     * @throws IOException when the store cannot be used now; nothing refers to content that may have been stored: try
     *     again
     */
    Optional<URI> store(UUID userIntegrationId, String content) throws IOException, InterruptedException {
        if (content.length() <= threshold / 3) { // a character is 3 bytes at most
            return Optional.empty();
        }
        turns.acquire();
        try {
            byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
            return bytes.length <= threshold
                    ? Optional.empty()
                    : Optional.of(store.put(ContentKey.of(userIntegrationId, bytes, clock.instant()), bytes));
        } finally {
            turns.release();
        }
    }
}
