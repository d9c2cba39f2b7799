package io.tributary.sink.run;

import io.tributary.schemas.RunError;
import io.tributary.schemas.RunProgress;
import io.tributary.schemas.RunStatus;
import io.tributary.sink.run.RunRecord.Item;
import io.tributary.sink.run.RunRecord.Listed;
import io.tributary.sink.run.RunRecord.Progress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The records of one run in a batch that were not applied before, in the order of the topic; at least one.
 *
 * @param run as locked by the transaction
 */
public record RunBatch(Run run, List<RunRecord> records) {

    public List<Item> items() {
        return all(Item.class);
    }

    /** Number of the items that the worker did not count. */
    public long lateItems() {
        return items().stream().filter(Item::isLate).count();
    }

    public List<Listed> listings() {
        return all(Listed.class);
    }

    private <T extends RunRecord> List<T> all(Class<T> kind) {
        return records.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** The progress to apply: the one that ends the run, or else the latest. */
    public Optional<Progress> progress() {
        Progress latest = null;
        for (RunRecord record : records) {
            if (record instanceof Progress progress && (latest == null || !latest.isFinal())) {
                latest = progress;
            }
        }
        return Optional.ofNullable(latest);
    }

    /** The progress that ends the run, if it had not ended before. */
    public Optional<Progress> completion() {
        return run.finished() ? Optional.empty() : progress().filter(Progress::isFinal);
    }

    /** A copy in which the run ends with another status than the worker reported. */
    public RunBatch endingAs(RunStatus status, RunError why) {
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

    public long lastOffset() {
        return records.getLast().offset();
    }

    public Instant firstSentAt() {
        return records.getFirst().sentAt();
    }
}
