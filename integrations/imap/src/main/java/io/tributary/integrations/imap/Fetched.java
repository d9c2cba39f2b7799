package io.tributary.integrations.imap;

import io.tributary.integrations.mail.ByteSlice;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message as it was downloaded.
 *
 * @param flags such as {@code \Seen}, without {@code \Recent}
 * @param internalDate when it arrived; null when the server gives none
 * @param size bytes of the whole message
 * @param source the whole message, or its header only
 */
record Fetched(long uid, List<String> flags, @Nullable Instant internalDate, long size, ByteSlice source) {}
