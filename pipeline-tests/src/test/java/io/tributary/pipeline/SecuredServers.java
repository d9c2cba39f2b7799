package io.tributary.pipeline;

import static org.awaitility.Awaitility.await;

import io.tributary.schemas.KafkaUser;
import io.tributary.schemas.Topics;
import io.tributary.standalone.servers.KafkaServer;
import io.tributary.standalone.servers.PostgresServer;
import io.tributary.standalone.servers.RegistryServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Servers as a production has them: Kafka with TLS, SCRAM and the ACLs of {@link KafkaUser}, Postgres that takes
 * connections by TLS alone, and a registry with TLS and a password.
 */
final class SecuredServers implements AutoCloseable {

    static final Topics TOPICS = new Topics("sync");
    static final int PARTITIONS = 4;

    private static final String MECHANISM = "SCRAM-SHA-512";
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

    private final KafkaServer kafka;
    private final PostgresServer postgres;
    private final Path postgresData;
    private final RegistryServer plainRegistry;
    private final SecuredRegistry registry;
    private final ServiceDatabase database;
    private ServerCertificate certificate;

    private SecuredServers(Path folder, ServerCertificate certificate) throws Exception {
        this.certificate = certificate;
        kafka = KafkaServer.startSecured(
                folder.resolve("kafka"),
                0,
                PASSWORDS,
                new KafkaServer.Tls(certificate.both(), certificate.certificate()));
        postgres = PostgresServer.start(folder.resolve("postgres"), 0);
        postgresData = folder.resolve("postgres").resolve("data");
        requireTls();
        plainRegistry = RegistryServer.start(folder.resolve("registry"), 0, postgres);
        registry = SecuredRegistry.inFrontOf(plainRegistry.url(), certificate);
        database = ServiceDatabase.create("secured", postgres);
        prepareTopics();
    }

    /** Starts all of them in a folder; takes ten seconds and more. */
    static SecuredServers start(Path folder) throws Exception {
        return new SecuredServers(folder, ServerCertificate.create(Files.createDirectories(folder)));
    }

    /** PEM of the certificate that clients must trust. */
    Path certificate() {
        return certificate.certificate();
    }

    ServiceDatabase database() {
        return database;
    }

    JdbcClient asOwner() {
        return database.asOwner();
    }

    /** Settings of a Kafka client of this process. */
    Map<String, Object> client(String user) {
        return Map.of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                "security.protocol",
                "SASL_SSL",
                "sasl.mechanism",
                MECHANISM,
                "sasl.jaas.config",
                login(user),
                "ssl.truststore.type",
                "PEM",
                "ssl.truststore.location",
                certificate.certificate().toString());
    }

    /** Settings by which a program of this process reads schemas. */
    Map<String, Object> registryClient() {
        return Map.of(
                "schema.registry.url",
                registry.url(),
                "basic.auth.credentials.source",
                "USER_INFO",
                "basic.auth.user.info",
                SecuredRegistry.USER + ":" + SecuredRegistry.PASSWORD,
                "schema.registry.ssl.truststore.type",
                "PEM",
                "schema.registry.ssl.truststore.location",
                certificate.certificate().toString());
    }

    /**
     * Environment of a service.
     *
     * @param service {@code scheduler}, {@code worker} or {@code sink}
     * @param trusted where the service finds {@link #certificate}
     */
    Map<String, String> environmentOf(String service, String trusted) {
        var environment = new HashMap<String, String>();
        environment.put("SPRING_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers());
        environment.put("SPRING_KAFKA_SECURITY_PROTOCOL", "SASL_SSL");
        environment.put("SPRING_KAFKA_SSL_TRUST_STORE_TYPE", "PEM");
        environment.put("SPRING_KAFKA_SSL_TRUST_STORE_LOCATION", "file:" + trusted);
        environment.put("SPRING_KAFKA_PROPERTIES_SASL_MECHANISM", MECHANISM);
        environment.put("SPRING_KAFKA_PROPERTIES_SASL_JAAS_CONFIG", login(service));
        environment.put("TRIBUTARY_SCHEMA_REGISTRY_URL", registry.url());
        environment.put(
                "SPRING_KAFKA_PROPERTIES_BASIC_AUTH_USER_INFO", SecuredRegistry.USER + ":" + SecuredRegistry.PASSWORD);
        environment.put("SPRING_KAFKA_PROPERTIES_SCHEMA_REGISTRY_SSL_TRUSTSTORE_TYPE", "PEM");
        environment.put("SPRING_KAFKA_PROPERTIES_SCHEMA_REGISTRY_SSL_TRUSTSTORE_LOCATION", trusted);
        environment.putAll(database.environmentOf(service));
        environment.compute(
                "SPRING_DATASOURCE_URL",
                (_, url) -> url + (url.contains("?") ? "&" : "?") + "sslmode=verify-full&sslrootcert=" + trusted);
        environment.put("TRIBUTARY_TOPICS_PREFIX", TOPICS.prefix());
        environment.put("TRIBUTARY_TOPICS_PARTITIONS", Integer.toString(PARTITIONS));
        environment.put("TRIBUTARY_TOPICS_REPLICATION_FACTOR", "1");
        environment.put("TRIBUTARY_TOPICS_ALLOW_SINGLE_REPLICA", "true");
        return environment;
    }

    /** What the values of the chart say of these servers. */
    Map<String, Object> values() {
        return Map.of(
                "kafka",
                Map.of(
                        "bootstrapServers",
                        kafka.bootstrapServers(),
                        "topicPrefix",
                        TOPICS.prefix(),
                        "partitions",
                        PARTITIONS,
                        "replicationFactor",
                        1,
                        "allowSingleReplica",
                        true),
                "registry",
                Map.of(
                        "url",
                        registry.url(),
                        "basicAuth",
                        Map.of("existingSecret", "registry-login"),
                        "ca",
                        Map.of("existingSecret", "registry-ca")),
                "database",
                Map.of("url", database.url() + "?sslmode=verify-full&sslrootcert=/etc/tributary/ca/database.crt"));
    }

    /** The secrets that the values for production name, and those of {@link #values}. */
    Map<String, Map<String, String>> secrets() throws IOException {
        String authority = Files.readString(certificate.certificate());
        return Map.of(
                "tributary-cluster-ca-cert",
                Map.of("ca.crt", authority),
                "tributary-postgres-ca",
                Map.of("ca.crt", authority),
                "registry-ca",
                Map.of("ca.crt", authority),
                "registry-login",
                Map.of("user-info", SecuredRegistry.USER + ":" + SecuredRegistry.PASSWORD),
                "tributary-postgres-app",
                Map.of("password", postgres.password()));
    }

    /** The secrets of one service: its login at Kafka, and its password at Postgres. */
    Map<String, Map<String, String>> secretsOf(String service) {
        return Map.of(
                "tributary-" + service,
                Map.of("sasl.jaas.config", login(service)),
                "tributary-postgres-" + service,
                Map.of(
                        "password",
                        Objects.requireNonNull(database.environmentOf(service).get("SPRING_DATASOURCE_PASSWORD"))));
    }

    String databaseUser(String service) {
        return Objects.requireNonNull(database.environmentOf(service).get("SPRING_DATASOURCE_USERNAME"));
    }

    String ownerOfTheTables() {
        return postgres.username();
    }

    private void prepareTopics() throws ExecutionException, InterruptedException {
        try (var admin = Admin.create(client("admin"))) {
            TOPICS.createMissing(admin, PARTITIONS, (short) 1);
            for (KafkaUser user : KafkaUser.values()) {
                admin.createAcls(user.acls(TOPICS, "User:" + user.id())).all().get();
            }
        }
    }

    /**
     * Makes all servers show another certificate to new connections, while they run; connections that are open stay.
     *
     * @param trusted PEM with the old and the new certificate: the broker must trust itself in between
     */
    void replaceCertificate(ServerCertificate replacement, Path trusted) throws Exception {
        try (var admin = Admin.create(client("admin"))) {
            alter(admin, "ssl.truststore.location", trusted);
            alter(admin, "ssl.keystore.location", replacement.both());
        }
        certificate = replacement;
        registry.use(replacement);
        showCertificate();
    }

    /** Repeats a change that the broker refuses: it applies the one before some time after it has answered. */
    private static void alter(Admin admin, String setting, Path file) {
        var entry = new ConfigEntry("listener.name.clients." + setting, file.toString());
        await().atMost(Duration.ofSeconds(60))
                .ignoreExceptionsMatching(thrown -> thrown.getCause() instanceof InvalidRequestException)
                .untilAsserted(() -> admin.incrementalAlterConfigs(Map.of(
                                new ConfigResource(ConfigResource.Type.BROKER, "1"),
                                List.of(new AlterConfigOp(entry, AlterConfigOp.OpType.SET))))
                        .all()
                        .get());
    }

    /** From now on, Postgres refuses connections without TLS. */
    private void requireTls() throws IOException, SQLException {
        Path rules = postgresData.resolve("pg_hba.conf");
        Files.writeString(rules, Files.readString(rules).replaceAll("(?m)^host ", "hostssl "));
        showCertificate();
    }

    private void showCertificate() throws SQLException {
        try (var connection = DriverManager.getConnection(
                        postgres.jdbcUrl("postgres"), postgres.username(), postgres.password());
                var statement = connection.createStatement()) {
            for (var setting : List.of(
                    "ssl_cert_file = '" + certificate.certificate() + "'",
                    "ssl_key_file = '" + certificate.key() + "'",
                    "ssl = on")) {
                statement.execute("alter system set " + setting);
            }
            statement.execute("select pg_reload_conf()");
        }
    }

    /** Settings of a Kafka client that logs in with another password, or as another user. */
    Map<String, Object> client(String user, String password) {
        var settings = new HashMap<>(client("admin"));
        settings.put("sasl.jaas.config", login(user, password));
        return settings;
    }

    private static String login(String user) {
        return login(user, PASSWORDS.getOrDefault(user, ""));
    }

    static String login(String user, String password) {
        return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"" + user + "\" password=\""
                + password + "\";";
    }

    @Override
    public void close() {
        registry.close();
        plainRegistry.close();
        kafka.close();
        postgres.close();
    }
}
