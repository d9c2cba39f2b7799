package io.tributary.sink.consume;

import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Deserializes values up to a number of bytes, and returns {@link #BEYOND} for every value behind them, so that a poll
 * holds no more, however well its records were compressed. Belongs to one consumer, for its thread.
 */
final class ByteBudget extends ByteArrayDeserializer {

    /** Stands for a value that was left out. Compared by identity. */
    @SuppressWarnings("MutablePublicArray") // empty
    static final byte[] BEYOND = {};

    private final long bytes;
    private long used;
    private boolean exhausted;

    /** @param bytes of all values together, unless the first one alone has more */
    ByteBudget(long bytes) {
        this.bytes = bytes;
    }

    /** Makes the whole budget available again. */
    void renew() {
        used = 0;
        exhausted = false;
    }

    /** Whether a value was left out since the last {@link #renew}. */
    boolean isExhausted() {
        return exhausted;
    }

    @Override
    public byte @Nullable [] deserialize(String topic, byte @Nullable [] value) {
        long size = value == null ? 0 : value.length;
        exhausted |= used > 0 && used + size > bytes;
        if (exhausted) {
            return BEYOND;
        }
        used += size;
        return value;
    }
}
