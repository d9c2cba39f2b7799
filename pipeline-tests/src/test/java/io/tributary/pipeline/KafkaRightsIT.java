package io.tributary.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.pipeline.KafkaOperations.Key;
import io.tributary.pipeline.KafkaOperations.Use;
import io.tributary.schemas.KafkaUser;
import io.tributary.schemas.Topics;
import io.tributary.standalone.servers.KafkaServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each right of {@link KafkaUser} is needed: without it, an operation of its user is refused. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KafkaRightsIT {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Topics TOPICS = new Topics("sync");
    private static final Map<String, String> PASSWORDS = Map.of(
            "admin",
            "admin-1",
            "scheduler",
            "scheduler-1",
            "worker",
            "worker-1",
            "sink",
            "sink-1",
            "edge",
            "edge-1",
            "kafka-ui",
            "ui-1");

    private final Map<Key, Use> uses = new KafkaOperations(TOPICS, user -> client(user.id())).all();
    private KafkaServer kafka;
    private Admin admin;

    @SuppressWarnings("NullAway.Init") // start() sets them
    KafkaRightsIT() {}

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        kafka = KafkaServer.startSecured(folder.resolve("kafka"), 0, PASSWORDS);
        admin = Admin.create(client("admin"));
        TOPICS.createMissing(admin, 1, (short) 1);
        String changelog = KafkaUser.workerApplication(TOPICS) + "-changelog";
        admin.createTopics(List.of(new NewTopic(changelog, 1, (short) 1))).all().get();
        for (KafkaUser user : KafkaUser.values()) {
            admin.createAcls(acls(user)).all().get();
        }
        try (var producer = new KafkaProducer<>(client("admin"), new StringSerializer(), new StringSerializer())) {
            for (String topic : admin.listTopics().names().get()) {
                producer.send(new ProducerRecord<>(topic, "key", "value")).get();
            }
        }
    }

    @AfterAll
    void stop() {
        admin.close();
        kafka.close();
    }

    @Test
    void knowsAUseForEachRight() {
        Set<Key> shipped = new HashSet<>();
        for (KafkaUser user : KafkaUser.values()) {
            acls(user).forEach(acl -> shipped.add(key(user, acl)));
        }

        assertThat(uses.keySet()).containsExactlyInAnyOrderElementsOf(shipped);
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("rights")
    void refusesAnOperationWithoutTheRight(Key right, AclBinding acl, Use use) throws Exception {
        use.operation().run();

        admin.deleteAcls(List.of(acl.toFilter())).all().get();
        try {
            await("refusal").atMost(SOON).until(() -> isRefused(use));
        } finally {
            admin.createAcls(List.of(acl)).all().get();
        }
        await("permission").atMost(SOON).until(() -> !isRefused(use));
    }

    Stream<Arguments> rights() {
        return Stream.of(KafkaUser.values())
                .flatMap(user -> acls(user).stream()
                        .sorted(Comparator.comparing(AclBinding::toString))
                        .map(acl -> Arguments.of(
                                key(user, acl), acl, Objects.requireNonNull(uses.get(key(user, acl)), acl::toString))));
    }

    private static boolean isRefused(Use use) {
        try {
            use.operation().run();
            return false;
        } catch (AuthorizationException e) {
            return true;
        }
    }

    private static List<AclBinding> acls(KafkaUser user) {
        return user.acls(TOPICS, "User:" + user.id());
    }

    private static Key key(KafkaUser user, AclBinding acl) {
        return new Key(user, acl.pattern().name(), acl.entry().operation());
    }

    private Map<String, Object> client(String user) {
        return new HashMap<>(Map.of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "SCRAM-SHA-256",
                "sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"" + user + "\" password=\""
                        + PASSWORDS.get(user) + "\";"));
    }
}
