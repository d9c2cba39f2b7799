package io.tributary.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tributary.standalone.servers.ConfluentClasses;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The services on servers that are reached by TLS and password alone, each as the user that deployments give it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecuredPipelineIT {

    private static final Duration SOON = Duration.ofSeconds(120);
    private static final int MESSAGES = 30;

    private SecuredServers servers;
    private Pipeline pipeline;
    private Mailbox mailbox;
    private String account;
    private String run;

    @SuppressWarnings("NullAway.Init") // start() sets them
    SecuredPipelineIT() {}

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        servers = SecuredServers.start(folder.resolve("servers"));
        mailbox = new Mailbox().deliver(MESSAGES);
        pipeline = new Pipeline(servers, folder).startAll();
        Api api = pipeline.api("ada");
        account = api.connect("imap", "mailbox", mailbox.config(), mailbox.credentials());
        run = api.sync(account, SOON);
        String broken = api.connect("imap", "broken", mailbox.config(), Map.of("username", "nobody", "password", "no"));
        api.sync(broken, SOON);
    }

    @AfterAll
    void stop() {
        pipeline.close();
        mailbox.close();
        servers.close();
    }

    @Test
    void syncsThroughEncryptedConnectionsAlone() {
        Api api = pipeline.api("ada");

        assertThat(api.run(run).get("status").asString()).isEqualTo("succeeded");
        assertThat(api.content(account)).hasSize(MESSAGES);
        assertThat(servers.asOwner()
                        .sql("select distinct usename from pg_stat_activity a join pg_stat_ssl s using (pid)"
                                + " where s.ssl and usename like 'secured%'")
                        .query(String.class)
                        .list())
                .contains("secured_scheduler", "secured_worker", "secured_sink");
        assertThatThrownBy(() -> DriverManager.getConnection(
                        servers.database().url() + "?sslmode=disable", "secured_sink", "test"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("no encryption");
    }

    @Test
    void bringsContentBackByAReplay() {
        servers.asOwner().sql("truncate user_integration_content").update();

        Api operator = pipeline.operator();
        Api.Answer answer = operator.post("/v1/replays", Map.of("kind", "outputs", "userIntegrationId", account));
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(202);
        String replay = answer.body().get("id").asString();
        await("the end of the replay").atMost(SOON).until(() -> {
            JsonNode body = operator.get("/v1/replays/" + replay).body();
            return body.get("status").asString().equals("succeeded");
        });

        assertThat(pipeline.api("ada").content(account)).hasSize(MESSAGES);
    }

    /** With the settings of deploy/kafka-ui.env, the rights of its user, and the deserializer that it has. */
    @Test
    void showsEveryRecordInKafkaUi() throws IOException {
        KafkaUiSettings shipped = KafkaUiSettings.read();
        assertThat(shipped.ofCluster())
                .containsEntry("readonly", "true")
                .containsEntry("defaultkeyserde", "String")
                .containsEntry("defaultvalueserde", "SchemaRegistry");
        var seen = new TreeSet<String>();
        try (var confluent = ConfluentClasses.ofAnotherProgram()) {
            var registry = new HashMap<>(servers.registryClient());
            registry.put("specific.avro.reader", "false");
            var values = confluent.deserializer(registry);

            readAll(shipped.ofConsumers(), record -> {
                assertThat(text(record.key())).isNotBlank();
                record.headers().forEach(header -> text(header.value()));
                if (record.value() != null) {
                    String shown = String.valueOf(values.call(record.topic(), record.value()));
                    assertThat(shown).startsWith("{").contains("\"");
                }
                seen.add(record.topic());
            });
        }

        assertThat(seen).contains("sync.tasks", "sync.output", "sync.integrations", "sync.events");
    }

    private void readAll(Map<String, String> itsOwn, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        var settings = new HashMap<>(servers.client("kafka-ui"));
        settings.putAll(itsOwn);
        assertThat(settings).containsEntry("isolation.level", "read_committed");
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            var partitions = new HashSet<TopicPartition>();
            consumer.listTopics()
                    .forEach((topic, infos) -> infos.stream()
                            .filter(_ -> topic.startsWith("sync."))
                            .forEach(info -> partitions.add(new TopicPartition(topic, info.partition()))));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            while (partitions.stream()
                    .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
                consumer.poll(Duration.ofMillis(200)).forEach(reader);
            }
        }
    }

    /** Fails where the bytes are no UTF-8. */
    private static String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new AssertionError("no text: " + HexFormat.of().formatHex(bytes), e);
        }
    }
}
