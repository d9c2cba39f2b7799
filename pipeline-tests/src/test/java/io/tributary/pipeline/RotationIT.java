package io.tributary.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.schemas.KafkaUser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialDeletion;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Passwords and certificates are replaced as docs/operations/keys.md says, while accounts are synced. */
class RotationIT {

    private static final List<String> SERVICES = List.of("scheduler", "worker", "sink");
    private static final ScramMechanism MECHANISM = ScramMechanism.SCRAM_SHA_512;
    private static final Duration SOON = Duration.ofSeconds(120);

    @Test
    void losesNothingAndDoublesNothing(@TempDir Path folder) throws Exception {
        try (var servers = SecuredServers.start(folder.resolve("servers"));
                var pipeline = new Pipeline(servers, folder).startAll();
                var load = SyncWithoutEnd.of(pipeline)) {
            load.awaitAnother(SOON);
            Path oldAuthority = servers.certificate();
            var replacement = ServerCertificate.create(Files.createDirectories(folder.resolve("replacement")));
            Path both = Files.writeString(
                    folder.resolve("both.crt"),
                    Files.readString(oldAuthority) + Files.readString(replacement.certificate()));

            for (String service : SERVICES) {
                createSecondLogins(servers, service);
                restart(pipeline, service, environment(servers, service, both, "second"));
            }
            load.awaitAnother(SOON);
            for (String service : SERVICES) {
                removeFirstLogins(servers, service);
            }
            load.awaitAnother(SOON);

            servers.replaceCertificate(replacement, both);
            breakConnections(servers);
            load.awaitAnother(SOON);
            restart(pipeline, "worker", environment(servers, "worker", replacement.certificate(), "second"));
            load.awaitAnother(SOON);

            changePassword(servers, "sink-2", "third");
            load.awaitAnother(SOON);
            restart(pipeline, "sink", environment(servers, "sink", replacement.certificate(), "third"));

            load.stopAndCheck(SOON);
        }
    }

    private static Map<String, String> environment(
            SecuredServers servers, String service, Path trusted, String password) {
        var environment = new HashMap<>(servers.environmentOf(service, trusted.toString()));
        environment.put("SPRING_KAFKA_PROPERTIES_SASL_JAAS_CONFIG", SecuredServers.login(service + "-2", password));
        environment.put("SPRING_DATASOURCE_USERNAME", service + "_2");
        environment.put("SPRING_DATASOURCE_PASSWORD", "second");
        return environment;
    }

    private static void restart(Pipeline pipeline, String service, Map<String, String> environment) {
        pipeline.withEnvironment(service, environment);
        pipeline.process(service).close();
        switch (service) {
            case "scheduler" -> pipeline.startScheduler();
            case "worker" -> pipeline.startWorker();
            default -> pipeline.startSink();
        }
        pipeline.awaitReady(service);
    }

    private static void createSecondLogins(SecuredServers servers, String service) throws Exception {
        changePassword(servers, service + "-2", "second");
        try (var admin = Admin.create(servers.client("admin"))) {
            admin.createAcls(acls(service, service + "-2")).all().get();
        }
        servers.database().postgres().createLogin(service + "_2", "second", List.of("tributary_" + service));
    }

    private static void removeFirstLogins(SecuredServers servers, String service) throws Exception {
        try (var admin = Admin.create(servers.client("admin"))) {
            admin.alterUserScramCredentials(List.of(new UserScramCredentialDeletion(service, MECHANISM)))
                    .all()
                    .get();
            admin.deleteAcls(acls(service, service).stream()
                            .map(AclBinding::toFilter)
                            .toList())
                    .all()
                    .get();
        }
        servers.asOwner().sql("drop role secured_" + service).update();
        try (var admin = Admin.create(servers.client(service))) {
            assertThatThrownBy(() -> admin.listTopics().names().get())
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(SaslAuthenticationException.class);
        }
        assertThatThrownBy(() -> DriverManager.getConnection(
                        servers.database().url() + "?sslmode=require", "secured_" + service, "test"))
                .isInstanceOf(SQLException.class);
    }

    private static void changePassword(SecuredServers servers, String user, String password) throws Exception {
        try (var admin = Admin.create(servers.client("admin"))) {
            admin.alterUserScramCredentials(List.of(
                            new UserScramCredentialUpsertion(user, new ScramCredentialInfo(MECHANISM, 4096), password)))
                    .all()
                    .get();
        }
    }

    /** Of the services, to Postgres: they connect again. */
    private static void breakConnections(SecuredServers servers) {
        int broken = servers.asOwner()
                .sql("select pg_terminate_backend(pid) from pg_stat_activity where usename like '%\\_2'")
                .query(Boolean.class)
                .list()
                .size();
        assertThat(broken).isGreaterThan(2);
    }

    private static List<AclBinding> acls(String service, String user) {
        return KafkaUser.valueOf(service.toUpperCase(Locale.ROOT)).acls(SecuredServers.TOPICS, "User:" + user);
    }
}
