package io.tributary.sink.output;

import io.tributary.schemas.Output;
import io.tributary.schemas.OutputKind;
import io.tributary.sink.postgres.StorableJson;
import io.tributary.sink.postgres.StorableText;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An output as the row it becomes: everything storable, text in UTF-8 where Postgres is to get it.
 *
 * @param run the run it is of
 * @param externalId the provider's id, or {@code task_id:index}
 * @param externalTimestamp null also where Postgres cannot hold it
 * @param hash of all that the row says about the item; the same hash: nothing to write
 */
@SuppressWarnings("ArrayRecordComponent") // owned by this row and never changed; rows are not compared
record ContentRow(
        Run run,
        String externalId,
        String domain,
        @Nullable Instant externalTimestamp,
        String kind,
        byte[] name,
        byte @Nullable [] content,
        byte @Nullable [] contentRef,
        byte[] metadata,
        byte[] hash) {

    private static final int HASH_BYTES = 16;
    private static final Instant EARLIEST = Instant.parse("-4712-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("+294276-12-31T00:00:00Z");

    static ContentRow of(Run run, Output output) {
        String externalId = output.getExternalId() == null
                ? output.getTaskId() + ":" + output.getIndex()
                : StorableText.of(output.getExternalId());
        Instant timestamp = storable(output.getExternalTimestamp());
        String kind = output.getKind().name();
        byte[] name = StorableText.utf8(output.getName());
        byte[] content = utf8OrNull(output.getContent());
        byte[] contentRef = utf8OrNull(output.getContentRef());
        byte[] metadata = StorableJson.object(output.getMetadata()).getBytes(StandardCharsets.UTF_8);
        byte[] hash = hash(timestamp, kind, name, content, contentRef, metadata);
        return new ContentRow(
                run,
                externalId,
                StorableText.of(output.getDomain()),
                timestamp,
                kind,
                name,
                content,
                contentRef,
                metadata,
                hash);
    }

    /** Which row: there is one for each user integration and external id. */
    Key key() {
        return new Key(run.userIntegration().id(), externalId);
    }

    boolean isDeletion() {
        return kind.equals(OutputKind.deletion.name());
    }

    boolean hasHash(byte[] other) {
        return Arrays.equals(hash, other);
    }

    record Key(UUID userIntegrationId, String externalId) {}

    private static @Nullable Instant storable(@Nullable Instant timestamp) {
        return timestamp == null || timestamp.isBefore(EARLIEST) || timestamp.isAfter(LATEST) ? null : timestamp;
    }

    private static byte @Nullable [] utf8OrNull(@Nullable String text) {
        return text == null ? null : StorableText.utf8(text);
    }

    /** SHA-256, cut to 128 bits: as fast as needed, and nobody can make two items that are taken for one. */
    private static byte[] hash(
            @Nullable Instant timestamp,
            String kind,
            byte[] name,
            byte @Nullable [] content,
            byte @Nullable [] contentRef,
            byte[] metadata) {
        MessageDigest digest = sha256();
        update(digest, kind.getBytes(StandardCharsets.UTF_8));
        update(digest, name);
        update(digest, content);
        update(digest, contentRef);
        update(digest, metadata);
        digest.update(ByteBuffer.allocate(Long.BYTES)
                .putLong(timestamp == null ? Long.MIN_VALUE : timestamp.toEpochMilli())
                .flip());
        return Arrays.copyOf(digest.digest(), HASH_BYTES);
    }

    /** With its length before it, so that no two lists of fields run together to the same bytes. */
    private static void update(MessageDigest digest, byte @Nullable [] field) {
        digest.update(ByteBuffer.allocate(Integer.BYTES)
                .putInt(field == null ? -1 : field.length)
                .flip());
        if (field != null) {
            digest.update(field);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
