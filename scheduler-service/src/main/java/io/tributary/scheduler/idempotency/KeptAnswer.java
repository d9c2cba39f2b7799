package io.tributary.scheduler.idempotency;

import org.jspecify.annotations.Nullable;

/**
 * The answer to a request, for the next one with its key.
 *
 * @param location header of that name; null: none
 * @param contentType of the body; null: there is no body
 */
record KeptAnswer(
        int status, @Nullable String location, @Nullable String contentType, byte[] body) {}
