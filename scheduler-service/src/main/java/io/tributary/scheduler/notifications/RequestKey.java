package io.tributary.scheduler.notifications;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tributary.scheduler.security.Caller;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;

/**
 * The Idempotency-Key of a request. It gives notifications their ids, so what a request created is not created again,
 * even if its stored response is lost. The digest tells a different request with the same key.
 */
final class RequestKey {

    /** Without what a request leaves out, so that a field of a later version changes no digest. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .changeDefaultPropertyInclusion(it -> it.withValueInclusion(JsonInclude.Include.NON_NULL))
            .build();

    private RequestKey() {}

    /** @param index of the notification in the request */
    static UUID id(String key, int index, Caller caller) {
        var bits = ByteBuffer.wrap(
                sha256(String.join("\n", caller.userId(), caller.orgId(), Integer.toString(index), key)));
        return new UUID(bits.getLong(), bits.getLong());
    }

    /** SHA-256, hexadecimal. */
    static String digest(NewNotification request) {
        return HexFormat.of().formatHex(sha256(JSON.writeValueAsString(request)));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
