package io.tributary.integrations.imap;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message as the list sees it.
 *
 * @param size RFC822.SIZE, bytes; -1 when the server gives none
 * @param internalDate when it arrived; null when the server gives none
 */
record Listed(long uid, long size, @Nullable Instant internalDate) {}
