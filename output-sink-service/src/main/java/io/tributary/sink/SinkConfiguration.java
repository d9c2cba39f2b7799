package io.tributary.sink;

import io.tributary.schemas.DeadLetter;
import io.tributary.schemas.Topics;
import io.tributary.schemas.serde.AvroDeserializer;
import io.tributary.schemas.serde.AvroSerializer;
import io.tributary.sink.SinkProperties.UpkeepSettings;
import io.tributary.sink.consume.ApplyRecords;
import io.tributary.sink.consume.ConsumeTopics;
import io.tributary.sink.consume.ConsumerThreads;
import io.tributary.sink.consume.Outage;
import io.tributary.sink.consume.ReadMessage;
import io.tributary.sink.consume.SinkHealth;
import io.tributary.sink.deadletter.DeadLetterTopic;
import io.tributary.sink.deadletter.SendDeadLetter;
import io.tributary.sink.deadletter.SetAside;
import io.tributary.sink.output.ApplyBatch;
import io.tributary.sink.output.DeletionThread;
import io.tributary.sink.output.MarkDeleted;
import io.tributary.sink.output.OutputTopic;
import io.tributary.sink.output.ReapplyOutputs;
import io.tributary.sink.output.RedriveOutputs;
import io.tributary.sink.postgres.InTransaction;
import io.tributary.sink.replay.ReplayTable;
import io.tributary.sink.replay.ReplayThread;
import io.tributary.sink.replay.RequeueTasks;
import io.tributary.sink.replay.RunReplay;
import io.tributary.sink.upkeep.CollectOrphans;
import io.tributary.sink.upkeep.FindReferences;
import io.tributary.sink.upkeep.OldestRecord;
import io.tributary.sink.upkeep.PurgeContent;
import io.tributary.sink.upkeep.Upkeep;
import io.tributary.sink.upkeep.UpkeepTable;
import io.tributary.sink.upkeep.UpkeepThread;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

/** How the sink is put together: topics to consumer threads to Postgres. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({SinkProperties.class, KafkaProperties.class})
class SinkConfiguration {

    /** Objects of the content store that are looked at between two pauses. */
    private static final int ORPHANS_PAGE = 100;

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    RandomGenerator random() {
        return new Random(); // shared by the threads
    }

    @Bean
    ConsumerThreads consumerThreads(
            SinkProperties properties,
            KafkaProperties kafka,
            ApplicationContext context,
            OutputTopic outputTopic,
            DeadLetterTopic deadLetterTopic,
            Clock clock,
            RandomGenerator random) {
        Topics topics = properties.topics().topics();
        Map<String, ApplyRecords> applications =
                Map.of(topics.output(), outputTopic, topics.deadLetters(), deadLetterTopic);
        var openConsumer = new OpenConsumer(kafka, properties.topics(), properties.sink());
        var consumers = Stream.generate(() -> new ConsumeTopics(openConsumer, applications, new Outage(clock, random)))
                .limit(properties.sink().threads())
                .toList();
        return new ConsumerThreads(consumers, () -> AvailabilityChangeEvent.publish(context, LivenessState.BROKEN));
    }

    @Bean
    ReplayThread replayThread(
            SinkProperties properties,
            KafkaProperties kafka,
            ReadMessage readMessage,
            InTransaction transaction,
            JdbcTemplate jdbc,
            Clock clock) {
        Topics topics = properties.topics().topics();
        var openConsumer = new OpenConsumer(kafka, properties.topics(), properties.sink());
        var table = new ReplayTable(transaction, JdbcClient.create(jdbc), UUID.randomUUID());
        return new ReplayThread(
                table,
                new RunReplay<>(
                        openConsumer::alone, readMessage, table, new ReapplyOutputs(topics.output(), jdbc, clock)),
                new RunReplay<>(
                        openConsumer::alone,
                        readMessage,
                        table,
                        new RequeueTasks(topics.tasks(), JdbcClient.create(jdbc))),
                new RedriveOutputs(transaction, jdbc, readMessage, clock)::next,
                new Outage(clock, new Random()));
    }

    @Bean
    UpkeepThread upkeepThread(
            SinkProperties properties,
            KafkaProperties kafka,
            InTransaction transaction,
            JdbcTemplate jdbc,
            Clock clock) {
        UpkeepSettings settings = properties.upkeep();
        var client = JdbcClient.create(jdbc);
        List<Upkeep> works = new ArrayList<>();
        works.add(new PurgeContent(transaction, client, clock, settings.retentionEvery(), settings.batchRows()));
        properties
                .content()
                .open()
                .map(store -> new CollectOrphans(
                        store,
                        new FindReferences(transaction, client),
                        new OldestRecord(
                                () -> Admin.create(kafka.buildAdminProperties()),
                                properties.topics().topics().output(),
                                clock),
                        new CollectOrphans.Bounds(settings.orphansEvery(), settings.orphanGrace(), ORPHANS_PAGE)))
                .ifPresent(works::add);
        return new UpkeepThread(
                new UpkeepTable(transaction, client, UUID.randomUUID()),
                works,
                settings.pause(),
                new Outage(clock, new Random()));
    }

    @Bean
    SinkHealth sinkHealthIndicator(ConsumerThreads consumers) {
        return new SinkHealth(consumers);
    }

    @Bean
    OutputTopic outputTopic(
            SinkProperties properties,
            ReadMessage readMessage,
            InTransaction transaction,
            JdbcTemplate jdbc,
            SetAside setAside,
            Clock clock,
            RandomGenerator random) {
        var bounds = properties.sink().deletions().bounds();
        return new OutputTopic(readMessage, new ApplyBatch(transaction, jdbc, bounds, clock, random), setAside, clock);
    }

    @Bean
    DeletionThread deletionThread(InTransaction transaction, JdbcTemplate jdbc) {
        return new DeletionThread(new MarkDeleted(transaction, jdbc)::next);
    }

    @Bean
    DeadLetterTopic deadLetterTopic(
            ReadMessage readMessage, InTransaction transaction, JdbcTemplate jdbc, Clock clock) {
        return new DeadLetterTopic(readMessage, transaction, jdbc, clock);
    }

    @Bean
    InTransaction inTransaction(PlatformTransactionManager transactions) {
        return new InTransaction(transactions);
    }

    @Bean
    ReadMessage readMessage(SinkProperties properties) {
        var deserializer = new AvroDeserializer<SpecificRecord>();
        deserializer.configure(registry(properties), false);
        return new ReadMessage(deserializer);
    }

    @Bean
    SetAside setAside(Producer<byte[], DeadLetter> producer, SinkProperties properties) {
        return new SendDeadLetter(producer, properties.topics().topics().deadLetters());
    }

    @Bean
    Producer<byte[], DeadLetter> deadLetterProducer(KafkaProperties kafka, SinkProperties properties) {
        var settings = new HashMap<>(kafka.buildProducerProperties());
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.MAX_RECORD_BYTES);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 30_000);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        var serializer = new AvroSerializer<DeadLetter>();
        serializer.configure(registry(properties), false);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), serializer);
    }

    private static Map<String, String> registry(SinkProperties properties) {
        return Map.of("schema.registry.url", properties.schemaRegistry().url());
    }
}
