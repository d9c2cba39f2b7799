package io.tributary.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Limits;
import io.tributary.integrations.api.Quota;
import io.tributary.schemas.DeadLetter;
import io.tributary.schemas.RunProgress;
import io.tributary.schemas.RunStatus;
import io.tributary.schemas.Task;
import io.tributary.schemas.Topics;
import io.tributary.schemas.serde.AvroDeserializer;
import io.tributary.schemas.serde.AvroSerializer;
import io.tributary.standalone.servers.TestServers;
import io.tributary.worker.codec.MessageCodec;
import io.tributary.worker.engine.BegunEffect;
import io.tributary.worker.engine.EngineConfig;
import io.tributary.worker.engine.EngineMetrics;
import io.tributary.worker.engine.EngineTopology;
import io.tributary.worker.engine.ExecutionJournal;
import io.tributary.worker.engine.Outcome;
import io.tributary.worker.engine.Pauses;
import io.tributary.worker.engine.TaskExecution;
import io.tributary.worker.engine.TaskLabels;
import io.tributary.worker.engine.WorkerProcess;
import io.tributary.worker.testing.InitialTasks;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;

/** The registry does not answer in the middle of a turn, whose first changes must not be committed. */
class AbortedTurnIT {

    private static final Topics TOPICS = new Topics("aborted-turn-it");

    private final Map<String, Object> registry =
            Map.of("schema.registry.url", TestServers.registry().url());
    private final AtomicInteger refusals = new AtomicInteger(2);

    @Test
    void leavesTheTaskToTheNextTurn(@TempDir Path folder) throws Exception {
        try (var admin = Admin.create(
                Map.<String, Object>of("bootstrap.servers", TestServers.kafka().bootstrapServers()))) {
            TOPICS.createMissing(admin, 1, (short) 1);
        }
        Task task = InitialTasks.of(UUID.randomUUID(), "test", "list");
        var engine = engine(folder);
        engine.start();
        try {
            publish(task);

            var all = readUntil(
                    TOPICS.output(),
                    message -> message instanceof RunProgress progress && progress.getStatus() != RunStatus.running);

            assertThat((RunProgress) all.getLast()).satisfies(end -> {
                assertThat(end.getRunId()).isEqualTo(task.getRunId());
                assertThat(end.getStatus()).isEqualTo(RunStatus.failed);
                assertThat(end.getFailed()).isOne();
            });
            assertThat(refusals).hasNonPositiveValue();
            assertThat(readUntil(TOPICS.deadLetters(), message -> message instanceof DeadLetter))
                    .hasSize(1);
        } finally {
            engine.stop();
        }
    }

    private RunEngine engine(Path folder) throws Exception {
        var kafka = new KafkaProperties();
        kafka.setBootstrapServers(List.of(TestServers.kafka().bootstrapServers()));
        var settings = new Binder(new MapConfigurationPropertySource(Map.of(
                        "tributary.schema-registry.url",
                        "http://unused",
                        "tributary.credentials.keyset",
                        "/unused",
                        "tributary.topics.prefix",
                        TOPICS.prefix(),
                        "tributary.worker.state-directory",
                        folder.resolve("state").toString())))
                .bindOrCreate("tributary", WorkerProperties.class);
        var meters = new SimpleMeterRegistry();
        var metrics = EngineMetrics.of(meters, new TaskLabels(Map.of()));
        var process = new WorkerProcess("worker-0");
        var journal = ExecutionJournal.open(folder.resolve("journal"));
        var parts = EngineConfig.of(
                new RefusedTasks(),
                codec(),
                1,
                journal,
                process,
                () -> Pauses.NONE,
                metrics,
                EngineConfig.Bounds.DEFAULT);
        return new RunEngine(
                EngineTopology.of(parts, false),
                StreamsSettings.of(kafka, settings, (short) 1),
                journal,
                process,
                metrics.queues(),
                meters);
    }

    /** The registry does not know the schema of dead letters yet, and answers late. */
    private MessageCodec codec() {
        var serializer = new AvroSerializer<SpecificRecord>();
        serializer.configure(registry, false);
        var deserializer = new AvroDeserializer<SpecificRecord>();
        deserializer.configure(registry, false);
        return new MessageCodec(
                TOPICS,
                (topic, message) -> {
                    if (message instanceof DeadLetter && refusals.getAndDecrement() > 0) {
                        throw new TimeoutException("the schema registry cannot be reached");
                    }
                    return serializer.serialize(topic, message);
                },
                deserializer);
    }

    private static final class RefusedTasks implements TaskExecution {
        @Override
        public Outcome execute(Task task, @Nullable BegunEffect effect, JsonObject syncState, Consumer<Quota> quota) {
            return new Outcome.Failed(Outcome.Kind.PERMANENT, "test.refused", "No.");
        }

        @Override
        public Limits limitsOf(String domain) {
            return Limits.DEFAULT;
        }

        @Override
        public void forget(UUID userIntegrationId) {}
    }

    private void publish(Task task) {
        try (var serializer = new AvroSerializer<Task>()) {
            serializer.configure(registry, false);
            try (var producer = new KafkaProducer<>(
                    Map.<String, Object>of(
                            "bootstrap.servers", TestServers.kafka().bootstrapServers()),
                    new StringSerializer(),
                    serializer)) {
                var _ = producer.send(new ProducerRecord<>(
                        TOPICS.tasks(), task.getUserIntegrationId().toString(), task));
            }
        }
    }

    /** The committed messages of a topic up to one. */
    private List<SpecificRecord> readUntil(String topic, Predicate<SpecificRecord> last) {
        var deserializer = new AvroDeserializer<SpecificRecord>();
        deserializer.configure(registry, false);
        var read = new ArrayList<SpecificRecord>();
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of(
                        "bootstrap.servers", TestServers.kafka().bootstrapServers(),
                        "isolation.level", "read_committed",
                        "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                deserializer)) {
            consumer.assign(List.of(new TopicPartition(topic, 0)));
            Instant deadline = Instant.now().plus(Duration.ofMinutes(2));
            while (Instant.now().isBefore(deadline)) {
                for (var record : consumer.poll(Duration.ofMillis(100))) {
                    read.add(record.value());
                    if (last.test(record.value())) {
                        return read;
                    }
                }
            }
        }
        throw new AssertionError("not on " + topic + " within two minutes; there are " + read);
    }
}
