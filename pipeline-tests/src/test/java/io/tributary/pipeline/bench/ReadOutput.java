package io.tributary.pipeline.bench;

import io.tributary.pipeline.ReadCommitted;
import io.tributary.schemas.Listing;
import io.tributary.schemas.Output;
import io.tributary.schemas.RunProgress;
import io.tributary.schemas.serde.AvroDeserializer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads what workers have committed to an output topic, as it comes, on a thread of its own. Outputs are counted, and
 * decoded only while somebody listens, so that reading takes little from what is measured.
 */
final class ReadOutput implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final AvroDeserializer<SpecificRecord> decoder = new AvroDeserializer<>();
    private final String topic;
    private final Map<Integer, Boolean> isOutputBySchema = new HashMap<>();
    private final Map<UUID, Reported> reported = new ConcurrentHashMap<>();
    private final AtomicLong outputs = new AtomicLong();
    private final Thread thread;
    private volatile Listener listener = (output, readNanos) -> {};
    private volatile boolean listening;
    private volatile @Nullable RuntimeException failure;

    /** Where a run stands, and when that was read, as {@link System#nanoTime()} counts. */
    record Reported(RunProgress progress, long readNanos) {}

    /** Is told each output, on the reading thread, with when it was read. */
    interface Listener {
        void read(Output output, long readNanos);
    }

    ReadOutput(String bootstrapServers, String registryUrl, String topic, int partitions) {
        this.topic = topic;
        decoder.configure(Map.of("schema.registry.url", registryUrl), false);
        consumer = new KafkaConsumer<>(
                ReadCommitted.settings(
                        bootstrapServers, Map.of("auto.offset.reset", "earliest", "fetch.max.wait.ms", 100)),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList());
        thread = Thread.ofPlatform().name("read-output").daemon().start(this::readAll);
    }

    /** Tells what comes from now on to {@code listener}, in place of the one before. */
    void listen(Listener listener) {
        this.listener = listener;
        listening = true;
    }

    /** Outputs read so far. */
    long outputs() {
        return outputs.get();
    }

    /**
     * The last that was read of a run; null when nothing was.
     *
     * @throws IllegalStateException when reading has failed
     */
    @Nullable
    Reported reported(UUID runId) {
        RuntimeException cause = failure;
        if (cause != null) {
            throw new IllegalStateException("cannot read " + topic, cause);
        }
        return reported.get(runId);
    }

    private void readAll() {
        try {
            while (true) {
                var records = consumer.poll(PATIENCE);
                long now = System.nanoTime();
                records.forEach(record -> read(record.value(), now));
            }
        } catch (WakeupException e) {
            // It is closed.
        } catch (RuntimeException e) {
            failure = e;
        } finally {
            consumer.close();
        }
    }

    private void read(byte[] bytes, long now) {
        int schema = ByteBuffer.wrap(bytes).getInt(1); // behind the magic byte
        boolean isOutput =
                isOutputBySchema.computeIfAbsent(schema, unused -> decoder.deserialize(topic, bytes) instanceof Output);
        if (isOutput) {
            outputs.incrementAndGet();
        }
        if (isOutput && !listening) {
            return;
        }
        switch (decoder.deserialize(topic, bytes)) {
            case Output output -> listener.read(output, now);
            case RunProgress progress -> reported.put(progress.getRunId(), new Reported(progress, now));
            case Listing listing -> {}
            case null, default -> throw new IllegalStateException("neither an output nor a progress is on " + topic);
        }
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
