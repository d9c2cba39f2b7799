package io.tributary.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.RegistryConfiguration;
import io.tributary.schemas.ConnectAccount;
import io.tributary.schemas.DeadLetter;
import io.tributary.schemas.IntegrationManifest;
import io.tributary.schemas.Migrations;
import io.tributary.schemas.Output;
import io.tributary.schemas.RunAgain;
import io.tributary.schemas.RunProgress;
import io.tributary.schemas.RunStatus;
import io.tributary.schemas.Task;
import io.tributary.schemas.Topics;
import io.tributary.schemas.Trigger;
import io.tributary.schemas.serde.AvroDeserializer;
import io.tributary.schemas.serde.AvroSerializer;
import io.tributary.standalone.metrics.DocumentedMetrics;
import io.tributary.standalone.metrics.Promtool;
import io.tributary.standalone.metrics.Scrape;
import io.tributary.standalone.servers.TestServers;
import io.tributary.worker.codec.Json;
import io.tributary.worker.plugin.EchoIntegration;
import io.tributary.worker.testing.InitialTasks;
import io.tributary.worker.testing.Keysets;
import io.tributary.worker.testing.PluginFolder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
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
        Flyway.configure()
                .configuration(Migrations.SETTINGS)
                .dataSource(dataSource)
                .load()
                .migrate();
        postgres.createLogin("worker_it", "worker_it", List.of("tributary_worker"));
        var keys = Keysets.generate();
        key = keys.getPrimitive(RegistryConfiguration.get(), Aead.class);
        Path keyset = Keysets.write(keys, folder);
        Path plugins = PluginFolder.of(EchoIntegration.class, folder);
        Files.writeString(plugins.resolve("broken.jar"), "not a jar");
        worker = WorkerApplication.application()
                .run(
                        "--server.port=0",
                        "--management.server.port=0",
                        "--spring.kafka.bootstrap-servers="
                                + TestServers.kafka().bootstrapServers(),
                        "--spring.datasource.url=" + url,
                        "--spring.datasource.username=worker_it",
                        "--spring.datasource.password=worker_it",
                        "--tributary.schema-registry.url="
                                + TestServers.registry().url(),
                        "--tributary.topics.prefix=" + TOPICS.prefix(),
                        "--tributary.topics.partitions=2",
                        "--tributary.topics.replication-factor=1",
                        "--tributary.topics.allow-single-replica=true",
                        "--tributary.plugins.wait-for-missing=2s",
                        "--tributary.credentials.keyset=" + keyset,
                        "--tributary.plugins.directories=" + plugins,
                        "--tributary.worker.state-directory=" + folder.resolve("state"));
    }

    @AfterAll
    void stop() {
        worker.close();
    }

    @Test
    void servesTheMetricsThatAreDocumented() throws Exception {
        account("{\"count\": 1}");
        var run = run(account("{\"count\": 5}"));
        assertThat(run.last().getStatus()).isEqualTo(RunStatus.succeeded);

        Scrape scrape = Scrape.of(managementPort());

        assertThat(scrape.sum("tributary_worker_tasks_total", "domain", "echo", "outcome", "completed"))
                .isGreaterThanOrEqualTo(6);
        assertThat(scrape.sum("tributary_worker_execution_seconds_count", "domain", "echo"))
                .isGreaterThanOrEqualTo(6);
        assertThat(scrape.sum("tributary_worker_hop_seconds_count", "domain", "echo"))
                .isGreaterThanOrEqualTo(6);
        assertThat(scrape.sum("tributary_worker_transaction_seconds_count")).isPositive();
        assertThat(scrape.sum("tributary_worker_partitions")).isEqualTo(2);
        assertThat(scrape.sum("tributary_worker_engine_state", "state", "running"))
                .isEqualTo(1);
        assertThat(scrape.sum("tributary_worker_kafka_sent_total")).isPositive();
        Map<String, String> documented = DocumentedMetrics.rowsOf("Worker");
        // The integration of this test sends no requests.
        assertThat(documented.remove("tributary_worker_http_seconds")).isNotNull();
        assertThat(documented.remove("tributary_worker_token_refreshes_total")).isNotNull();
        assertThat(documented).isEqualTo(DocumentedMetrics.rowsFor(scrape));
        Optional<Promtool> promtool = Promtool.installed();
        if (promtool.isPresent()) {
            assertThat(promtool.get().lint(scrape)).isEmpty();
        }
    }

    @Test
    void servesItsProbesOnTheManagementPort() throws Exception {
        for (String probe : List.of("liveness", "readiness")) {
            URI uri = URI.create("http://127.0.0.1:" + managementPort() + "/actuator/health/" + probe);
            try (var http = HttpClient.newHttpClient()) {
                var response = http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
                assertThat(response.statusCode()).as(probe + response.body()).isEqualTo(200);
            }
        }
    }

    private int managementPort() {
        return worker.getEnvironment().getRequiredProperty("local.management.port", Integer.class);
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
                "assertion",
                "ioError",
                "hugeState",
                "hugeMessage",
                "hugePayloads",
                "process",
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
    void hidesTheEnvironmentFromAPlugin() {
        var run = run(account("{\"count\": 2, \"breaks\": \"environment\"}"));

        assertThat(run.outputs())
                .filteredOn(output -> "environment".equals(output.getExternalId()))
                .singleElement()
                .satisfies(output -> assertThat(output.getMetadata()).isEqualTo("{\"size\":0,\"path\":null}"));
    }

    @Test
    void waitsForAnIntegrationThatAnotherWorkerMayHave() {
        UUID account = account("{}");
        Task task = Task.newBuilder(InitialTasks.of(account, "echo", "list"))
                .setType("ofANewerVersion")
                .build();

        publish(task);
        var waits = readUntilOf(
                TOPICS.output(),
                RunProgress.class,
                progress -> progress.getRunId().equals(task.getRunId()) && progress.getThrottledReason() != null);
        var end = awaitEnd(task).last();

        assertThat(waits.getThrottledReason()).isEqualTo("polling.invalidTaskType");
        assertThat(end.getError().getCode()).isEqualTo("polling.invalidTaskType");
    }

    @Test
    void cutsTheNameOfAnItemThatNoRecordCouldHold() {
        var run = run(account("{\"count\": 2, \"breaks\": \"hugeName\"}"));

        assertThat(run.last().getStatus()).isEqualTo(RunStatus.succeeded);
        assertThat(run.outputs())
                .filteredOn(output -> "huge-name".equals(output.getExternalId()))
                .singleElement()
                .satisfies(output -> assertThat(output.getName()).hasSizeLessThan(10_000));
    }

    @Test
    void goesOnForItsNeighboursWhileTasksHoldOnToTheirThreads(@TempDir Path folder) throws IOException {
        Path until = folder.resolve("until");
        int carriers = Runtime.getRuntime().availableProcessors();
        int moreThanCarriers = 4 * carriers;
        Task blocking = InitialTasks.of(
                account("{\"count\": " + moreThanCarriers + ", \"until\": \"" + until + "\"}"), "echo", "list");
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
        Task task = Task.newBuilder(InitialTasks.of(account, "echo", "list"))
                .setDomain("absent")
                .build();

        var run = run(task);

        assertThat(run.last().getStatus()).isEqualTo(RunStatus.failed);
        assertThat(run.last().getError().getCode()).isEqualTo("polling.integrationNotFound");
    }

    @Test
    void executesTasksAgainTogetherInARun() {
        var again = Task.newBuilder(InitialTasks.of(account("{\"count\": 50}"), "echo", "list"))
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
        var run = run(Task.newBuilder(InitialTasks.of(account("{\"count\": 50}"), "echo", "list"))
                .setType(ConnectAccount.TASK_TYPE)
                .setTrigger(Trigger.system)
                .build());

        assertThat(run.last().getStatus()).isEqualTo(RunStatus.succeeded);
        assertThat(run.last().getCompleted()).isOne();
        assertThat(run.last().getSpawned()).isZero();
        assertThat(run.last().getAccount()).isNull();
        assertThat(run.outputs()).isEmpty();
    }

    @Test
    void commitsNothingWhileNothingHappens() {
        run(account("{\"count\": 2}"));

        await("a second in which no transaction is written").until(() -> {
            long before = writtenTransactions();
            await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
            return writtenTransactions() == before;
        });
    }

    /** How many records all transactions and their offsets took so far. */
    private static long writtenTransactions() throws Exception {
        try (var admin = Admin.create(
                Map.<String, Object>of("bootstrap.servers", TestServers.kafka().bootstrapServers()))) {
            var topics = admin.describeTopics(List.of("__transaction_state", "__consumer_offsets"))
                    .allTopicNames()
                    .get();
            var ends = new HashMap<TopicPartition, OffsetSpec>();
            topics.forEach((name, topic) -> topic.partitions()
                    .forEach(partition ->
                            ends.put(new TopicPartition(name, partition.partition()), OffsetSpec.latest())));
            return admin.listOffsets(ends).all().get().values().stream()
                    .mapToLong(end -> end.offset())
                    .sum();
        }
    }

    private record Run(RunProgress last, List<Output> outputs) {}

    private Run run(UUID account) {
        return run(InitialTasks.of(account, "echo", "list"));
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
}
