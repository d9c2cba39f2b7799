package io.tributary.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.pipeline.leaks.LeakyIntegration;
import io.tributary.schemas.KafkaUser;
import io.tributary.schemas.Topics;
import io.tributary.standalone.servers.KafkaServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The services on a broker whose clients prove who they are and may do what {@link KafkaUser} allows, with an
 * integration that repeats its credential wherever it can.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecuredClusterIT {

    private static final String NAME = "secured";
    private static final int PARTITIONS = 4;
    private static final String SECRET = "kanarie/nvogel+4711";
    private static final List<String> TRACES = List.of("kanarie", "nvogel");
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final Map<String, String> USERS =
            Map.of("admin", "admin-1", "scheduler", "scheduler-1", "worker", "worker-1", "sink", "sink-1");

    private KafkaServer kafka;
    private Pipeline pipeline;

    @SuppressWarnings("NullAway.Init") // start() sets them
    SecuredClusterIT() {}

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        kafka = KafkaServer.startSecured(folder.resolve("kafka"), 0, USERS);
        try (var admin = Admin.create(client("admin"))) {
            var topics = new Topics(NAME);
            topics.createMissing(admin, PARTITIONS, (short) 1);
            for (var user : List.of(KafkaUser.SCHEDULER, KafkaUser.WORKER, KafkaUser.SINK)) {
                admin.createAcls(user.acls(topics, "User:" + user.id())).all().get();
            }
        }
        pipeline = new Pipeline(NAME, folder, Map.of("SPRING_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers()))
                .withPlugin(PluginJar.pack(folder, LeakyIntegration.class));
        for (String service : List.of("scheduler", "worker", "sink")) {
            var environment = new HashMap<String, String>();
            environment.put("SPRING_KAFKA_SECURITY_PROTOCOL", "SASL_PLAINTEXT");
            environment.put("SPRING_KAFKA_CLIENT_ID", "tributary-" + service);
            environment.put("SPRING_KAFKA_PROPERTIES_SASL_MECHANISM", "SCRAM-SHA-256");
            environment.put("SPRING_KAFKA_PROPERTIES_SASL_JAAS_CONFIG", login(service));
            pipeline.withEnvironment(service, environment);
        }
        pipeline.startAll();
    }

    @AfterAll
    void stop() {
        pipeline.close();
        kafka.close();
    }

    @Test
    void keepsACredentialOutOfAllTopicsTablesAndLogs() {
        Api api = pipeline.api("ada");
        var ends = new HashMap<String, String>();
        var accounts = new HashMap<String, String>();
        for (String leak : List.of(
                "exception", "error", "linkage", "failure", "code", "url", "payload", "state", "output", "log")) {
            String account = api.connect(
                    "leaky", leak, Map.of("leak", leak, "baseUrl", "http://127.0.0.1:9"), Map.of("apiKey", SECRET));
            accounts.put(leak, account);
            ends.put(leak, status(api.sync(account, SOON)));
        }

        assertThat(ends)
                .containsEntry("payload", "succeeded")
                .containsEntry("state", "succeeded")
                .containsEntry("output", "succeeded")
                .containsEntry("log", "succeeded")
                .containsEntry("exception", "failed")
                .containsEntry("error", "failed");
        assertThat(pipeline.database()
                        .sql("select external_id from user_integration_content where external_id = 'filled-in'")
                        .query(String.class)
                        .list())
                .as("the follow-up task got the credential")
                .hasSize(1);
        assertThat(topicsWithTraces()).isEmpty();
        assertThat(tablesWithTraces()).isEmpty();
        for (String service : List.of("scheduler", "worker", "sink")) {
            assertThat(pipeline.process(service).log()).as(service).doesNotContain(TRACES);
        }
    }

    private String status(String run) {
        return pipeline.database()
                .sql("select status::text from sync_run where id = ?::uuid")
                .param(run)
                .query(String.class)
                .single();
    }

    private Set<String> topicsWithTraces() {
        var found = new java.util.TreeSet<String>();
        try (var consumer =
                new KafkaConsumer<>(client("admin"), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            var partitions = consumer.listTopics().values().stream()
                    .flatMap(List::stream)
                    .filter(partition -> partition.topic().startsWith(NAME))
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            assertThat(partitions).as("topics of the pipeline").hasSizeGreaterThan(20);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            while (partitions.stream()
                    .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
                for (var record : consumer.poll(Duration.ofMillis(200))) {
                    String text = new String(
                            record.value() == null ? new byte[0] : record.value(), StandardCharsets.ISO_8859_1);
                    if (TRACES.stream().anyMatch(text::contains)) {
                        found.add(record.topic());
                    }
                }
            }
        }
        return found;
    }

    private List<String> tablesWithTraces() {
        var found = new ArrayList<String>();
        for (String table : pipeline.database()
                .sql("select tablename from pg_tables where schemaname = 'public'")
                .query(String.class)
                .list()) {
            for (String trace : TRACES) {
                long rows = pipeline.database()
                        .sql("select count(*) from \"" + table + "\" t where t::text like ?")
                        .param("%" + trace + "%")
                        .query(Long.class)
                        .single();
                if (rows > 0) {
                    found.add(table);
                }
            }
        }
        return found;
    }

    private static String login(String user) {
        return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"" + user + "\" password=\""
                + USERS.get(user) + "\";";
    }

    private Map<String, Object> client(String user) {
        return Map.of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "SCRAM-SHA-256",
                "sasl.jaas.config",
                login(user));
    }
}
