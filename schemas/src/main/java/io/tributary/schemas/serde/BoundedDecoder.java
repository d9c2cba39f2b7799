package io.tributary.schemas.serde;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.avro.io.Decoder;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * Reads Avro's binary encoding from untrusted bytes. Avro's own decoder allocates as much memory as a length prefix
 * claims, up to 2 GB, before it reads the bytes; this one accepts a prefix only up to the number of bytes:
 *
 * <ul>
 *   <li>a string, bytes or fixed value is no longer than what is left;
 *   <li>all arrays and maps together have no more items than the record has bytes, though items of a type without
 *       content, such as null, take none.
 * </ul>
 *
 * <p>So the memory of a record is proportional to its size. Every violation is an {@link IOException}. For one record
 * and one thread.
 */
final class BoundedDecoder extends Decoder {

    private static final int BITS_PER_BYTE_OF_A_NUMBER = 7;

    private final byte[] bytes;
    private final int end;
    private int position;
    private long itemsLeft;

    BoundedDecoder(byte[] bytes, int start) {
        this.bytes = bytes;
        this.position = start;
        this.end = bytes.length;
        this.itemsLeft = end - start;
    }

    @Override
    public void readNull() {
        // takes no bytes
    }

    @Override
    public boolean readBoolean() throws IOException {
        return next() == 1;
    }

    @Override
    public int readInt() throws IOException {
        long value = readLong();
        if (value != (int) value) {
            throw new IOException("a number does not fit into 32 bits");
        }
        return (int) value;
    }

    @Override
    public long readLong() throws IOException {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += BITS_PER_BYTE_OF_A_NUMBER) {
            byte part = next();
            value |= (part & 0x7FL) << shift;
            if (part >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw new IOException("a number does not fit into 64 bits");
    }

    @Override
    public float readFloat() throws IOException {
        return Float.intBitsToFloat((int) littleEndian(Float.BYTES));
    }

    @Override
    public double readDouble() throws IOException {
        return Double.longBitsToDouble(littleEndian(Double.BYTES));
    }

    @Override
    public Utf8 readString(@Nullable Utf8 old) throws IOException {
        return new Utf8(copy());
    }

    @Override
    public String readString() throws IOException {
        int length = length();
        return new String(bytes, advance(length), length, StandardCharsets.UTF_8);
    }

    @Override
    public void skipString() throws IOException {
        advance(length());
    }

    @Override
    public ByteBuffer readBytes(@Nullable ByteBuffer old) throws IOException {
        return ByteBuffer.wrap(copy());
    }

    @Override
    public void skipBytes() throws IOException {
        advance(length());
    }

    @Override
    public void readFixed(byte[] target, int start, int length) throws IOException {
        System.arraycopy(bytes, advance(length), target, start, length);
    }

    @Override
    public void skipFixed(int length) throws IOException {
        advance(length);
    }

    @Override
    public int readEnum() throws IOException {
        return readInt();
    }

    @Override
    public int readIndex() throws IOException {
        return readInt();
    }

    @Override
    public long readArrayStart() throws IOException {
        return block();
    }

    @Override
    public long arrayNext() throws IOException {
        return block();
    }

    @Override
    public long skipArray() throws IOException {
        return skipBlocks();
    }

    @Override
    public long readMapStart() throws IOException {
        return block();
    }

    @Override
    public long mapNext() throws IOException {
        return block();
    }

    @Override
    public long skipMap() throws IOException {
        return skipBlocks();
    }

    /** Number of items in the next block; a negative one says that the block's size in bytes follows. */
    private long block() throws IOException {
        long items = readLong();
        if (items < 0) {
            length();
            items = -items;
        }
        return affordable(items);
    }

    /** Skips blocks with a size; returns the number of items in the first block without one. */
    private long skipBlocks() throws IOException {
        long items = readLong();
        while (items < 0) {
            advance(length());
            items = readLong();
        }
        return affordable(items);
    }

    private long affordable(long items) throws IOException {
        if (items < 0 || items > itemsLeft) {
            throw new IOException("an array or map claims " + items + " items, more than the record can hold");
        }
        itemsLeft -= items;
        return items;
    }

    private int length() throws IOException {
        long length = readLong();
        if (length < 0 || length > end - position) {
            throw new EOFException("a value claims " + length + " bytes, " + (end - position) + " are left");
        }
        return (int) length;
    }

    private byte[] copy() throws IOException {
        int length = length();
        int from = advance(length);
        return Arrays.copyOfRange(bytes, from, from + length);
    }

    private long littleEndian(int length) throws IOException {
        int from = advance(length);
        long value = 0;
        for (int i = length - 1; i >= 0; i--) {
            value = value << Byte.SIZE | (bytes[from + i] & 0xFF);
        }
        return value;
    }

    private byte next() throws IOException {
        return bytes[advance(1)];
    }

    /** Skips this number of bytes, and returns their start. */
    private int advance(int length) throws IOException {
        int from = position;
        if (length > end - from) {
            throw new EOFException("the record ends " + (length - (end - from)) + " bytes too early");
        }
        position = from + length;
        return from;
    }
}
