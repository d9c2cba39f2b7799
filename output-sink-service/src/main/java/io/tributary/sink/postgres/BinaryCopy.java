package io.tributary.sink.postgres;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyIn;

/**
 * Writes rows for {@code copy ... from stdin (format binary)}, which saves Postgres the parsing of text. The columns
 * are given in the order of the statement, after {@link #row}.
 *
 * <p>The caller closes it: without {@link #finish} before, closing cancels the copy, and the connection stays usable.
 * Buffers up to 64 KB. For one thread.
 */
public final class BinaryCopy implements AutoCloseable {

    private static final byte[] SIGNATURE = "PGCOPY\n\377\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int NULL = -1;
    private static final short END = -1;
    private static final byte JSONB_VERSION = 1;
    private static final Instant POSTGRES_EPOCH = Instant.parse("2000-01-01T00:00:00Z");

    private final CopyIn copy;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);

    public BinaryCopy(CopyIn copy) {
        this.copy = copy;
        buffer.put(SIGNATURE).putInt(0).putInt(0); // no flags, no header extension
    }

    /** Starts a row with this number of columns. */
    public BinaryCopy row(int columns) throws SQLException {
        room(Short.BYTES).putShort((short) columns);
        return this;
    }

    public BinaryCopy uuid(UUID value) throws SQLException {
        room(Integer.BYTES + 2 * Long.BYTES)
                .putInt(2 * Long.BYTES)
                .putLong(value.getMostSignificantBits())
                .putLong(value.getLeastSignificantBits());
        return this;
    }

    public BinaryCopy int8(long value) throws SQLException {
        room(Integer.BYTES + Long.BYTES).putInt(Long.BYTES).putLong(value);
        return this;
    }

    /** A {@code timestamptz}, to the microsecond; null: SQL null. */
    public BinaryCopy timestamp(@Nullable Instant value) throws SQLException {
        return value == null ? absent() : int8(ChronoUnit.MICROS.between(POSTGRES_EPOCH, value));
    }

    /** A {@code text} in UTF-8, or a {@code bytea}; null: SQL null. */
    public BinaryCopy bytes(byte @Nullable [] value) throws SQLException {
        if (value == null) {
            return absent();
        }
        room(Integer.BYTES).putInt(value.length);
        put(value);
        return this;
    }

    /** A {@code jsonb}, given as JSON text in UTF-8; null: SQL null. */
    public BinaryCopy jsonb(byte @Nullable [] value) throws SQLException {
        if (value == null) {
            return absent();
        }
        room(Integer.BYTES + 1).putInt(value.length + 1).put(JSONB_VERSION);
        put(value);
        return this;
    }

    /** Sends the remaining rows and completes the copy; returns the number of all rows. */
    public long finish() throws SQLException {
        room(Short.BYTES).putShort(END);
        send();
        return copy.endCopy();
    }

    @Override
    public void close() throws SQLException {
        if (copy.isActive()) {
            copy.cancelCopy();
        }
    }

    private BinaryCopy absent() throws SQLException {
        room(Integer.BYTES).putInt(NULL);
        return this;
    }

    private void put(byte[] value) throws SQLException {
        if (value.length <= BUFFER_BYTES) {
            room(value.length).put(value);
        } else {
            send();
            copy.writeToCopy(value, 0, value.length);
        }
    }

    private ByteBuffer room(int bytes) throws SQLException {
        if (buffer.remaining() < bytes) {
            send();
        }
        return buffer;
    }

    private void send() throws SQLException {
        copy.writeToCopy(buffer.array(), 0, buffer.position());
        buffer.clear();
    }
}
