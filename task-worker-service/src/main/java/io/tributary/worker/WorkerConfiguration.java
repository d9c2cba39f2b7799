package io.tributary.worker;

import io.micrometer.core.instrument.MeterRegistry;
import io.tributary.egress.OAuthClients;
import io.tributary.egress.Outbound;
import io.tributary.egress.PublicHosts;
import io.tributary.egress.TokenEndpoint;
import io.tributary.schemas.PrepareTopics;
import io.tributary.schemas.Topics;
import io.tributary.schemas.serde.AvroDeserializer;
import io.tributary.schemas.serde.AvroSerializer;
import io.tributary.telemetry.Traces;
import io.tributary.worker.codec.MessageCodec;
import io.tributary.worker.engine.EngineConfig;
import io.tributary.worker.engine.EngineMetrics;
import io.tributary.worker.engine.EngineTopology;
import io.tributary.worker.engine.ExecutionJournal;
import io.tributary.worker.engine.TaskLabels;
import io.tributary.worker.engine.WorkerProcess;
import io.tributary.worker.execution.Egress;
import io.tributary.worker.execution.ExecuteTask;
import io.tributary.worker.execution.MeasureExecution;
import io.tributary.worker.execution.OpenCredentials;
import io.tributary.worker.execution.PauseCache;
import io.tributary.worker.execution.PrepareResult;
import io.tributary.worker.execution.ReadAccount;
import io.tributary.worker.execution.RenewAccess;
import io.tributary.worker.execution.StoreLargeContent;
import io.tributary.worker.execution.TraceExecution;
import io.tributary.worker.plugins.AnnounceManifests;
import io.tributary.worker.plugins.LoadPlugins;
import io.tributary.worker.plugins.Plugins;
import java.io.IOException;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires the worker. The constructors of the imported classes name their dependencies. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(KafkaProperties.class)
@Import({Egress.class, ExecuteTask.class, PauseCache.class, ReadAccount.class})
class WorkerConfiguration {

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    MessageCodec codec(WorkerProperties settings, KafkaProperties kafka) {
        // spring.kafka.properties.* comes along: a registry's basic.auth.user.info and schema.registry.ssl.*, say.
        var registry = new HashMap<String, Object>(kafka.getProperties());
        registry.put("schema.registry.url", settings.schemaRegistry().url());
        var serializer = new AvroSerializer<SpecificRecord>();
        serializer.configure(registry, false);
        var deserializer = new AvroDeserializer<SpecificRecord>();
        deserializer.configure(registry, false);
        return new MessageCodec(new Topics(settings.topics().prefix()), serializer, deserializer);
    }

    @Bean
    Plugins plugins(WorkerProperties settings) {
        return LoadPlugins.from(settings.plugins().directories())
                .waitingForMissing(settings.plugins().waitForMissing());
    }

    @Bean
    PublicHosts hosts(WorkerProperties settings) {
        return new PublicHosts(settings.http().allowPrivateAddresses());
    }

    @Bean
    OpenCredentials openCredentials(WorkerProperties settings) {
        return OpenCredentials.withKeyset(settings.credentials().keyset());
    }

    @Bean
    Outbound outbound(PublicHosts hosts) {
        return new Outbound(hosts.allowPrivate());
    }

    @Bean
    TokenEndpoint tokenEndpoint(Outbound outbound, Clock clock) {
        return new TokenEndpoint(outbound, clock);
    }

    @Bean
    RenewAccess renewAccess(
            JdbcClient database,
            OpenCredentials seal,
            TokenEndpoint endpoint,
            WorkerProperties settings,
            MeterRegistry meters,
            Clock clock) {
        var clients = new OAuthClients(settings.oauth().clients());
        return new RenewAccess(database, seal, endpoint, clients, meters, clock);
    }

    @Bean
    PrepareResult prepareResult(WorkerProperties settings, MessageCodec codec, Clock clock) {
        int threshold = settings.content().threshold();
        return new PrepareResult(
                codec,
                settings.content()
                        .open()
                        .map(store -> new StoreLargeContent(store, threshold, clock))
                        .orElse(null),
                maxStateBytes(settings),
                clock);
    }

    @Bean
    ExecutionJournal executionJournal(WorkerProperties settings) throws IOException {
        return ExecutionJournal.open(settings.worker().stateDirectory().resolve("executing"));
    }

    @Bean
    Traces traces(WorkerProperties settings, @Value("${spring.application.name}") String service) {
        return Traces.of(service, settings.tracing());
    }

    /** Creates the topics and announces the manifests before the engine starts. */
    @Bean
    RunEngine engine(
            KafkaProperties kafka,
            WorkerProperties settings,
            MessageCodec codec,
            Plugins plugins,
            ExecuteTask executeTask,
            ExecutionJournal journal,
            PauseCache pauses,
            MeterRegistry meters,
            Traces traces,
            Clock clock) {
        int partitions;
        short copies;
        try (Admin admin = Admin.create(kafka.buildAdminProperties())) {
            PrepareTopics topics = settings.topics().prepare();
            partitions =
                    topics.prepare(admin, List.of(EngineTopology.changelog(StreamsSettings.applicationId(settings))));
            copies = topics.copies(admin);
        }
        var producers = kafka.buildProducerProperties();
        producers.put(ProducerConfig.ACKS_CONFIG, "all");
        producers.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.MAX_RECORD_BYTES);
        var consumers = kafka.buildConsumerProperties();
        consumers.remove(ConsumerConfig.GROUP_ID_CONFIG);
        consumers.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        try (var producer = new KafkaProducer<>(producers, new StringSerializer(), new ByteArraySerializer());
                var consumer = new KafkaConsumer<>(consumers, new StringDeserializer(), new ByteArrayDeserializer())) {
            new AnnounceManifests(codec, settings.plugins().announceOlder(), clock)
                    .announce(plugins, producer, consumer);
        }
        WorkerProperties.Engine engine = settings.worker();
        var bounds = EngineConfig.Bounds.DEFAULT
                .withDeadlines(engine.runDeadline(), engine.progressDeadline())
                .withMaxStateBytes(maxStateBytes(settings));
        TaskLabels labels = plugins.labels();
        var execution =
                new TraceExecution(new MeasureExecution(executeTask, labels, meters, clock), labels, traces, clock);
        EngineMetrics metrics = EngineMetrics.of(meters, labels);
        var process = new WorkerProcess(Objects.requireNonNullElse(engine.instanceId(), ""));
        return new RunEngine(
                EngineTopology.of(
                        EngineConfig.of(execution, codec, partitions, journal, process, pauses, metrics, bounds),
                        engine.persistentStore()),
                StreamsSettings.of(kafka, settings, copies),
                journal,
                process,
                metrics.queues(),
                meters);
    }

    /** Part of liveness by its name. */
    @Bean
    HealthIndicator progressHealthIndicator(RunEngine engine) {
        return engine::progress;
    }

    private static int maxStateBytes(WorkerProperties settings) {
        return Math.toIntExact(settings.worker().maxStateSize().toBytes());
    }
}
