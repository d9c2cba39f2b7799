package io.tributary.sink.output;

import io.tributary.schemas.DeadLetter;
import io.tributary.schemas.Topics;
import io.tributary.sink.consume.Unreadable;
import io.tributary.sink.output.ApplyBatch.Gone;
import io.tributary.sink.output.RunRecord.Item;
import io.tributary.sink.output.RunRecord.Listed;
import io.tributary.sink.output.RunRecord.Progress;
import io.tributary.sink.postgres.Refused;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the dead letter of a record of the topic of outputs, and says so in the log. */
final class Letters {

    /** Code of a record whose bytes are no message of the topic. */
    static final String UNREADABLE = "sink.recordUnreadable";

    /** Code of an output that Postgres does not take. */
    static final String OUTPUT_REFUSED = "polling.outputSaveFailed";

    /** Code of a run's progress that Postgres does not take. */
    static final String PROGRESS_REFUSED = "sink.progressSaveFailed";

    /** Code of a record whose key is not the user integration it is about. */
    static final String MISPLACED = "sink.recordMisplaced";

    /** Code of a record that is larger than {@link Topics#MAX_RECORD_BYTES}. */
    static final String TOO_LARGE = "sink.recordTooLarge";

    /** Code of records whose run or user integration is gone. */
    static final String GONE = "sink.runGone";

    /** Code of a list that Postgres does not take. */
    static final String LISTING_REFUSED = "sink.listingSaveFailed";

    /** Room in the largest record for what a letter says besides the record it is about, bytes. */
    private static final int ENVELOPE_BYTES = 64 * 1024;

    private static final Logger log = LoggerFactory.getLogger(Letters.class);

    private final Clock clock;

    Letters(Clock clock) {
        this.clock = clock;
    }

    DeadLetter unreadable(ConsumerRecord<byte[], byte[]> source, Unreadable cause) {
        log.error(
                "{}: set aside a record that is none of the topic's messages topic={} partition={} offset={}",
                UNREADABLE,
                source.topic(),
                source.partition(),
                source.offset(),
                cause);
        return letter(source, UNREADABLE, String.valueOf(cause.getMessage()))
                .setRaw(raw(source))
                .build();
    }

    DeadLetter tooLarge(ConsumerRecord<byte[], byte[]> source) {
        log.error(
                "{}: set aside a record that is larger than any message bytes={} topic={} partition={} offset={}",
                TOO_LARGE,
                source.serializedValueSize(),
                source.topic(),
                source.partition(),
                source.offset());
        return letter(
                        source,
                        TOO_LARGE,
                        "A record of " + source.serializedValueSize() + " bytes; the most is "
                                + Topics.MAX_RECORD_BYTES)
                .build();
    }

    DeadLetter misplaced(RunRecord misplaced) {
        log.error(
                "{}: set aside a record with the key of something else runId={} userIntegrationId={} topic={}"
                        + " partition={} offset={}",
                MISPLACED,
                misplaced.runId(),
                misplaced.userIntegrationId(),
                misplaced.source().topic(),
                misplaced.source().partition(),
                misplaced.offset());
        return about(misplaced, letter(misplaced.source(), MISPLACED, "The key is not the user integration's id"));
    }

    /**
     * Their user integration was deleted, and its content with it. One letter for all, without what they say: there is
     * nothing to keep it for, and nobody to keep it for.
     */
    DeadLetter gone(Gone gone) {
        List<RunRecord> records = gone.records();
        var first = records.getFirst();
        log.warn(
                "{}: skipped records of a run that is gone, or is not of that user integration records={} runId={}"
                        + " userIntegrationId={} topic={} partition={} offset={} lastOffset={}",
                GONE,
                records.size(),
                gone.runId(),
                first.userIntegrationId(),
                first.source().topic(),
                first.source().partition(),
                first.offset(),
                records.getLast().offset());
        return letter(
                        first.source(),
                        GONE,
                        records.size() + " records up to offset "
                                + records.getLast().offset() + " are of run " + gone.runId()
                                + ", which is gone or not of that user integration")
                .build();
    }

    DeadLetter refused(RunRecord refused, Refused cause) {
        String code = switch (refused) {
            case Item item -> OUTPUT_REFUSED;
            case Progress progress -> PROGRESS_REFUSED;
            case Listed listed -> LISTING_REFUSED;
        };
        log.error(
                "{}: set aside a record that cannot be written sqlState={} runId={} userIntegrationId={} topic={}"
                        + " partition={} offset={}",
                code,
                cause.sqlState(),
                refused.runId(),
                refused.userIntegrationId(),
                refused.source().topic(),
                refused.source().partition(),
                refused.offset());
        return about(refused, letter(refused.source(), code, String.valueOf(cause.getMessage())));
    }

    private static DeadLetter about(RunRecord record, DeadLetter.Builder letter) {
        return switch (record) {
            case Item item
            when fits(item.source()) -> letter.setOutput(item.output()).build();
            case Item item -> letter.build();
            case Progress progress -> letter.setRaw(raw(progress.source())).build();
            case Listed listed -> letter.setRaw(raw(listed.source())).build();
        };
    }

    private DeadLetter.Builder letter(ConsumerRecord<byte[], byte[]> source, String code, String message) {
        return DeadLetter.newBuilder()
                .setErrorCode(code)
                .setMessage(message + " (" + source.topic() + " partition " + source.partition() + " offset "
                        + source.offset() + ")")
                .setAttempts(1)
                .setAt(clock.instant());
    }

    /** A record that fills a record by itself does not fit into a letter: then the letter only tells where it stands. */
    private static boolean fits(ConsumerRecord<byte[], byte[]> source) {
        return source.serializedValueSize() <= Topics.MAX_RECORD_BYTES - ENVELOPE_BYTES;
    }

    private static @Nullable ByteBuffer raw(ConsumerRecord<byte[], byte[]> source) {
        return source.value() != null && fits(source) ? ByteBuffer.wrap(source.value()) : null;
    }
}
