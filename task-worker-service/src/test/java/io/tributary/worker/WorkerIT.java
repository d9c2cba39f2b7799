package io.tributary.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import io.tributary.integrations.api.Integration;
import io.tributary.schemas.ConnectAccount;
import io.tributary.schemas.DeadLetter;
import io.tributary.schemas.IntegrationManifest;
import io.tributary.schemas.Output;
import io.tributary.schemas.RunAgain;
import io.tributary.schemas.RunProgress;
import io.tributary.schemas.RunStatus;
import io.tributary.schemas.Task;
import io.tributary.schemas.Topics;
import io.tributary.schemas.Trigger;
import io.tributary.schemas.serde.AvroDeserializer;
import io.tributary.schemas.serde.AvroSerializer;
import io.tributary.standalone.servers.TestServers;
import io.tributary.worker.plugin.EchoIntegration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The worker on real Kafka, Postgres and registry, with a plugin in a jar. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WorkerIT {

    private static final Topics TOPICS = new Topics("worker-it");
    private static final String SECRET = "canary-secret-of-the-worker";

    private final Map<String, Object> registry =
            Map.of("schema.registry.url", TestServers.registry().url());
    private JdbcClient database;
    private Aead key;
    private ConfigurableApplicationContext worker;

    @SuppressWarnings("NullAway.Init") // start() sets them
    WorkerIT() {}

    @BeforeAll
    void start(@TempDir Path folder) throws IOException, GeneralSecurityException {
        var postgres = TestServers.postgres();
        String url = postgres.createDatabase("worker_it");
        var dataSource = new DriverManagerDataSource(url, postgres.username(), postgres.password());
        database = JdbcClient.create(dataSource);
        Flyway.configure().dataSource(dataSource).load().migrate();
        postgres.createLogin("worker_it", "worker_it", List.of("tributary_worker"));
        AeadConfig.register();
        var keys = KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM);
        key = keys.getPrimitive(RegistryConfiguration.get(), Aead.class);
        Path keyset = Files.writeString(
                folder.resolve("keyset.json"),
                TinkJsonProtoKeysetFormat.serializeKeyset(keys, InsecureSecretKeyAccess.get()));
        worker = WorkerApplication.application()
                .web(WebApplicationType.NONE)
                .run(
                        "--spring.kafka.bootstrap-servers="
                                + TestServers.kafka().bootstrapServers(),
                        "--spring.datasource.url=" + url,
                        "--spring.datasource.username=worker_it",
                        "--spring.datasource.password=worker_it",
                        "--tributary.schema-registry.url="
                                + TestServers.registry().url(),
                        "--tributary.topics.prefix=" + TOPICS.prefix(),
                        "--tributary.topics.partitions=2",
                        "--tributary.credentials.keyset=" + keyset,
                        "--tributary.plugins.directories=" + echoPlugin(folder),
                        "--tributary.worker.state-directory=" + folder.resolve("state"));
    }

    @AfterAll
    void stop() {
        worker.close();
    }

    @Test
    void announcesItsIntegrations() {
        List<SpecificRecord> manifests = readUntil(TOPICS.integrations(), 1);

        var manifest = (IntegrationManifest) manifests.getFirst();
        assertThat(manifest.getDomain()).isEqualTo("echo");
        assertThat(Json.readObject(manifest.getManifest()).values())
                .containsKeys("configSchema", "limits", "syncTypes")
                .containsEntry("connects", false);
    }

    @Test
    void executesARunAndProvesItsSums() {
        UUID account = account("{\"count\": 50}");

        var run = run(account);

        assertThat(run.last().getStatus()).isEqualTo(RunStatus.succeeded);
        assertThat(run.last().getSpawned()).isEqualTo(50);
        assertThat(run.last().getSyncState()).isEqualTo("{\"listed\":50}");
        assertThat(run.outputs()).hasSize(50).allSatisfy(output -> {
            assertThat(output.getExternalId()).startsWith("item-");
            assertThat(output.getMetadata()).isEqualTo("{\"keyLength\":" + SECRET.length() + "}");
        });
        assertThat(run.outputs().stream().map(Output::getExternalId)).doesNotHaveDuplicates();
    }

    @Test
    void containsWhatAPluginThrows() {
        for (String breaks : List.of(
                "runtime",
                "linkage",
                "permanent",
                "followUp",
                "tooLarge",
                "null",
                "exit",
                "halt",
                "tenMillion",
                "hugeOutputs",
                "memory")) {
            UUID account = account("{\"count\": 3, \"breaks\": \"" + breaks + "\"}");

            var run = run(account);

            assertThat(run.last().getStatus()).as(breaks).isEqualTo(RunStatus.partial);
            assertThat(run.last().getCompleted() + run.last().getFailed())
                    .as(breaks)
                    .isEqualTo(run.last().getSpawned() + 1);
            assertThat(run.last().getError().getMessage()).as(breaks).doesNotContain("a foreign message");
            assertThat(run.outputs()).as(breaks).hasSize(breaks.equals("tooLarge") ? 3 : 2);
            assertThat(readUntilOf(
                            TOPICS.deadLetters(),
                            DeadLetter.class,
                            letter -> letter.getErrorCode()
                                    .equals(run.last().getError().getCode())))
                    .as(breaks)
                    .isNotNull();
        }
    }

    @Test
    void goesOnForItsNeighboursWhileTasksHoldOnToTheirThreads(@TempDir Path folder) throws IOException {
        Path until = folder.resolve("until");
        int carriers = Runtime.getRuntime().availableProcessors();
        int moreThanCarriers = 4 * carriers;
        Task blocking = initialTask(account("{\"count\": " + moreThanCarriers + ", \"until\": \"" + until + "\"}"));
        publish(blocking);
        try {
            await("tasks that block")
                    .until(() -> Objects.requireNonNull(folder.toFile().list()).length >= carriers);
            var neighbour = run(account("{\"count\": 20}"));

            assertThat(neighbour.last().getStatus()).isEqualTo(RunStatus.succeeded);
        } finally {
            Files.createFile(until);
        }
        assertThat(awaitEnd(blocking).last().getStatus()).isNotEqualTo(RunStatus.running);
    }

    @Test
    void saysThatCredentialsDoNotOpen() {
        UUID account = account("{\"count\": 1}");
        database.sql("update user_integration set credentials = ? where id = ?")
                .params(new byte[] {1, 2, 3}, account)
                .update();

        var run = run(account);

        assertThat(run.last().getError().getCode()).isEqualTo("polling.credentialsUnreadable");
        assertThat(run.last().getError().getKind()).isEqualTo("unauthorized");
    }

    @Test
    void failsTasksOfIntegrationsItDoesNotHave() {
        UUID account = account("{}");
        Task task = Task.newBuilder(initialTask(account)).setDomain("absent").build();

        var run = run(task);

        assertThat(run.last().getStatus()).isEqualTo(RunStatus.failed);
        assertThat(run.last().getError().getCode()).isEqualTo("polling.integrationNotFound");
    }

    @Test
    void executesTasksAgainTogetherInARun() {
        var again = Task.newBuilder(initialTask(account("{\"count\": 50}")))
                .setType(RunAgain.TASK_TYPE)
                .setPayload("""
                        {"tasks": [{"type": "say", "payload": {"number": 3}}, {"type": "say", "payload": {"number": 5}}]}
                        """)
                .build();

        var run = run(again);

        assertThat(run.last().getStatus()).isEqualTo(RunStatus.succeeded);
        assertThat(run.last().getSpawned()).isEqualTo(2);
        assertThat(run.last().getCompleted()).isEqualTo(3);
        assertThat(run.outputs()).hasSize(2);
    }

    @Test
    void endsWellAndKnowsNothingWhereTheIntegrationCannotSayWhoseAccountItIs() {
        var run = run(Task.newBuilder(initialTask(account("{\"count\": 50}")))
                .setType(ConnectAccount.TASK_TYPE)
                .setTrigger(Trigger.system)
                .build());

        assertThat(run.last().getStatus()).isEqualTo(RunStatus.succeeded);
        assertThat(run.last().getCompleted()).isOne();
        assertThat(run.last().getSpawned()).isZero();
        assertThat(run.last().getAccount()).isNull();
        assertThat(run.outputs()).isEmpty();
    }

    private record Run(RunProgress last, List<Output> outputs) {}

    private Run run(UUID account) {
        return run(initialTask(account));
    }

    private Run run(Task task) {
        publish(task);
        return awaitEnd(task);
    }

    private void publish(Task task) {
        try (var serializer = new AvroSerializer<Task>();
                var producer = new KafkaProducer<String, Task>(
                        Map.of("bootstrap.servers", TestServers.kafka().bootstrapServers()),
                        new StringSerializer(),
                        configured(serializer))) {
            producer.send(new ProducerRecord<>(
                    TOPICS.tasks(), task.getUserIntegrationId().toString(), task));
            producer.flush();
        }
    }

    private Run awaitEnd(Task task) {
        var outputs = new ArrayList<Output>();
        var last = readUntilOf(TOPICS.output(), SpecificRecord.class, message -> {
            if (message instanceof Output output && output.getRunId().equals(task.getRunId())) {
                outputs.add(output);
            }
            return message instanceof RunProgress progress
                    && progress.getRunId().equals(task.getRunId())
                    && progress.getStatus() != RunStatus.running;
        });
        return new Run((RunProgress) last, outputs);
    }

    private AvroSerializer<Task> configured(AvroSerializer<Task> serializer) {
        serializer.configure(registry, false);
        return serializer;
    }

    private static Task initialTask(UUID account) {
        UUID run = UUID.randomUUID();
        return Task.newBuilder()
                .setTaskId(run)
                .setRunId(run)
                .setUserIntegrationId(account)
                .setUserId("user")
                .setDomain("echo")
                .setType("list")
                .setPayload("{}")
                .setOptions("{}")
                .setTrigger(Trigger.manual)
                .setCreatedAt(Instant.ofEpochMilli(0))
                .build();
    }

    private UUID account(String config) {
        UUID id = UUID.randomUUID();
        try {
            byte[] sealed = key.encrypt(
                    ("{\"apiKey\":\"" + SECRET + "\"}").getBytes(StandardCharsets.UTF_8),
                    id.toString().getBytes(StandardCharsets.UTF_8));
            database.sql("""
                            insert into user_integration (id, user_id, integration_domain, name, config, credentials)
                            values (?, 'user', 'echo', 'echo', ?::jsonb, ?)
                            """).params(id, config, sealed).update();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
        return id;
    }

    private List<SpecificRecord> readUntil(String topic, int count) {
        var read = new ArrayList<SpecificRecord>();
        readUntilOf(topic, SpecificRecord.class, message -> {
            read.add(message);
            return read.size() >= count;
        });
        return read;
    }

    private <T> T readUntilOf(String topic, Class<T> type, java.util.function.Predicate<T> found) {
        var deserializer = new AvroDeserializer<SpecificRecord>();
        deserializer.configure(registry, false);
        try (var consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", TestServers.kafka().bootstrapServers(),
                        "isolation.level", "read_committed",
                        "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                deserializer)) {
            consumer.assign(consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList());
            Instant deadline = Instant.now().plus(Duration.ofSeconds(60));
            while (Instant.now().isBefore(deadline)) {
                for (var record : consumer.poll(Duration.ofMillis(100))) {
                    if (type.isInstance(record.value()) && found.test(type.cast(record.value()))) {
                        return type.cast(record.value());
                    }
                }
            }
            throw new AssertionError("not on " + topic + " within a minute");
        }
    }

    static Path echoPlugin(Path folder) throws IOException {
        Path plugins = Files.createDirectories(folder.resolve("plugins"));
        String name = EchoIntegration.class.getName();
        String file = name.replace('.', '/') + ".class";
        try (var jar = new JarOutputStream(Files.newOutputStream(plugins.resolve("echo.jar")));
                var bytes = Objects.requireNonNull(
                        EchoIntegration.class.getClassLoader().getResourceAsStream(file))) {
            jar.putNextEntry(new JarEntry(file));
            bytes.transferTo(jar);
            jar.putNextEntry(new JarEntry("META-INF/services/" + Integration.class.getName()));
            jar.write(name.getBytes(StandardCharsets.UTF_8));
        }
        Files.writeString(plugins.resolve("broken.jar"), "not a jar");
        return plugins;
    }
}
