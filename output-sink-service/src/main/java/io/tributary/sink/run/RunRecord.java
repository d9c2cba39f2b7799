package io.tributary.sink.run;

import io.tributary.schemas.Listing;
import io.tributary.schemas.Output;
import io.tributary.schemas.RunProgress;
import io.tributary.schemas.Topics;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A readable record of the topic of outputs. */
public sealed interface RunRecord {

    /** Empty if the message does not belong to a run. */
    static Optional<RunRecord> of(ConsumerRecord<byte[], byte[]> source, SpecificRecord message) {
        return switch (message) {
            case Output output -> Optional.of(new Item(source, output));
            case Listing listing -> Optional.of(new Listed(source, listing));
            case RunProgress progress -> Optional.of(new Progress(source, progress));
            default -> Optional.empty();
        };
    }

    /** The record on the topic. */
    ConsumerRecord<byte[], byte[]> source();

    default UUID runId() {
        return switch (this) {
            case Item item -> item.output().getRunId();
            case Listed listed -> listed.listing().getRunId();
            case Progress progress -> progress.progress().getRunId();
        };
    }

    default UUID userIntegrationId() {
        return switch (this) {
            case Item item -> item.output().getUserIntegrationId();
            case Listed listed -> listed.listing().getUserIntegrationId();
            case Progress progress -> progress.progress().getUserIntegrationId();
        };
    }

    default long offset() {
        return source().offset();
    }

    /** The time at which the worker sent it. */
    default Instant sentAt() {
        return Instant.ofEpochMilli(source().timestamp());
    }

    /** An item that a task returned. */
    record Item(ConsumerRecord<byte[], byte[]> source, Output output) implements RunRecord {

        /** Whether its task ended after its run, whose progress does not count it. */
        public boolean isLate() {
            return source.headers().lastHeader(Topics.LATE) != null;
        }
    }

    /** Items that the provider listed. */
    record Listed(ConsumerRecord<byte[], byte[]> source, Listing listing) implements RunRecord {}

    /** The progress of a run, which follows the outputs that it counts. */
    record Progress(ConsumerRecord<byte[], byte[]> source, RunProgress progress) implements RunRecord {

        /** The run is over. A status that this sink does not know cannot end it. */
        public boolean isFinal() {
            return switch (progress.getStatus()) {
                case unknown, running -> false;
                case succeeded, partial, failed, cancelled, timed_out -> true;
            };
        }
    }
}
