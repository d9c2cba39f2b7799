package io.tributary.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.schemas.serde.AvroDeserializer;
import io.tributary.sink.consume.ConsumeTopics;
import io.tributary.sink.consume.Outage;
import io.tributary.sink.consume.ReadMessage;
import io.tributary.sink.output.ApplyBatch;
import io.tributary.sink.output.DeletionBounds;
import io.tributary.sink.output.OutputTopic;
import io.tributary.sink.postgres.InTransaction;
import io.tributary.standalone.servers.TestServers;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;

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

            var loop = new ConsumeTopics(
                    () -> dyingBeforeCommit(deaths),
                    Map.of(topics.outputTopic(), outputTopic(database)),
                    new Outage(Clock.systemUTC(), new Random(1)));
            Thread thread = Thread.ofPlatform().start(loop);
            await().atMost(Duration.ofMinutes(2)).until(() -> deaths.get() > DEATHS && workload.finishedRuns() == 4);
            loop.end();
            assertThat(thread.join(Duration.ofSeconds(30))).isTrue();

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
                        new InTransaction(new JdbcTransactionManager(database.dataSource())),
                        new JdbcTemplate(database.dataSource()),
                        DeletionBounds.DEFAULT,
                        Clock.systemUTC(),
                        new Random(2)),
                (source, letter) -> {
                    throw new AssertionError("nothing is to be set aside");
                },
                Clock.systemUTC());
    }

    /** A real consumer whose first commits are the last thing it does. */
    @SuppressWarnings("unchecked")
    private static Consumer<byte[], byte[]> dyingBeforeCommit(AtomicInteger deaths) {
        Map<String, Object> settings = new HashMap<>(SinkTopics.KAFKA);
        settings.put("group.id", "dying-" + UUID.randomUUID()); // as if no offset was ever committed
        settings.put("enable.auto.commit", false);
        settings.put("auto.offset.reset", "earliest");
        settings.put("max.poll.records", 700);
        var real = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        return (Consumer<byte[], byte[]>) Proxy.newProxyInstance(
                Consumer.class.getClassLoader(), new Class<?>[] {Consumer.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("commitSync") && deaths.incrementAndGet() <= DEATHS) {
                        throw new KafkaException("killed");
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
