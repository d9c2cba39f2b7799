package io.tributary.worker.engine;

import io.tributary.schemas.DeadLetter;
import io.tributary.schemas.Topics;
import io.tributary.worker.codec.MessageCodec;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Sends records, within the transaction of the commit that the stream thread is working towards. Stream thread only.
 */
record RecordSender(ProcessorContext<String, byte[]> context, MessageCodec codec, TaskCounters counters) {

    private static final byte[] YES = "1".getBytes(StandardCharsets.UTF_8);

    void output(UUID userIntegrationId, byte[] output) {
        forward(userIntegrationId, output, new RecordHeaders(), EngineTopology.OUTPUT);
    }

    /** Publishes an output of a run whose last progress was sent. */
    void lateOutput(UUID userIntegrationId, byte[] output) {
        forward(userIntegrationId, output, new RecordHeaders().add(Topics.LATE, YES), EngineTopology.OUTPUT);
    }

    void progress(UUID userIntegrationId, SpecificRecord progress) {
        output(userIntegrationId, codec.encode(codec.topics().output(), progress));
    }

    /** Publishes a follow-up task that the store holds already: it is dropped when it is read back. */
    void acceptedTask(UUID userIntegrationId, byte[] task) {
        forward(userIntegrationId, task, new RecordHeaders().add(Topics.ACCEPTED, YES), EngineTopology.TASKS);
    }

    /** Publishes a follow-up task that starts when it is read back, which is after the commit of this transaction. */
    void taskAfterCommit(UUID userIntegrationId, byte[] task) {
        forward(userIntegrationId, task, new RecordHeaders().add(Topics.AFTER_COMMIT, YES), EngineTopology.TASKS);
    }

    void deadLetter(String key, DeadLetter deadLetter) {
        deadLetter(key, deadLetter.getErrorCode(), codec.encode(codec.topics().deadLetters(), deadLetter));
    }

    /** @param code the error code of the dead letter, or of the first of its result */
    void deadLetter(String key, String code, byte[] deadLetter) {
        counters.deadLettered(code, 1);
        context.forward(
                new Record<>(key, deadLetter, context.currentSystemTimeMs(), new RecordHeaders()),
                EngineTopology.DEAD_LETTERS);
    }

    private void forward(UUID userIntegrationId, byte[] value, Headers headers, String sink) {
        context.forward(
                new Record<>(userIntegrationId.toString(), value, context.currentSystemTimeMs(), headers), sink);
    }
}
