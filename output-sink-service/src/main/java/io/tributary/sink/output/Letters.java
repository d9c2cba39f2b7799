package io.tributary.sink.output;

import io.tributary.schemas.DeadLetter;
import io.tributary.schemas.Topics;
import io.tributary.sink.consume.Unreadable;
import io.tributary.sink.output.RunRecord.Item;
import io.tributary.sink.output.RunRecord.Progress;
import io.tributary.sink.postgres.Refused;
import java.nio.ByteBuffer;
import java.time.Clock;
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

    DeadLetter refused(RunRecord refused, Refused cause) {
        String code = refused instanceof Item ? OUTPUT_REFUSED : PROGRESS_REFUSED;
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
        var letter = letter(refused.source(), code, String.valueOf(cause.getMessage()));
        return switch (refused) {
            case Item item
            when fits(item.source()) -> letter.setOutput(item.output()).build();
            case Item item -> letter.build();
            case Progress progress -> letter.setRaw(raw(progress.source())).build();
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
