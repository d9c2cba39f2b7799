package io.tributary.edge.webhooks;

import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A request as it was received.
 *
 * @param header the value of a header by its name, in any case; null: there is none
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
record Received(Function<String, @Nullable String> header, byte[] body, Instant at) {}
