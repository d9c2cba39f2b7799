package io.tributary.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tributary.schemas.serde.AvroDeserializer;
import io.tributary.sink.completion.FailRuns;
import io.tributary.sink.consume.ConsumeTopics;
import io.tributary.sink.consume.Consumers;
import io.tributary.sink.consume.PlaceRecords;
import io.tributary.sink.consume.ReadMessage;
import io.tributary.sink.consume.SinkProgress;
import io.tributary.sink.consume.TopicMetrics;
import io.tributary.sink.deletions.DeleteUnlisted;
import io.tributary.sink.outage.Outages;
import io.tributary.sink.outage.WorkLoop;
import io.tributary.sink.output.AppliedMetrics;
import io.tributary.sink.output.ApplyBatch;
import io.tributary.sink.output.ObserveApplied;
import io.tributary.sink.output.OutputTopic;
import io.tributary.sink.output.TraceApplied;
import io.tributary.standalone.servers.TestServers;
import io.tributary.telemetry.Traces;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;

/** Fault: what was committed to Postgres was never committed to Kafka, again and again. */
class SinkDiesBeforeItsOffsetsAreCommittedIT {

    private static final int DEATHS = 10;

    @Test
    void appliesWhatComesAgainOnlyOnce() throws InterruptedException {
        var deaths = new AtomicInteger();
        try (var topics = new SinkTopics();
                var database = SinkDatabase.create()) {
            var workload = new Workload(database, 4);
            workload.send(topics, 1_000);
            workload.end(topics);

            var outages = new Outages(Clock.systemUTC());
            var consumers = new Consumers(
                    Consumers.container(
                            new DyingBeforeCommit(deaths),
                            List.of(topics.outputTopic()),
                            1,
                            new ConsumeTopics(
                                    Map.of(topics.outputTopic(), outputTopic(database)),
                                    PlaceRecords.AS_THEY_ARE,
                                    new TopicMetrics(
                                            List.of(topics.outputTopic()),
                                            new SimpleMeterRegistry(),
                                            Clock.systemUTC()),
                                    new SinkProgress(System::nanoTime),
                                    outages)),
                    () -> {},
                    outages,
                    () -> {});
            var loop = new WorkLoop("consumers", Duration.ZERO, consumers);
            loop.start();
            await().atMost(Duration.ofMinutes(2)).until(() -> deaths.get() > DEATHS && workload.finishedRuns() == 4);
            loop.stop();
            assertThat(loop.isRunning()).isFalse();

            assertThat(workload.rows()).isEqualTo(4_000);
            assertThat(workload.provenRuns()).isEqualTo(4);
        }
    }

    private static OutputTopic outputTopic(SinkDatabase database) {
        var deserializer = new AvroDeserializer<SpecificRecord>();
        deserializer.configure(
                Map.of("schema.registry.url", TestServers.registry().url()), false);
        return new OutputTopic(
                new ReadMessage(deserializer),
                new ApplyBatch(
                        database.postgres(),
                        DeleteUnlisted.Bounds.DEFAULT,
                        true,
                        new ObserveApplied(
                                new AppliedMetrics(new SimpleMeterRegistry(), Clock.systemUTC()),
                                new TraceApplied(Traces.off("sink"), Clock.systemUTC())),
                        Clock.systemUTC(),
                        new Random(2)),
                new FailRuns(database.postgres()),
                (source, letter) -> {
                    throw new AssertionError("nothing is to be dead-lettered");
                },
                Clock.systemUTC());
    }

    /** Real consumers; the first ones die before they commit anything, and each starts as if nothing was committed. */
    private static final class DyingBeforeCommit extends DefaultKafkaConsumerFactory<byte[], byte[]> {

        private final AtomicInteger deaths;

        DyingBeforeCommit(AtomicInteger deaths) {
            super(settings(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
            this.deaths = deaths;
        }

        private static Map<String, Object> settings() {
            Map<String, Object> settings = new HashMap<>(SinkTopics.KAFKA);
            settings.put("group.id", "dying");
            settings.put("enable.auto.commit", false);
            settings.put("auto.offset.reset", "earliest");
            settings.put("max.poll.records", 700);
            return settings;
        }

        @Override
        @SuppressWarnings("unchecked")
        protected Consumer<byte[], byte[]> createRawConsumer(Map<String, Object> settings) {
            Map<String, Object> ofNewGroup = new HashMap<>(settings);
            ofNewGroup.put("group.id", "dying-" + UUID.randomUUID());
            Consumer<byte[], byte[]> real = super.createRawConsumer(ofNewGroup);
            return (Consumer<byte[], byte[]>) Proxy.newProxyInstance(
                    Consumer.class.getClassLoader(), new Class<?>[] {Consumer.class}, (proxy, method, arguments) -> {
                        if (method.getName().equals("commitSync") && deaths.incrementAndGet() <= DEATHS) {
                            throw new InternalError("killed");
                        }
                        try {
                            return method.invoke(real, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }
    }
}
