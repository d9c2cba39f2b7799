package io.tributary.worker;

import io.tributary.schemas.Topics;
import io.tributary.schemas.serde.AvroDeserializer;
import io.tributary.schemas.serde.AvroSerializer;
import io.tributary.worker.engine.EngineParts;
import io.tributary.worker.engine.EngineTopology;
import io.tributary.worker.engine.ExecutionJournal;
import io.tributary.worker.engine.Wire;
import io.tributary.worker.execution.AddressPolicy;
import io.tributary.worker.execution.ExecuteTask;
import io.tributary.worker.execution.FollowPauses;
import io.tributary.worker.execution.OpenCredentials;
import io.tributary.worker.execution.Outside;
import io.tributary.worker.execution.PrepareResult;
import io.tributary.worker.execution.ReadAccount;
import io.tributary.worker.execution.RenewAccess;
import io.tributary.worker.execution.StoreLargeContent;
import io.tributary.worker.oauth.TokenEndpoint;
import io.tributary.worker.plugins.AnnounceManifests;
import io.tributary.worker.plugins.LoadPlugins;
import io.tributary.worker.plugins.Plugins;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Puts the worker together. */
@Configuration(proxyBeanMethods = false)
class WorkerConfiguration {

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    Wire wire(WorkerProperties settings) {
        Map<String, Object> registry =
                Map.of("schema.registry.url", settings.schemaRegistry().url());
        var serializer = new AvroSerializer<SpecificRecord>();
        serializer.configure(registry, false);
        var deserializer = new AvroDeserializer<SpecificRecord>();
        deserializer.configure(registry, false);
        return new Wire(new Topics(settings.topics().prefix()), serializer, deserializer);
    }

    @Bean
    Plugins plugins(WorkerProperties settings) {
        return LoadPlugins.from(settings.plugins().directories());
    }

    @Bean
    AddressPolicy addressPolicy(WorkerProperties settings) {
        return new AddressPolicy(settings.http().allowPrivateAddresses());
    }

    @Bean
    OpenCredentials openCredentials(WorkerProperties settings) {
        return OpenCredentials.withKeyset(settings.credentials().keyset());
    }

    @Bean
    TokenEndpoint tokenEndpoint(AddressPolicy addresses) {
        return new TokenEndpoint(addresses::resolve, addresses.allowPrivate());
    }

    @Bean
    RenewAccess renewAccess(JdbcClient database, OpenCredentials seal, TokenEndpoint endpoint, Clock clock) {
        return new RenewAccess(database, seal, endpoint, clock);
    }

    @Bean
    Outside outside(AddressPolicy addresses) {
        return new Outside(addresses);
    }

    @Bean
    PrepareResult prepareResult(WorkerProperties settings, Wire wire, Clock clock) {
        int threshold = settings.content().threshold();
        return new PrepareResult(
                wire,
                settings.content()
                        .open()
                        .map(store -> new StoreLargeContent(store, threshold, clock))
                        .orElse(null),
                clock);
    }

    @Bean
    ExecuteTask executeTask(
            Plugins plugins,
            ReadAccount readAccount,
            RenewAccess renewAccess,
            PrepareResult prepareResult,
            Outside outside,
            Clock clock) {
        return new ExecuteTask(plugins, readAccount, renewAccess, prepareResult, outside, clock);
    }

    @Bean
    ReadAccount readAccount(JdbcClient database, OpenCredentials openCredentials) {
        return new ReadAccount(database, openCredentials);
    }

    @Bean
    ExecutionJournal executionJournal(WorkerProperties settings) throws IOException {
        return ExecutionJournal.open(settings.worker().stateDirectory().resolve("executing"));
    }

    @Bean
    FollowPauses followPauses(JdbcClient database) {
        return new FollowPauses(database);
    }

    /** Before the engine starts, the topics are there and the scheduler knows what this worker can do. */
    @Bean
    RunEngine engine(
            @Value("${spring.kafka.bootstrap-servers}") String bootstrapServers,
            WorkerProperties settings,
            Wire wire,
            Plugins plugins,
            ExecuteTask executeTask,
            ExecutionJournal journal,
            FollowPauses pauses,
            Clock clock) {
        Map<String, Object> broker = Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        int partitions;
        try (Admin admin = Admin.create(broker)) {
            wire.topics()
                    .createMissing(
                            admin,
                            settings.topics().partitions(),
                            settings.topics().replicationFactor());
            partitions = wire.topics().partitions(admin);
        }
        try (var producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        Topics.MAX_RECORD_BYTES),
                new StringSerializer(),
                new ByteArraySerializer())) {
            new AnnounceManifests(wire, clock).announce(plugins, producer);
        }
        WorkerProperties.Engine engine = settings.worker();
        var bounds = EngineParts.Bounds.DEFAULT.withDeadlines(engine.runDeadline(), engine.progressDeadline());
        return new RunEngine(
                EngineTopology.of(
                        EngineParts.of(executeTask, wire, partitions, journal, pauses, bounds),
                        engine.persistentStore()),
                StreamsSettings.of(bootstrapServers, settings),
                journal);
    }
}
