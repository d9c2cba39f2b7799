package io.tributary.worker.execution;

import java.io.IOException;
import java.net.URI;
import java.util.UUID;

/** Where content goes that is too large for a record. Thread safe. */
public interface ContentStore {

    /**
     * Stores content durably, before a record refers to it. Storing the same content again is harmless.
     *
     * @return what the record and the row refer to it by
     * @throws IOException when it could not be stored now; the task is tried again
     */
    URI put(UUID userIntegrationId, byte[] content) throws IOException;
}
