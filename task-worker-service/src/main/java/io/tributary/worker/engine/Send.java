package io.tributary.worker.engine;

import io.tributary.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Sends records, within the transaction of the commit that the stream thread is working towards. Stream thread only. */
final class Send {

    private static final byte[] YES = "1".getBytes(StandardCharsets.UTF_8);

    private final ProcessorContext<String, byte[]> context;
    private final Wire wire;

    Send(ProcessorContext<String, byte[]> context, Wire wire) {
        this.context = context;
        this.wire = wire;
    }

    void output(UUID userIntegrationId, byte[] output) {
        forward(userIntegrationId, output, new RecordHeaders(), EngineTopology.OUTPUT);
    }

    void progress(UUID userIntegrationId, SpecificRecord progress) {
        output(userIntegrationId, wire.encode(wire.topics().output(), progress));
    }

    /** Publishes a follow-up task that the store holds already: it is dropped when it is read back. */
    void acceptedTask(UUID userIntegrationId, byte[] task) {
        forward(userIntegrationId, task, new RecordHeaders().add(Topics.ACCEPTED, YES), EngineTopology.TASKS);
    }

    void deadLetter(UUID userIntegrationId, SpecificRecord deadLetter) {
        deadLetter(userIntegrationId.toString(), wire.encode(wire.topics().deadLetters(), deadLetter));
    }

    void deadLetter(String key, byte[] deadLetter) {
        context.forward(
                new Record<>(key, deadLetter, context.currentSystemTimeMs(), new RecordHeaders()),
                EngineTopology.DEAD_LETTERS);
    }

    private void forward(UUID userIntegrationId, byte[] value, Headers headers, String sink) {
        context.forward(
                new Record<>(userIntegrationId.toString(), value, context.currentSystemTimeMs(), headers), sink);
    }
}
