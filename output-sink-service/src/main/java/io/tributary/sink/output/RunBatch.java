package io.tributary.sink.output;

import io.tributary.schemas.RunError;
import io.tributary.schemas.RunProgress;
import io.tributary.schemas.RunStatus;
import io.tributary.sink.output.RunRecord.Item;
import io.tributary.sink.output.RunRecord.Listed;
import io.tributary.sink.output.RunRecord.Progress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a batch holds of one run and was not applied before, in the order of the topic; at least one record.
 *
 * @param run as locked by the transaction
 */
record RunBatch(Run run, List<RunRecord> records) {

    List<Item> items() {
        return all(Item.class);
    }

    List<Listed> listings() {
        return all(Listed.class);
    }

    private <T extends RunRecord> List<T> all(Class<T> kind) {
        return records.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** The progress that counts: the one that ends the run, or else the latest. */
    Optional<Progress> progress() {
        Progress latest = null;
        for (RunRecord record : records) {
            if (record instanceof Progress progress && (latest == null || !latest.isFinal())) {
                latest = progress;
            }
        }
        return Optional.ofNullable(latest);
    }

    /** The progress that ends the run, where it had not ended before. */
    Optional<Progress> completion() {
        return run.finished() ? Optional.empty() : progress().filter(Progress::isFinal);
    }

    /** The same, but that the run ends otherwise than the worker says. */
    RunBatch endingAs(RunStatus status, RunError why) {
        Progress end = completion().orElseThrow();
        RunProgress otherwise = RunProgress.newBuilder(end.progress())
                .setStatus(status)
                .setError(why)
                .build();
        return new RunBatch(
                run,
                records.stream()
                        .map(record -> record == end ? new Progress(end.source(), otherwise) : record)
                        .toList());
    }

    long lastOffset() {
        return records.getLast().offset();
    }

    Instant firstSentAt() {
        return records.getFirst().sentAt();
    }
}
