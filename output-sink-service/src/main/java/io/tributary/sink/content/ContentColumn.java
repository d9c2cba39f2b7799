package io.tributary.sink.content;

import io.tributary.schemas.Output;
import io.tributary.sink.postgres.BinaryCopy;
import io.tributary.sink.postgres.Postgres;
import io.tributary.sink.postgres.StorableJson;
import io.tributary.sink.postgres.StorableText;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The columns of {@code user_integration_content} that describe an item. This list is the only place of the sink that
 * names them: the hash, the copy of new rows and the update of changed rows follow it.
 *
 * <p>A new stored field needs one line here, at the end, since the hash follows the order. The hash of each row then
 * changes, so each row is written once more when its item is synced again.
 */
public enum ContentColumn {
    KIND(Type.TEXT, output -> output.getKind().name()),
    NAME(Type.TEXT, Output::getName),
    CONTENT(Type.TEXT, Output::getContent),
    CONTENT_REF(Type.TEXT, Output::getContentRef),
    CONTENT_METADATA(Type.JSON, Output::getMetadata),
    EXTERNAL_TIMESTAMP(Type.TIME, Output::getExternalTimestamp),
    UNIFIED(Type.OPTIONAL_JSON, Output::getUnified);

    /** The first and last time that Postgres can hold. */
    private static final Instant EARLIEST = Instant.parse("-4712-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("+294276-12-31T00:00:00Z");

    private final Type type;
    private final Function<Output, @Nullable Object> field;

    ContentColumn(Type type, Function<Output, @Nullable Object> field) {
        this.type = type;
        this.field = field;
    }

    private enum Type {
        /** In UTF-8, as the binary copy sends it. */
        TEXT,
        /** A JSON object in UTF-8. */
        JSON,
        /** A JSON object in UTF-8, or null, which leaves the hash as it is. */
        OPTIONAL_JSON,
        /** An instant; null if Postgres cannot hold it. */
        TIME
    }

    /** The type in Postgres. */
    public String column() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The assignment in an update. */
    String assignment() {
        return column() + (type == Type.JSON || type == Type.OPTIONAL_JSON ? " = ?::jsonb" : " = ?");
    }

    /** The value of the output's field, as a {@link ContentRow} holds it. */
    @Nullable
    Object storable(Output output) {
        Object value = field.apply(output);
        return switch (type) {
            case TEXT -> value == null ? null : StorableText.utf8((String) value);
            case JSON ->
                StorableJson.object((String) Objects.requireNonNull(value)).getBytes(StandardCharsets.UTF_8);
            case OPTIONAL_JSON ->
                value == null ? null : StorableJson.object((String) value).getBytes(StandardCharsets.UTF_8);
            case TIME ->
                value instanceof Instant time && !time.isBefore(EARLIEST) && !time.isAfter(LATEST) ? time : null;
        };
    }

    /** The length precedes a text, so that different lists of fields never give the same bytes. */
    void hash(MessageDigest digest, @Nullable Object storable) {
        if (type == Type.TIME) {
            long millis = storable == null ? Long.MIN_VALUE : ((Instant) storable).toEpochMilli();
            digest.update(ByteBuffer.allocate(Long.BYTES).putLong(millis).flip());
            return;
        }
        if (type == Type.OPTIONAL_JSON && storable == null) {
            return;
        }
        var bytes = (byte[]) storable;
        int length = bytes == null ? -1 : bytes.length;
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(length).flip());
        if (bytes != null) {
            digest.update(bytes);
        }
    }

    void copy(BinaryCopy copy, @Nullable Object storable) throws SQLException {
        switch (type) {
            case TEXT -> copy.bytes((byte[]) storable);
            case JSON -> copy.jsonb((byte[]) Objects.requireNonNull(storable, "never null"));
            case OPTIONAL_JSON -> copy.jsonb((byte[]) storable);
            case TIME -> copy.timestamp((Instant) storable);
        }
    }

    void set(PreparedStatement statement, int index, @Nullable Object storable) throws SQLException {
        switch (storable) {
            case byte[] text -> statement.setString(index, new String(text, StandardCharsets.UTF_8));
            case Instant time -> statement.setObject(index, Postgres.utc(time));
            case null, default -> statement.setNull(index, Types.NULL);
        }
    }
}
