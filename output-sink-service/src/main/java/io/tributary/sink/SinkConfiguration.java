package io.tributary.sink;

import io.micrometer.core.instrument.MeterRegistry;
import io.tributary.content.ContentStore;
import io.tributary.schemas.DeadLetter;
import io.tributary.schemas.Topics;
import io.tributary.schemas.serde.AvroDeserializer;
import io.tributary.schemas.serde.AvroSerializer;
import io.tributary.sink.SinkProperties.MaintenanceSettings;
import io.tributary.sink.completion.FailRuns;
import io.tributary.sink.consume.ConsumeTopics;
import io.tributary.sink.consume.ConsumerSettings;
import io.tributary.sink.consume.Consumers;
import io.tributary.sink.consume.DescribeTopics;
import io.tributary.sink.consume.ReadMessage;
import io.tributary.sink.consume.SinkHealth;
import io.tributary.sink.consume.SinkProgress;
import io.tributary.sink.consume.TopicMetrics;
import io.tributary.sink.consume.TopicPositions;
import io.tributary.sink.deadletter.DeadLetterCounters;
import io.tributary.sink.deadletter.DeadLetterSink;
import io.tributary.sink.deadletter.DeadLetterTopic;
import io.tributary.sink.deadletter.SendDeadLetter;
import io.tributary.sink.deletions.MarkDeleted;
import io.tributary.sink.maintenance.CollectOrphans;
import io.tributary.sink.maintenance.EraseAccounts;
import io.tributary.sink.maintenance.EraseEvents;
import io.tributary.sink.maintenance.FillSyncTypes;
import io.tributary.sink.maintenance.FindReferences;
import io.tributary.sink.maintenance.MaintenanceJob;
import io.tributary.sink.maintenance.MaintenanceTable;
import io.tributary.sink.maintenance.OldestRecord;
import io.tributary.sink.maintenance.PurgeContent;
import io.tributary.sink.maintenance.RunMaintenance;
import io.tributary.sink.metrics.CreateMetricPartitions;
import io.tributary.sink.metrics.PurgeMetrics;
import io.tributary.sink.metrics.RollUpMetrics;
import io.tributary.sink.outage.Outages;
import io.tributary.sink.outage.WorkLoop;
import io.tributary.sink.output.AppliedMetrics;
import io.tributary.sink.output.ApplyBatch;
import io.tributary.sink.output.ObserveApplied;
import io.tributary.sink.output.OutputTopic;
import io.tributary.sink.output.TraceApplied;
import io.tributary.sink.postgres.Postgres;
import io.tributary.sink.replay.ReapplyOutputs;
import io.tributary.sink.replay.RedriveOutputs;
import io.tributary.sink.replay.ReplayTable;
import io.tributary.sink.replay.RequeueTasks;
import io.tributary.sink.replay.RunReplay;
import io.tributary.sink.replay.ServeRequests;
import io.tributary.telemetry.Traces;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.transaction.PlatformTransactionManager;

/** Wires the sink: topics to consumer threads to Postgres. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({SinkProperties.class, KafkaProperties.class})
class SinkConfiguration {

    /** Objects of the content store that one step checks. */
    private static final int ORPHANS_PAGE = 1_000;

    /** The name of this process as an owner of leases. */
    private final UUID owner = UUID.randomUUID();

    private final SinkProperties properties;
    private final KafkaProperties kafka;
    private final Topics topics;
    private final Clock clock = Clock.systemUTC();

    SinkConfiguration(SinkProperties properties, KafkaProperties kafka) {
        this.properties = properties;
        this.kafka = kafka;
        this.topics = properties.topics().topics();
    }

    @Bean
    Traces traces(@Value("${spring.application.name}") String service) {
        return Traces.of(service, properties.tracing());
    }

    @Bean
    RandomGenerator random() {
        return new Random(); // shared by the threads
    }

    @Bean
    Postgres postgres(JdbcTemplate jdbc, PlatformTransactionManager transactions) {
        return new Postgres(jdbc, transactions);
    }

    @Bean
    ReadMessage readMessage() {
        var deserializer = new AvroDeserializer<SpecificRecord>();
        deserializer.configure(registry(), false);
        return new ReadMessage(deserializer);
    }

    @Bean
    ConsumerSettings consumerSettings() {
        return new ConsumerSettings(
                kafka.buildConsumerProperties(),
                properties.sink().group(),
                properties.sink().batchRecords(),
                properties.sink().batchBytes().toBytes());
    }

    @Bean
    ProducerFactory<byte[], DeadLetter> deadLetterProducers() {
        Map<String, Object> settings = new HashMap<>(kafka.buildProducerProperties());
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.MAX_RECORD_BYTES);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 30_000);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        settings.putAll(registry()); // the factory configures the serializer
        return new DefaultKafkaProducerFactory<>(settings, new ByteArraySerializer(), new AvroSerializer<>());
    }

    @Bean
    DeadLetterSink deadLetterSink(ProducerFactory<byte[], DeadLetter> producers) {
        return new SendDeadLetter(new KafkaTemplate<>(producers), topics.deadLetters());
    }

    @Bean
    DescribeTopics describeTopics() {
        return new DescribeTopics(this::admin);
    }

    @Bean
    TopicPositions topicPositions(Postgres postgres, DescribeTopics describeTopics) {
        return new TopicPositions(postgres, describeTopics::of, clock);
    }

    @Bean
    Outages outages() {
        return new Outages(clock);
    }

    @Bean
    Consumers consumers(
            ApplicationContext context,
            ConsumerSettings settings,
            ReadMessage readMessage,
            Postgres postgres,
            TopicPositions positions,
            DeadLetterSink deadLetterSink,
            Outages outages,
            SinkProgress progress,
            MeterRegistry meters,
            Traces traces,
            RandomGenerator random) {
        var applyBatch = new ApplyBatch(
                postgres,
                properties.sink().deletions().bounds(),
                properties.sink().keepRestatedValues(),
                new ObserveApplied(new AppliedMetrics(meters, clock), new TraceApplied(traces, clock)),
                clock,
                random);
        var listener = new ConsumeTopics(
                Map.of(
                        topics.output(),
                        new OutputTopic(readMessage, applyBatch, new FailRuns(postgres), deadLetterSink, clock),
                        topics.deadLetters(),
                        new DeadLetterTopic(readMessage, postgres, new DeadLetterCounters(meters), clock)),
                positions,
                new TopicMetrics(List.of(topics.output(), topics.deadLetters()), meters, clock),
                progress,
                outages);
        var container = Consumers.container(
                settings.ofGroup(),
                List.of(topics.output(), topics.deadLetters()),
                properties.sink().threads(),
                listener);
        return new Consumers(
                container,
                this::createTopics,
                outages,
                () -> AvailabilityChangeEvent.publish(context, LivenessState.BROKEN));
    }

    /** Part of liveness by its name. */
    @Bean
    SinkProgress progressHealthIndicator() {
        return new SinkProgress(System::nanoTime);
    }

    @Bean
    SinkHealth sinkHealthIndicator(Consumers consumers, Outages outages) {
        return new SinkHealth(consumers, outages, clock);
    }

    @Bean
    WorkLoop consumerLoop(Consumers consumers) {
        return new WorkLoop("consumers", Duration.ZERO, consumers);
    }

    @Bean
    WorkLoop replayLoop(
            ConsumerSettings settings, ReadMessage readMessage, Postgres postgres, TopicPositions positions) {
        var table = new ReplayTable(postgres, owner);
        var outputs = new ReapplyOutputs(topics.output(), postgres, clock);
        var tasks = new RequeueTasks(topics.tasks(), postgres);
        return new WorkLoop(
                "replay",
                Duration.ZERO,
                new ServeRequests(
                        table,
                        new RunReplay(settings::alone, readMessage, table, positions, outputs),
                        new RunReplay(settings::alone, readMessage, table, positions, tasks),
                        new RedriveOutputs(postgres, readMessage, clock)::next));
    }

    @Bean
    WorkLoop deletionLoop(Postgres postgres) {
        var markDeleted = new MarkDeleted(postgres);
        return new WorkLoop("deletions", Duration.ZERO, ending -> markDeleted.next());
    }

    @Bean
    WorkLoop maintenanceLoop(Postgres postgres) {
        MaintenanceSettings settings = properties.maintenance();
        List<MaintenanceJob> jobs = new ArrayList<>();
        jobs.add(new PurgeContent(postgres, clock, settings.retentionEvery(), settings.batchRows()));
        Optional<ContentStore> content = properties.content().open();
        jobs.add(new EraseAccounts(postgres, content, clock, settings.erasureEvery(), settings.batchRows()));
        jobs.add(new EraseEvents(postgres, settings.erasureEventsEvery(), settings.batchRows()));
        jobs.add(new CreateMetricPartitions(postgres));
        jobs.add(new RollUpMetrics(postgres, settings.metricSumsEvery()));
        jobs.add(new PurgeMetrics(postgres, clock, settings.retentionEvery(), settings.batchRows()));
        jobs.add(new FillSyncTypes(postgres, settings.batchRows()));
        content.map(store -> new CollectOrphans(
                        store,
                        new FindReferences(postgres),
                        new OldestRecord(this::admin, topics.output(), clock),
                        new CollectOrphans.Bounds(settings.orphansEvery(), settings.orphanGrace(), ORPHANS_PAGE)))
                .ifPresent(jobs::add);
        return new WorkLoop(
                "maintenance", settings.pause(), new RunMaintenance(new MaintenanceTable(postgres, owner), jobs));
    }

    private void createTopics() {
        try (Admin admin = admin()) {
            properties.topics().prepare().prepare(admin, List.of());
        }
    }

    private Admin admin() {
        return Admin.create(kafka.buildAdminProperties());
    }

    // spring.kafka.properties.* comes along: a registry's basic.auth.user.info and schema.registry.ssl.*, say.
    private Map<String, Object> registry() {
        var configs = new HashMap<String, Object>(kafka.getProperties());
        configs.put("schema.registry.url", properties.schemaRegistry().url());
        return configs;
    }
}
