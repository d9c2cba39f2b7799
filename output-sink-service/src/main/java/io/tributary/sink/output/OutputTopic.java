package io.tributary.sink.output;

import io.tributary.schemas.DeadLetter;
import io.tributary.schemas.Output;
import io.tributary.schemas.RunProgress;
import io.tributary.sink.consume.ApplyRecords;
import io.tributary.sink.consume.ReadMessage;
import io.tributary.sink.consume.Unreadable;
import io.tributary.sink.deadletter.SetAside;
import io.tributary.sink.output.RunRecord.Item;
import io.tributary.sink.output.RunRecord.Progress;
import io.tributary.sink.postgres.InTransaction;
import io.tributary.sink.postgres.Isolate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The topic of outputs: applies what can be read, and sets aside what cannot be read or written, with its cause. What is
 * set aside stays missing from its run's outputs, so the run's proof shows it.
 */
public final class OutputTopic implements ApplyRecords {

    private final ReadMessage readMessage;
    private final ApplyBatch applyBatch;
    private final SetAside setAside;
    private final Letters letters;

    public OutputTopic(
            ReadMessage readMessage,
            InTransaction transaction,
            JdbcTemplate jdbc,
            SetAside setAside,
            Clock clock,
            RandomGenerator random) {
        this.readMessage = readMessage;
        this.applyBatch = new ApplyBatch(transaction, jdbc, clock, random);
        this.setAside = setAside;
        this.letters = new Letters(clock);
    }

    @Override
    public void apply(List<ConsumerRecord<byte[], byte[]>> records) {
        List<Bad> bad = new ArrayList<>();
        List<RunRecord> good = new ArrayList<>(records.size());
        for (var record : records) {
            try {
                good.add(read(record));
            } catch (Unreadable e) {
                bad.add(new Bad(record, letters.unreadable(record, e)));
            }
        }
        Isolate.refused(
                good,
                applyBatch::apply,
                (record, refusal) -> bad.add(new Bad(record.source(), letters.refused(record, refusal))));
        // Last, so that an outage of Postgres does not send them again at every attempt.
        bad.forEach(record -> setAside.put(record.source(), record.letter()));
    }

    private RunRecord read(ConsumerRecord<byte[], byte[]> source) throws Unreadable {
        return switch (readMessage.of(source)) {
            case Output output -> new Item(source, output);
            case RunProgress progress -> new Progress(source, progress);
            case SpecificRecord other ->
                throw new Unreadable("not for this topic: " + other.getSchema().getFullName(), null);
        };
    }

    private record Bad(ConsumerRecord<byte[], byte[]> source, DeadLetter letter) {}
}
