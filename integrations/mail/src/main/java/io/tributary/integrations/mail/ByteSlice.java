package io.tributary.integrations.mail;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** A part of an array of bytes, not copied: a message is read in place, however its parts nest. */
public final class ByteSlice {

    private final byte[] bytes;
    private final int from;
    private final int to;

    private ByteSlice(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.from = from;
        this.to = to;
    }

    /** All of an array, which must not change from now on. */
    public static ByteSlice of(byte[] bytes) {
        return new ByteSlice(bytes, 0, bytes.length);
    }

    /** {@code length} bytes of an array from {@code start}; the array must not change from now on. */
    public static ByteSlice of(byte[] bytes, int start, int length) {
        Objects.checkFromIndexSize(start, length, bytes.length);
        return new ByteSlice(bytes, start, start + length);
    }

    public int length() {
        return to - from;
    }

    public ByteBuffer buffer() {
        return ByteBuffer.wrap(bytes, from, to - from);
    }

    /** The bytes as text, one character each. */
    public String latin1() {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    byte at(int index) {
        return bytes[from + Objects.checkIndex(index, length())];
    }

    ByteSlice slice(int start, int end) {
        Objects.checkFromToIndex(start, end, length());
        return new ByteSlice(bytes, from + start, from + end);
    }

    /** Where the line that contains {@code index} ends: after its line feed, or at the end of the bytes. */
    int lineEnd(int index) {
        for (int i = from + index; i < to; i++) {
            if (bytes[i] == '\n') {
                return i + 1 - from;
            }
        }
        return length();
    }

    /** Where the content of a line ends that ends at {@code lineEnd}: before its CRLF or LF. */
    int contentEnd(int lineStart, int lineEnd) {
        int end = lineEnd;
        if (end > lineStart && at(end - 1) == '\n') {
            end--;
        }
        if (end > lineStart && at(end - 1) == '\r') {
            end--;
        }
        return end;
    }
}
