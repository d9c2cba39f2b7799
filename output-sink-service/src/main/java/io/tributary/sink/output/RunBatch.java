package io.tributary.sink.output;

import io.tributary.sink.output.RunRecord.Item;
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
        return records.stream()
                .filter(Item.class::isInstance)
                .map(Item.class::cast)
                .toList();
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

    long lastOffset() {
        return records.getLast().offset();
    }

    Instant firstSentAt() {
        return records.getFirst().sentAt();
    }
}
