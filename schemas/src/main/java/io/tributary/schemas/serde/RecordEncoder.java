package io.tributary.schemas.serde;

import java.util.Arrays;
import org.apache.avro.io.BinaryData;
import org.apache.avro.io.BinaryEncoder;

/**
 * Writes one record after the other in the wire format into a buffer that it keeps. For one thread.
 *
 * <p>Avro's own encoders write through a stream, byte by byte or with a copy more; this one is the buffer.
 */
final class RecordEncoder extends BinaryEncoder {

    /** First byte of every record in the wire format. */
    static final byte MAGIC = 0;

    /** Bytes before the record itself: the magic byte and the schema's id. */
    static final int HEADER_BYTES = 5;

    private static final int FIRST_BYTES = 1024;
    private static final int MOST_KEPT_BYTES = 64 * 1024;
    private static final int MOST_NUMBER_BYTES = 10;

    private byte[] buffer = new byte[FIRST_BYTES];
    private int size;

    /** Begins a record of the schema with this id. */
    void begin(int id) {
        if (buffer.length > MOST_KEPT_BYTES) {
            buffer = new byte[FIRST_BYTES]; // one large record is no reason to hold its room for good
        }
        buffer[0] = MAGIC;
        buffer[1] = (byte) (id >>> 24);
        buffer[2] = (byte) (id >>> 16);
        buffer[3] = (byte) (id >>> 8);
        buffer[4] = (byte) id;
        size = HEADER_BYTES;
    }

    /** The bytes written since {@link #begin}. */
    byte[] bytes() {
        return Arrays.copyOf(buffer, size);
    }

    @Override
    public void writeBoolean(boolean value) {
        ensure(1);
        buffer[size++] = (byte) (value ? 1 : 0);
    }

    @Override
    public void writeInt(int value) {
        ensure(MOST_NUMBER_BYTES);
        size += BinaryData.encodeInt(value, buffer, size);
    }

    @Override
    public void writeLong(long value) {
        ensure(MOST_NUMBER_BYTES);
        size += BinaryData.encodeLong(value, buffer, size);
    }

    @Override
    public void writeFloat(float value) {
        ensure(Float.BYTES);
        size += BinaryData.encodeFloat(value, buffer, size);
    }

    @Override
    public void writeDouble(double value) {
        ensure(Double.BYTES);
        size += BinaryData.encodeDouble(value, buffer, size);
    }

    @Override
    public void writeFixed(byte[] bytes, int start, int length) {
        ensure(length);
        System.arraycopy(bytes, start, buffer, size, length);
        size += length;
    }

    @Override
    protected void writeZero() {
        ensure(1);
        buffer[size++] = 0;
    }

    @Override
    public int bytesBuffered() {
        return 0;
    }

    @Override
    public void flush() {
        // The buffer is where the bytes belong.
    }

    private void ensure(int more) {
        if (buffer.length - size < more) {
            // Math.addExact: a record of 2 GB fails as what it is, not with a negative size.
            buffer = Arrays.copyOf(
                    buffer, Math.max(Math.addExact(size, more), 2 * Math.min(size, Integer.MAX_VALUE / 4)));
        }
    }
}
