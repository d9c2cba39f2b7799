package io.tributary.sink.output;

import io.tributary.schemas.DeadLetter;
import io.tributary.schemas.RunError;
import io.tributary.schemas.RunProgress;
import io.tributary.schemas.RunStatus;
import io.tributary.schemas.Topics;
import io.tributary.sink.completion.FailRuns;
import io.tributary.sink.consume.ApplyRecords;
import io.tributary.sink.consume.ReadMessage;
import io.tributary.sink.consume.Unreadable;
import io.tributary.sink.deadletter.DeadLetterSink;
import io.tributary.sink.output.ApplyBatch.Gone;
import io.tributary.sink.postgres.Isolate;
import io.tributary.sink.postgres.Rejected;
import io.tributary.sink.run.RunRecord;
import io.tributary.sink.run.RunRecord.Item;
import io.tributary.sink.run.RunRecord.Listed;
import io.tributary.sink.run.RunRecord.Progress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies the topic of outputs, and dead-letters records that cannot be read or written, with their cause. A
 * dead-lettered output is missing from its run's saved outputs, so the run's proof shows it, and the run ends as
 * partial.
 */
public record OutputTopic(
        ReadMessage readMessage,
        ApplyBatch applyBatch,
        FailRuns failRuns,
        DeadLetterSink deadLetterSink,
        OutputDeadLetters deadLetters,
        Clock clock)
        implements ApplyRecords {

    /** Code of an output that Postgres rejects. Its run counts it as dead-lettered. */
    public static final String OUTPUT_REJECTED = "polling.outputSaveFailed";

    private static final Logger log = LoggerFactory.getLogger(OutputTopic.class);

    public OutputTopic(
            ReadMessage readMessage,
            ApplyBatch applyBatch,
            FailRuns failRuns,
            DeadLetterSink deadLetterSink,
            Clock clock) {
        this(readMessage, applyBatch, failRuns, deadLetterSink, new OutputDeadLetters(clock), clock);
    }

    @Override
    public void apply(List<ConsumerRecord<byte[], byte[]>> records) {
        List<Bad> bad = new ArrayList<>();
        List<RunRecord> good = new ArrayList<>(records.size());
        records.forEach(record -> sort(record, good, bad));
        Isolate.rejected(good, this::applyAll, this::deadLetter);
        // Sent last, so that an outage of Postgres does not send them again at every attempt.
        bad.forEach(this::lose);
    }

    /** The record may have been the end of a run, so it shows on the live runs of its account. */
    private void lose(Bad record) {
        deadLetterSink.send(record.source(), record.letter());
        accountOf(record.source())
                .ifPresent(account -> failRuns.flag(
                        account,
                        record.letter().getErrorCode(),
                        "A record of a run of this account was lost: see the dead letters."));
    }

    private static Optional<UUID> accountOf(ConsumerRecord<byte[], byte[]> source) {
        try {
            return Optional.ofNullable(source.key())
                    .map(key -> UUID.fromString(new String(key, StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // an unreadable record may have any key
        }
    }

    private void sort(ConsumerRecord<byte[], byte[]> source, List<RunRecord> good, List<Bad> bad) {
        if (source.serializedValueSize() > Topics.MAX_RECORD_BYTES) {
            // A well compressed record of that size still fits the topic; no known version writes one, and reading it
            // takes memory.
            bad.add(new Bad(source, deadLetters.tooLarge(source)));
            return;
        }
        try {
            RunRecord read = read(source);
            if (hasKeyOf(read)) {
                good.add(read);
            } else {
                bad.add(new Bad(source, deadLetters.misplaced(read)));
            }
        } catch (Unreadable e) {
            bad.add(new Bad(source, deadLetters.unreadable(source, e)));
        }
    }

    private RunRecord read(ConsumerRecord<byte[], byte[]> source) throws Unreadable {
        SpecificRecord message = readMessage.of(source);
        return RunRecord.of(source, message)
                .orElseThrow(() -> new Unreadable(
                        "not for this topic: " + message.getSchema().getFullName(), null));
    }

    /**
     * A record with another key may be on another partition than the other records of its run. Offsets of two
     * partitions cannot be compared, so the sink would skip this record or others as applied before.
     */
    private static boolean hasKeyOf(RunRecord record) {
        byte[] key = record.source().key();
        return key != null
                && new String(key, StandardCharsets.UTF_8)
                        .equals(record.userIntegrationId().toString());
    }

    private void applyAll(List<RunRecord> records) {
        for (Gone gone : applyBatch.apply(records)) {
            deadLetterSink.send(gone.records().getFirst().source(), deadLetters.gone(gone));
        }
    }

    /**
     * Runs before any record behind it is applied: otherwise, after a crash, the sink would skip this record as applied
     * before. The dead letter precedes the count: it may be sent twice, but is never missing.
     */
    private void deadLetter(RunRecord record, Rejected cause) {
        deadLetterSink.send(record.source(), deadLetters.rejected(record, cause));
        switch (record) {
            case Item item -> applyBatch.countDeadLetter(item);
            case Progress progress when progress.isFinal() -> endWithoutCursor(progress);
            case Progress progress -> {}
            case Listed listed -> {}
        }
    }

    /** A run whose end Postgres rejects must end nevertheless, without its cursor. */
    private void endWithoutCursor(Progress rejected) {
        RunProgress end = RunProgress.newBuilder(rejected.progress())
                .setAt(clock.instant())
                .setThrottledUntil(null)
                .setStatus(RunStatus.partial)
                .setSyncState(null)
                .setError(new RunError(
                        OutputDeadLetters.PROGRESS_REJECTED,
                        "The end of the run could not be saved as it was.",
                        "permanent"))
                .build();
        try {
            applyAll(List.of(new Progress(rejected.source(), end)));
        } catch (Rejected e) {
            log.error(
                    "sink.progressSaveFailed: a run ends as failed, without its effect on the account sqlState={}"
                            + " runId={} offset={}",
                    e.sqlState(),
                    rejected.runId(),
                    rejected.offset());
            failRuns.fail(rejected, OutputDeadLetters.PROGRESS_REJECTED, "The end of the run could not be saved.");
        }
    }

    private record Bad(ConsumerRecord<byte[], byte[]> source, DeadLetter letter) {}
}
