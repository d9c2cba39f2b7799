package io.tributary.sink.output;

import io.tributary.schemas.DeadLetter;
import io.tributary.schemas.Listing;
import io.tributary.schemas.Output;
import io.tributary.schemas.RunError;
import io.tributary.schemas.RunProgress;
import io.tributary.schemas.RunStatus;
import io.tributary.schemas.Topics;
import io.tributary.sink.consume.ApplyRecords;
import io.tributary.sink.consume.ReadMessage;
import io.tributary.sink.consume.Unreadable;
import io.tributary.sink.deadletter.SetAside;
import io.tributary.sink.output.ApplyBatch.Gone;
import io.tributary.sink.output.RunRecord.Item;
import io.tributary.sink.output.RunRecord.Listed;
import io.tributary.sink.output.RunRecord.Progress;
import io.tributary.sink.postgres.Isolate;
import io.tributary.sink.postgres.Refused;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topic of outputs: applies what can be read, and sets aside what cannot be read or written, with its cause. What is
 * set aside stays missing from its run's outputs, so the run's proof shows it, and the run ends as partial.
 */
public final class OutputTopic implements ApplyRecords {

    private static final Logger log = LoggerFactory.getLogger(OutputTopic.class);

    private final ReadMessage readMessage;
    private final ApplyBatch applyBatch;
    private final SetAside setAside;
    private final Letters letters;
    private final Clock clock;

    public OutputTopic(ReadMessage readMessage, ApplyBatch applyBatch, SetAside setAside, Clock clock) {
        this.readMessage = readMessage;
        this.applyBatch = applyBatch;
        this.setAside = setAside;
        this.letters = new Letters(clock);
        this.clock = clock;
    }

    @Override
    public void apply(List<ConsumerRecord<byte[], byte[]>> records) {
        List<Bad> bad = new ArrayList<>();
        List<RunRecord> good = new ArrayList<>(records.size());
        records.forEach(record -> sort(record, good, bad));
        Isolate.refused(good, this::applyAll, this::setAside);
        // Last, so that an outage of Postgres does not send them again at every attempt.
        bad.forEach(record -> setAside.put(record.source(), record.letter()));
    }

    private void sort(ConsumerRecord<byte[], byte[]> source, List<RunRecord> good, List<Bad> bad) {
        if (source.serializedValueSize() > Topics.MAX_RECORD_BYTES) {
            // Well compressed it fits the topic all the same; nothing that we know writes it, and reading it takes
            // memory.
            bad.add(new Bad(source, letters.tooLarge(source)));
            return;
        }
        try {
            RunRecord read = read(source);
            if (hasKeyOf(read)) {
                good.add(read);
            } else {
                bad.add(new Bad(source, letters.misplaced(read)));
            }
        } catch (Unreadable e) {
            bad.add(new Bad(source, letters.unreadable(source, e)));
        }
    }

    private RunRecord read(ConsumerRecord<byte[], byte[]> source) throws Unreadable {
        return switch (readMessage.of(source)) {
            case Output output -> new Item(source, output);
            case RunProgress progress -> new Progress(source, progress);
            case Listing listing -> new Listed(source, listing);
            case SpecificRecord other ->
                throw new Unreadable("not for this topic: " + other.getSchema().getFullName(), null);
        };
    }

    /**
     * A record of another key may stand on another partition than the rest of its run, and offsets of two partitions
     * cannot be compared: it would be taken for one that was applied before, or have others taken for that.
     */
    private static boolean hasKeyOf(RunRecord record) {
        byte[] key = record.source().key();
        return key != null
                && new String(key, StandardCharsets.UTF_8)
                        .equals(record.userIntegrationId().toString());
    }

    private void applyAll(List<RunRecord> records) {
        for (Gone gone : applyBatch.apply(records)) {
            setAside.put(gone.records().getFirst().source(), letters.gone(gone));
        }
    }

    /**
     * Before any record behind it is applied: once one is, this one would be taken for applied when the records come
     * again after a crash. First the letter, then the count: it may be sent twice, but never be missing.
     */
    private void setAside(RunRecord record, Refused cause) {
        setAside.put(record.source(), letters.refused(record, cause));
        switch (record) {
            case Item item -> applyBatch.countSetAside(item);
            case Progress progress when progress.isFinal() -> endAllTheSame(progress);
            case Progress progress -> {}
            case Listed listed -> {}
        }
    }

    /** A run whose end cannot be written as it is must end nevertheless; without its cursor. */
    private void endAllTheSame(Progress refused) {
        RunProgress end = RunProgress.newBuilder(refused.progress())
                .setAt(clock.instant())
                .setThrottledUntil(null)
                .setStatus(RunStatus.partial)
                .setSyncState(null)
                .setError(new RunError(
                        Letters.PROGRESS_REFUSED, "The end of the run could not be saved as it was.", "permanent"))
                .build();
        try {
            applyAll(List.of(new Progress(refused.source(), end)));
        } catch (Refused e) {
            log.error(
                    "{}: a run cannot be ended sqlState={} runId={} offset={}",
                    Letters.PROGRESS_REFUSED,
                    e.sqlState(),
                    refused.runId(),
                    refused.offset());
        }
    }

    private record Bad(ConsumerRecord<byte[], byte[]> source, DeadLetter letter) {}
}
