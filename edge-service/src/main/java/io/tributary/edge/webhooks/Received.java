package io.tributary.edge.webhooks;

import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A request as it was received.
 *
 * @param header returns the value of a header by its name in any case; null: the request does not have it
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
record Received(Function<String, @Nullable String> header, byte[] body, Instant at) {}
