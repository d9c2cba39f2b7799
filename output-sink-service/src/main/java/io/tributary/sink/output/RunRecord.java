package io.tributary.sink.output;

import io.tributary.schemas.Listing;
import io.tributary.schemas.Output;
import io.tributary.schemas.RunProgress;
import java.time.Instant;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A record of the topic of outputs that could be read. */
sealed interface RunRecord {

    /** As it stood on the topic. */
    ConsumerRecord<byte[], byte[]> source();

    UUID runId();

    UUID userIntegrationId();

    default long offset() {
        return source().offset();
    }

    /** When the worker sent it. */
    default Instant sentAt() {
        return Instant.ofEpochMilli(source().timestamp());
    }

    /** An item that a task returned. */
    record Item(ConsumerRecord<byte[], byte[]> source, Output output) implements RunRecord {

        @Override
        public UUID runId() {
            return output.getRunId();
        }

        @Override
        public UUID userIntegrationId() {
            return output.getUserIntegrationId();
        }
    }

    /** Items that a list at the provider showed. */
    record Listed(ConsumerRecord<byte[], byte[]> source, Listing listing) implements RunRecord {

        @Override
        public UUID runId() {
            return listing.getRunId();
        }

        @Override
        public UUID userIntegrationId() {
            return listing.getUserIntegrationId();
        }
    }

    /** Where a run stands, after every output before it. */
    record Progress(ConsumerRecord<byte[], byte[]> source, RunProgress progress) implements RunRecord {

        @Override
        public UUID runId() {
            return progress.getRunId();
        }

        @Override
        public UUID userIntegrationId() {
            return progress.getUserIntegrationId();
        }

        /** The run is over. A status that this sink does not know cannot end it. */
        boolean isFinal() {
            return switch (progress.getStatus()) {
                case unknown, running -> false;
                case succeeded, partial, failed, cancelled, timed_out -> true;
            };
        }
    }
}
