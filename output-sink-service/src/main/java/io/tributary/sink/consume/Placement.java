package io.tributary.sink.consume;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * How offsets of a partition become positions, which never go back: the offset plus the base. A new base applies once
 * offsets went back, since the topic was created again or its log was restored. Then records that are clearly older
 * than the last applied one keep positions at or below it, since they were applied; a run counts them once.
 *
 * @param base added to an offset; 0 as long as offsets never went back
 * @param before records sent before it are of the time before offsets went back; null: they never did
 * @param reached last position before offsets went back
 */
public record Placement(long base, @Nullable Instant before, long reached) {

    /** Positions are offsets. */
    public static final Placement NONE = new Placement(0, null, -1);

    /** Clocks of two workers that sent to one partition differ by less. */
    private static final Duration SKEW = Duration.ofMinutes(5);

    /** Positions of records that were applied, but not stored as reached yet. */
    private static final long GAP = 1_000_000;

    /** The placement after offsets went back. */
    static Placement after(long reached, Instant lastSentAt) {
        return new Placement(reached + GAP, lastSentAt.minus(SKEW), reached);
    }

    /** The record with its position in place of its offset. */
    public ConsumerRecord<byte[], byte[]> place(ConsumerRecord<byte[], byte[]> record) {
        if (base == 0) {
            return record;
        }
        boolean old = before != null
                && record.timestampType() != TimestampType.NO_TIMESTAMP_TYPE
                && Instant.ofEpochMilli(record.timestamp()).isBefore(before);
        return new ConsumerRecord<>(
                record.topic(),
                record.partition(),
                old ? Math.min(record.offset(), reached) : base + record.offset(),
                record.timestamp(),
                record.timestampType(),
                record.serializedKeySize(),
                record.serializedValueSize(),
                record.key(),
                record.value(),
                record.headers(),
                Optional.empty());
    }

    /** The offset of a position, 0 and up. */
    public long offset(long position) {
        return Math.max(0, position - base);
    }
}
