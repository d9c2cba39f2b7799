package io.tributary.sink.content;

import io.tributary.schemas.Output;
import io.tributary.schemas.OutputKind;
import io.tributary.sink.postgres.StorableText;
import io.tributary.sink.run.Run;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The row of an output; Postgres can hold every value.
 *
 * @param run the run of the output
 * @param externalId the provider's id, or {@code task_id:index}
 * @param deletion whether the provider has deleted the item
 * @param values of each {@link ContentColumn}, in their order
 * @param hash hash of all values; a row with the same hash is not written again
 */
// The array belongs to this row, never changes, and has the order of the columns; rows are not compared.
@SuppressWarnings({"ArrayRecordComponent", "EnumOrdinal"})
public record ContentRow(
        Run run,
        String externalId,
        String domain,
        boolean deletion,
        @Nullable Object[] values,
        byte[] hash) {

    private static final int HASH_BYTES = 16;
    private static final ContentColumn[] COLUMNS = ContentColumn.values();

    public static ContentRow of(Run run, Output output) {
        var values = new @Nullable Object[COLUMNS.length];
        MessageDigest digest = sha256();
        for (ContentColumn column : COLUMNS) {
            Object value = column.storable(output);
            values[column.ordinal()] = value;
            column.hash(digest, value);
        }
        return new ContentRow(
                run,
                externalId(output),
                StorableText.of(output.getDomain()),
                output.getKind() == OutputKind.deletion,
                values,
                Arrays.copyOf(digest.digest(), HASH_BYTES));
    }

    /** The key of a row: there is one row for each user integration and external id. */
    record Key(UUID userIntegrationId, String externalId) {}

    Key key() {
        return new Key(run.userIntegrationId(), externalId);
    }

    @Nullable
    Object value(ContentColumn column) {
        return values[column.ordinal()];
    }

    boolean hasHash(byte[] other) {
        return Arrays.equals(hash, other);
    }

    private static String externalId(Output output) {
        return output.getExternalId() == null
                ? output.getTaskId() + ":" + output.getIndex()
                : StorableText.of(output.getExternalId());
    }

    /** SHA-256, cut to 128 bits: fast enough, and nobody can make two items with the same hash. */
    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
