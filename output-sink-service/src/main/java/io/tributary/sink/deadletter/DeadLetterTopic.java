package io.tributary.sink.deadletter;

import io.tributary.schemas.DeadLetter;
import io.tributary.sink.consume.ApplyRecords;
import io.tributary.sink.consume.ReadMessage;
import io.tributary.sink.consume.Unreadable;
import io.tributary.sink.deadletter.StoreDeadLetters.Received;
import io.tributary.sink.postgres.InTransaction;
import io.tributary.sink.postgres.Isolate;
import io.tributary.sink.postgres.Refused;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;

/** The topic of dead letters: stores them, so that they can be looked at and driven again. */
public final class DeadLetterTopic implements ApplyRecords {

    /** Code of a letter that cannot be read itself; its bytes are stored. */
    static final String UNREADABLE = "sink.deadLetterUnreadable";

    private static final Logger log = LoggerFactory.getLogger(DeadLetterTopic.class);

    private final ReadMessage readMessage;
    private final InTransaction transaction;
    private final StoreDeadLetters storeDeadLetters;
    private final Clock clock;

    public DeadLetterTopic(ReadMessage readMessage, InTransaction transaction, JdbcTemplate jdbc, Clock clock) {
        this.readMessage = readMessage;
        this.transaction = transaction;
        this.storeDeadLetters = new StoreDeadLetters(new NamedParameterJdbcTemplate(jdbc));
        this.clock = clock;
    }

    @Override
    public void apply(List<ConsumerRecord<byte[], byte[]>> records) {
        List<Received> letters = records.stream().map(this::read).toList();
        Isolate.refused(
                letters, batch -> transaction.run(() -> storeDeadLetters.store(batch)), DeadLetterTopic::report);
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

    /** It stays on its topic; writing another letter about it would never end. */
    private static void report(Received refused, Refused cause) {
        log.error(
                "sink.deadLetterRefused: a dead letter cannot be stored sqlState={} topic={} partition={} offset={}",
                cause.sqlState(),
                refused.source().topic(),
                refused.source().partition(),
                refused.source().offset());
    }
}
