package io.tributary.scheduler.recipients;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An address to which the notifications of an organisation do not go.
 *
 * @param address e-mail address in lower case, phone number in the form of E.164, or token of a device
 * @param reason for people
 */
record Suppression(UUID id, String address, @Nullable String reason, Instant createdAt) {

    /**
     * Body that suppresses an address.
     *
     * @param address e-mail address, phone number in the form of E.164, or token of a device; up to 4096 characters
     * @param reason for people, up to 500 characters
     */
    record New(@Nullable String address, @Nullable String reason) {}
}
