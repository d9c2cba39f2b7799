package io.tributary.sink.output;

import io.tributary.schemas.DeadLetter;
import io.tributary.schemas.Topics;
import io.tributary.sink.consume.Unreadable;
import io.tributary.sink.output.ApplyBatch.Gone;
import io.tributary.sink.postgres.Rejected;
import io.tributary.sink.run.RunRecord;
import io.tributary.sink.run.RunRecord.Item;
import io.tributary.sink.run.RunRecord.Listed;
import io.tributary.sink.run.RunRecord.Progress;
import java.nio.ByteBuffer;
import java.time.Clock;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the dead letter of a record of the topic of outputs, and logs it. */
record OutputDeadLetters(Clock clock) {

    /** Code of a record whose bytes are not a message of the topic. */
    static final String UNREADABLE = "sink.recordUnreadable";

    /** Code of a progress record that Postgres rejects. */
    static final String PROGRESS_REJECTED = "sink.progressSaveFailed";

    /** Code of a record whose key is not its user integration. */
    static final String MISPLACED = "sink.recordMisplaced";

    /** Code of a record that is larger than {@link Topics#MAX_RECORD_BYTES}. */
    static final String TOO_LARGE = "sink.recordTooLarge";

    /** Code of records whose run or user integration was deleted. */
    static final String GONE = "sink.runGone";

    /** Code of a listing that Postgres rejects. */
    static final String LISTING_REJECTED = "sink.listingSaveFailed";

    /** Bytes of the largest record that are reserved for the other fields of a dead letter. */
    private static final int ENVELOPE_BYTES = 64 * 1024;

    private static final Logger log = LoggerFactory.getLogger(OutputDeadLetters.class);

    DeadLetter unreadable(ConsumerRecord<byte[], byte[]> source, Unreadable cause) {
        return letter(UNREADABLE, source, null, String.valueOf(cause.getMessage()))
                .setRaw(raw(source))
                .build();
    }

    DeadLetter tooLarge(ConsumerRecord<byte[], byte[]> source) {
        String message =
                "A record of " + source.serializedValueSize() + " bytes; the limit is " + Topics.MAX_RECORD_BYTES;
        return letter(TOO_LARGE, source, null, message).build();
    }

    DeadLetter misplaced(RunRecord misplaced) {
        return about(misplaced, MISPLACED, "The key is not the user integration's id");
    }

    /**
     * Their user integration was deleted with its content. One dead letter stands for all of them, without their
     * content, which nobody needs any more.
     */
    DeadLetter gone(Gone gone) {
        RunRecord first = gone.records().getFirst();
        String message = gone.records().size() + " records up to offset "
                + gone.records().getLast().offset() + " are of run " + gone.runId()
                + ", which was deleted or belongs to another user integration";
        return letter(GONE, first.source(), first, message).build();
    }

    DeadLetter rejected(RunRecord rejected, Rejected cause) {
        String code = switch (rejected) {
            case Item item -> OutputTopic.OUTPUT_REJECTED;
            case Progress progress -> PROGRESS_REJECTED;
            case Listed listed -> LISTING_REJECTED;
        };
        return about(rejected, code, String.valueOf(cause.getMessage()));
    }

    private DeadLetter about(RunRecord record, String code, String message) {
        DeadLetter.Builder letter = letter(code, record.source(), record, message);
        return switch (record) {
            case Item item
            when fits(item.source()) -> letter.setOutput(item.output()).build();
            case Item item -> letter.build();
            case Progress progress -> letter.setRaw(raw(progress.source())).build();
            case Listed listed -> letter.setRaw(raw(listed.source())).build();
        };
    }

    /**
     * Starts a dead letter, and logs it.
     *
     * @param record null if the source could not be read
     * @param message free of content
     */
    private DeadLetter.Builder letter(
            String code, ConsumerRecord<byte[], byte[]> source, @Nullable RunRecord record, String message) {
        if (code.equals(GONE)) {
            log.warn(
                    "sink.recordsDropped: {} topic={} partition={} offset={}",
                    message,
                    source.topic(),
                    source.partition(),
                    source.offset());
        } else {
            log.error(
                    "sink.recordDeadLettered: dead-lettered a record code={} reason={} runId={} userIntegrationId={}"
                            + " topic={} partition={} offset={}",
                    code,
                    message,
                    record == null ? null : record.runId(),
                    record == null ? null : record.userIntegrationId(),
                    source.topic(),
                    source.partition(),
                    source.offset());
        }
        return DeadLetter.newBuilder()
                .setErrorCode(code)
                .setMessage(message + " (" + source.topic() + " partition " + source.partition() + " offset "
                        + source.offset() + ")")
                .setAttempts(1)
                .setAt(clock.instant());
    }

    /** A record of the largest size does not fit into a dead letter, which then only has the record's position. */
    private static boolean fits(ConsumerRecord<byte[], byte[]> source) {
        return source.serializedValueSize() <= Topics.MAX_RECORD_BYTES - ENVELOPE_BYTES;
    }

    private static @Nullable ByteBuffer raw(ConsumerRecord<byte[], byte[]> source) {
        return source.value() != null && fits(source) ? ByteBuffer.wrap(source.value()) : null;
    }
}
