package io.tributary.sink.deadletter;

import io.tributary.schemas.DeadLetter;
import io.tributary.sink.consume.ApplyRecords;
import io.tributary.sink.consume.ReadMessage;
import io.tributary.sink.consume.Unreadable;
import io.tributary.sink.deadletter.StoreDeadLetters.Received;
import io.tributary.sink.postgres.Isolate;
import io.tributary.sink.postgres.Postgres;
import io.tributary.sink.postgres.Rejected;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Applies the topic of dead letters: stores them, so that people can see and redrive them. */
public record DeadLetterTopic(
        ReadMessage readMessage,
        Postgres postgres,
        StoreDeadLetters storeDeadLetters,
        DeadLetterCounters counters,
        Clock clock)
        implements ApplyRecords {

    /** Code of a dead letter that cannot be read; its bytes are stored. */
    static final String UNREADABLE = "sink.deadLetterUnreadable";

    private static final Logger log = LoggerFactory.getLogger(DeadLetterTopic.class);

    public DeadLetterTopic(ReadMessage readMessage, Postgres postgres, DeadLetterCounters counters, Clock clock) {
        this(readMessage, postgres, new StoreDeadLetters(postgres), counters, clock);
    }

    @Override
    public void apply(List<ConsumerRecord<byte[], byte[]>> records) {
        List<Received> letters = records.stream().map(this::read).toList();
        Isolate.rejected(letters, this::store, DeadLetterTopic::report);
    }

    private void store(List<Received> letters) {
        postgres.run(() -> storeDeadLetters.store(letters));
        letters.forEach(received -> counters.stored(received.letter().getErrorCode()));
    }

    private Received read(ConsumerRecord<byte[], byte[]> source) {
        try {
            return switch (readMessage.of(source)) {
                case DeadLetter letter -> new Received(source, letter);
                case SpecificRecord other ->
                    throw new Unreadable(
                            "not for this topic: " + other.getSchema().getFullName(), null);
            };
        } catch (Unreadable e) {
            return new Received(source, unreadable(source.value(), e));
        }
    }

    private DeadLetter unreadable(byte @Nullable [] bytes, Unreadable cause) {
        return DeadLetter.newBuilder()
                .setErrorCode(UNREADABLE)
                .setMessage(String.valueOf(cause.getMessage()))
                .setRaw(bytes == null ? null : ByteBuffer.wrap(bytes))
                .setAttempts(1)
                .setAt(clock.instant())
                .build();
    }

    /** The dead letter stays on its topic: another dead letter about it would never end. */
    private static void report(Received rejected, Rejected cause) {
        log.error(
                "sink.deadLetterRefused: a dead letter cannot be stored sqlState={} topic={} partition={} offset={}",
                cause.sqlState(),
                rejected.source().topic(),
                rejected.source().partition(),
                rejected.source().offset());
    }
}
