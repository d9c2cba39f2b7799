package io.tributary.standalone.servers;

import io.tributary.standalone.servers.ServerFailure.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka broker in this JVM: a node that is broker and controller, alone or with others, with a durable data folder.
 *
 * <p>{@link #start} returns when the broker serves clients. What was acknowledged survives a crash of the process; the
 * disk is left to the operating system to write, as Kafka does everywhere.
 */
public final class KafkaServer implements AutoCloseable {

    /** Largest batch of records the broker takes, bytes. */
    public static final int MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

    private static final String ADMIN = "admin";
    private static final List<String> MECHANISMS = List.of("SCRAM-SHA-256", "SCRAM-SHA-512");

    private final DataFolder folder;
    private final KafkaRaftServer server;
    private final int port;
    private final AtomicBoolean closed = new AtomicBoolean();

    private KafkaServer(DataFolder folder, KafkaRaftServer server, int port) {
        this.folder = folder;
        this.server = server;
        this.port = port;
    }

    /**
     * Starts a broker; makes its storage first where the folder is new. Takes a few seconds.
     *
     * @param folder where its data lives; made when missing
     * @param port loopback port of its clients; 0: a free one
     * @throws ServerFailure the port or the folder is in use, the disk is full, or the broker refused to start; nothing
     *     stays behind, so the caller may try again
     */
    public static KafkaServer start(Path folder, int port) {
        return start(folder, () -> {
            var random = ThreadLocalRandom.current();
            return KafkaNode.alone(Ports.claim(port, "Kafka", random), Ports.claim(0, "Kafka", random));
        });
    }

    /**
     * Starts a broker whose clients prove who they are, by SASL with SCRAM-SHA-256 over plaintext, and may do nothing
     * but what ACLs allow. Otherwise as {@link #start(Path, int)}.
     *
     * @param users passwords by name, without quotes; the user {@code admin} must be among them and may do everything
     */
    public static KafkaServer startSecured(Path folder, int port, Map<String, String> users) {
        return startAlone(folder, port, new Security(users, null));
    }

    /**
     * Starts a broker whose clients connect by TLS, and prove who they are by SASL with SCRAM-SHA-256 or SCRAM-SHA-512.
     * Otherwise as {@link #startSecured(Path, int, Map)}.
     *
     * @param tls its own key and certificate
     */
    public static KafkaServer startSecured(Path folder, int port, Map<String, String> users, Tls tls) {
        return startAlone(folder, port, new Security(users, tls));
    }

    /**
     * What a broker proves itself with.
     *
     * @param keyStore PEM with a private key (PKCS 8, not encrypted) and the certificate of 127.0.0.1
     * @param authority PEM with the certificate to trust
     */
    public record Tls(Path keyStore, Path authority) {}

    private record Security(
            Map<String, String> users, @Nullable Tls tls) {}

    private static KafkaServer startAlone(Path folder, int port, Security security) {
        var random = ThreadLocalRandom.current();
        return start(
                folder,
                security,
                () -> KafkaNode.alone(Ports.claim(port, "Kafka", random), Ports.claim(0, "Kafka", random)));
    }

    /** Starts a broker as a node of a cluster; returns when most of the nodes are there. */
    static KafkaServer start(Path folder, KafkaNode node) {
        return start(folder, () -> node);
    }

    private static KafkaServer start(Path folder, Supplier<KafkaNode> chooseNode) {
        return start(folder, new Security(Map.of(), null), chooseNode);
    }

    private static KafkaServer start(Path folder, Security security, Supplier<KafkaNode> chooseNode) {
        var data = DataFolder.open(folder, DataFolder.ROOM_BYTES);
        try {
            KafkaNode node = chooseNode.get();
            var settings = settings(data.path().resolve("data"), node);
            if (security.users().containsKey(ADMIN)) {
                secure(settings, security);
            }
            format(data.path(), settings, node.clusterId(), security.users());
            return new KafkaServer(data, startBroker(settings, node.clientPort()), node.clientPort());
        } catch (RuntimeException e) {
            data.close();
            throw e;
        }
    }

    /** Where clients connect, such as {@code 127.0.0.1:29092}. */
    public String bootstrapServers() {
        return Ports.LOOPBACK + ":" + port;
    }

    /** Stops the broker in good order; takes a second or two. A second call does nothing. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            try (folder) {
                server.shutdown();
                server.awaitShutdown();
            }
        }
    }

    private static void secure(Properties settings, Security security) {
        Tls tls = security.tls();
        String protocol = tls == null ? "SASL_PLAINTEXT" : "SASL_SSL";
        settings.put("listener.security.protocol.map", "CLIENTS:" + protocol + ",CONTROLLER:PLAINTEXT");
        if (tls != null) {
            settings.put("ssl.keystore.type", "PEM");
            settings.put("ssl.keystore.location", tls.keyStore().toString());
            settings.put("ssl.truststore.type", "PEM");
            settings.put("ssl.truststore.location", tls.authority().toString());
        }
        settings.put("sasl.enabled.mechanisms", String.join(",", MECHANISMS));
        settings.put("sasl.mechanism.inter.broker.protocol", "SCRAM-SHA-256");
        String login = "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"" + ADMIN
                + "\" password=\"" + security.users().get(ADMIN) + "\";";
        MECHANISMS.forEach(mechanism -> settings.put(
                "listener.name.clients." + mechanism.toLowerCase(Locale.ROOT) + ".sasl.jaas.config", login));
        settings.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        // The listener of the controller, on loopback, has no names.
        settings.put("super.users", "User:" + ADMIN + ";User:ANONYMOUS");
    }

    private static void format(Path folder, Properties settings, String clusterId, Map<String, String> users) {
        if (Files.exists(folder.resolve("data").resolve("meta.properties"))) {
            return; // the last thing that formatting writes
        }
        var output = new ByteArrayOutputStream();
        try (var print = new PrintStream(output, true, StandardCharsets.UTF_8)) {
            Path file = folder.resolve("server.properties");
            try (var out = Files.newOutputStream(file)) {
                settings.store(out, null);
            }
            var command = new ArrayList<>(
                    List.of("format", "--cluster-id", clusterId, "--config", file.toString(), "--ignore-formatted"));
            users.forEach((name, password) -> MECHANISMS.forEach(mechanism -> {
                command.add("--add-scram");
                command.add(mechanism + "=[name=" + name + ",password=" + password + "]");
            }));
            if (StorageTool.execute(command.toArray(String[]::new), print) != 0) {
                throw new ServerFailure(
                        Reason.START_FAILED,
                        "Kafka cannot format " + folder + ": "
                                + output.toString(StandardCharsets.UTF_8).strip());
            }
        } catch (IOException e) {
            throw failure("cannot format " + folder, e);
        }
    }

    private static KafkaRaftServer startBroker(Properties settings, int port) {
        var server = new KafkaRaftServer(KafkaConfig.fromProps(settings, false), Time.SYSTEM);
        try {
            server.startup();
            return server;
        } catch (Exception e) { // Scala code: checked exceptions arrive undeclared
            ServerFailure failure =
                    causedBy(e, BindException.class) ? Ports.inUse(port, "Kafka") : failure("did not start", e);
            try {
                server.shutdown();
            } catch (Exception again) {
                failure.addSuppressed(again);
            }
            throw failure;
        }
    }

    private static ServerFailure failure(String what, Exception cause) {
        return DataFolder.isDiskFull(cause)
                ? new ServerFailure(Reason.DISK_FULL, "the disk is full, Kafka " + what + ": free some space", cause)
                : new ServerFailure(Reason.START_FAILED, "Kafka " + what + ": " + cause.getMessage(), cause);
    }

    private static boolean causedBy(Throwable failure, Class<? extends Throwable> type) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (type.isInstance(t)) {
                return true;
            }
        }
        return false;
    }

    private static Properties settings(Path data, KafkaNode node) {
        var settings = new Properties();
        String clients = Ports.LOOPBACK + ":" + node.clientPort();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", Integer.toString(node.id()));
        settings.put("controller.quorum.voters", node.voters());
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("inter.broker.listener.name", "CLIENTS");
        settings.put("listener.security.protocol.map", "CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put(
                "listeners", "CLIENTS://" + clients + ",CONTROLLER://" + Ports.LOOPBACK + ":" + node.controllerPort());
        settings.put("advertised.listeners", "CLIENTS://" + clients);
        settings.put("log.dirs", data.toString());

        // Topics are made on purpose, by io.tributary.schemas.Topics, never by a typing error.
        settings.put("auto.create.topics.enable", "false");
        settings.put("message.max.bytes", Integer.toString(MAX_MESSAGE_BYTES));

        // As many copies as there are nodes, up to three, and one node may be away. Few partitions for the broker's own
        // topics, so that it starts fast.
        String copies = Integer.toString(Math.min(3, node.nodes()));
        String copiesPresent = node.nodes() < 3 ? "1" : "2";
        settings.put("default.replication.factor", copies);
        settings.put("min.insync.replicas", copiesPresent);
        settings.put("offsets.topic.replication.factor", copies);
        settings.put("offsets.topic.num.partitions", "4");
        settings.put("transaction.state.log.replication.factor", copies);
        settings.put("transaction.state.log.min.isr", copiesPresent);
        settings.put("transaction.state.log.num.partitions", "4");
        // What a process left open that died, and does not come back, holds up readers no longer than its timeout.
        settings.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
        settings.put("share.coordinator.state.topic.replication.factor", copies);
        settings.put("share.coordinator.state.topic.min.isr", copiesPresent);
        if (node.nodes() == 1) {
            // No other node follows the controller, so that an idle one need not write twice a second.
            settings.put("metadata.max.idle.interval.ms", "10000");
        }
        if (node.nodes() > 1) {
            // The others notice a dead node soon.
            settings.put("broker.heartbeat.interval.ms", "500");
            settings.put("broker.session.timeout.ms", "3000");
        }

        // Two cores: threads and buffers for a handful of clients.
        settings.put("num.network.threads", "2");
        settings.put("num.io.threads", "4");
        settings.put("background.threads", "2");
        settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(8 * 1024 * 1024));

        // Groups start at once, and notice a dead member soon.
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("group.streams.initial.rebalance.delay.ms", "0");
        for (String protocol : new String[] {"group.consumer", "group.streams"}) {
            settings.put(protocol + ".session.timeout.ms", "6000");
            settings.put(protocol + ".min.session.timeout.ms", "6000");
            settings.put(protocol + ".heartbeat.interval.ms", "1000");
            settings.put(protocol + ".min.heartbeat.interval.ms", "1000");
        }
        return settings;
    }
}
