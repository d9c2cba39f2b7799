package io.tributary.worker;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.processor.StateRestoreListener;

/** What Kafka Streams does: its state, its threads, failures of them, and what is left to restore. Thread safe. */
final class StreamsMetrics implements StateRestoreListener {

    private final Counter threadFailures;
    private final Map<TopicPartition, Long> remaining = new ConcurrentHashMap<>();

    StreamsMetrics(KafkaStreams streams, MeterRegistry meters) {
        threadFailures = Counter.builder("tributary.worker.stream.thread.failures")
                .description("Stream threads that failed and were replaced")
                .register(meters);
        for (KafkaStreams.State state : KafkaStreams.State.values()) {
            Gauge.builder("tributary.worker.engine.state", streams, it -> it.state() == state ? 1 : 0)
                    .description("1 for the state that Kafka Streams is in")
                    .tag("state", state.name().toLowerCase(Locale.ROOT))
                    .register(meters);
        }
        Gauge.builder("tributary.worker.stream.threads", streams, StreamsMetrics::runningThreads)
                .description("Stream threads that run")
                .register(meters);
        Gauge.builder(
                        "tributary.worker.restore.remaining",
                        remaining,
                        all -> all.values().stream().mapToLong(Long::longValue).sum())
                .description("Records of changelogs that are left to restore")
                .register(meters);
        KafkaGauges.register(streams::metrics, meters);
    }

    private static double runningThreads(KafkaStreams streams) {
        return streams.state().isRunningOrRebalancing()
                ? streams.metadataForLocalThreads().stream()
                        .filter(thread -> !thread.threadState().equals("DEAD")
                                && !thread.threadState().equals("PENDING_SHUTDOWN"))
                        .count()
                : 0;
    }

    void threadFailed() {
        threadFailures.increment();
    }

    @Override
    public void onRestoreStart(TopicPartition changelog, String store, long startingOffset, long endingOffset) {
        remaining.put(changelog, Math.max(0, endingOffset - startingOffset));
    }

    @Override
    public void onBatchRestored(TopicPartition changelog, String store, long batchEndOffset, long restored) {
        remaining.computeIfPresent(changelog, (_, left) -> Math.max(0, left - restored));
    }

    @Override
    public void onRestoreEnd(TopicPartition changelog, String store, long restored) {
        remaining.remove(changelog);
    }

    @Override
    public void onRestoreSuspended(TopicPartition changelog, String store, long restored) {
        remaining.remove(changelog);
    }
}
