package io.tributary.integrations.apns;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.eatthepath.pushy.apns.auth.ApnsVerificationKey;
import com.eatthepath.pushy.apns.server.MockApnsServer;
import com.eatthepath.pushy.apns.server.MockApnsServerBuilder;
import com.eatthepath.pushy.apns.server.MockApnsServerListener;
import com.eatthepath.pushy.apns.server.PushNotificationHandlerFactory;
import com.eatthepath.pushy.apns.server.RejectedNotificationException;
import com.eatthepath.pushy.apns.server.RejectionReason;
import com.eatthepath.pushy.apns.server.ValidatingPushNotificationHandlerFactory;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.handler.codec.http2.Http2Headers;
import io.tributary.integrations.api.Effect;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.Task;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.http.ResolveHost;
import io.tributary.integrations.testkit.TestCertificate;
import io.tributary.integrations.workbench.ConnectedAccount;
import io.tributary.integrations.workbench.LocalAccount;
import io.tributary.integrations.workbench.LocalContext;
import io.tributary.integrations.workbench.Network;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sends to pushy's double of the service, by HTTP/2 and TLS, which checks headers and tokens as the service does. */
class ApnsIT {

    private static final String NAME = "push.example.test";
    private static final String TOPIC = "org.example.shop";
    private static final String DEVICE = "ab".repeat(32);
    private static final String GONE = "cd".repeat(32);
    private static final Effect EFFECT = new Effect("notification:7", false);

    /** One for all servers: ending a group takes seconds. */
    private static final EventLoopGroup THREADS = new NioEventLoopGroup(1);

    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final ApnsIntegration integration = new ApnsIntegration();
    private TestCertificate certificate;
    private KeyPair key;
    private int port;

    private record Received(Http2Headers headers, String payload) {
        String header(String name) {
            return String.valueOf(headers.get(name));
        }
    }

    @AfterAll
    static void endThreads() {
        var _ = THREADS.shutdownGracefully(0, 5, TimeUnit.SECONDS);
    }

    @BeforeEach
    void prepare() throws Exception {
        certificate = TestCertificate.forName(NAME);
        key = newKey();
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
    }

    private static KeyPair newKey() throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    @AfterEach
    void close() {
        integration.close();
    }

    /** @param handlers null: as the service, for one device and one that is gone */
    private MockApnsServer server(@Nullable PushNotificationHandlerFactory handlers) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        char[] password = TestCertificate.KEY_STORE_PASSWORD.toCharArray();
        try (InputStream file = Files.newInputStream(certificate.keyStore())) {
            store.load(file, password);
        }
        MockApnsServer server = new MockApnsServerBuilder()
                .setServerCredentials(
                        new X509Certificate[] {(X509Certificate) store.getCertificate("server")},
                        (PrivateKey) store.getKey("server", password),
                        null)
                .setHandlerFactory(handlers == null ? likeTheService() : handlers)
                .setListener(new Listener())
                .setEventLoopGroup(THREADS)
                .build();
        server.start(port).get();
        return server;
    }

    private PushNotificationHandlerFactory likeTheService() throws Exception {
        var verification = new ApnsVerificationKey("KEY4567890", "TEAM567890", (ECPublicKey) key.getPublic());
        return new ValidatingPushNotificationHandlerFactory(
                Map.of(TOPIC, Set.of(DEVICE, GONE)),
                Map.of(GONE, Instant.EPOCH),
                Map.of("KEY4567890", verification),
                Map.of(verification, Set.of(TOPIC)));
    }

    private final class Listener implements MockApnsServerListener {
        @Override
        public void handlePushNotificationAccepted(Http2Headers headers, ByteBuf payload) {
            received.add(new Received(headers, payload.toString(UTF_8)));
        }

        @Override
        public void handlePushNotificationRejected(
                Http2Headers headers, ByteBuf payload, RejectionReason reason, @Nullable Instant since) {
            received.add(new Received(headers, payload.toString(UTF_8)));
        }
    }

    private static String pem(KeyPair key) {
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII))
                        .encodeToString(key.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }

    private JsonObject config() {
        return JsonObject.of("baseUrl", "https://" + NAME + ":" + port)
                .with("keyId", "KEY4567890")
                .with("teamId", "TEAM567890")
                .with("topic", TOPIC)
                .with("trustedCertificate", certificate.pem());
    }

    private ConnectedAccount account() {
        ConnectedAccount account = ConnectedAccount.of(integration);
        config().values().forEach(account::config);
        return account.credentials(Map.of("privateKey", pem(key))).host(NAME, InetAddress.getLoopbackAddress());
    }

    private static JsonObject push(String device) {
        return JsonObject.of("to", JsonObject.of("deviceToken", device))
                .with("subject", "Hi")
                .with("text", "Größe")
                .with("data", JsonObject.of("order", 7).with("aps", "no"));
    }

    private static TaskFailure failure(ConnectedAccount account, JsonObject input) {
        TaskFailure failure = catchThrowableOfType(TaskFailure.class, () -> account.act("send", input, EFFECT));
        assertThat(failure).as("it is sent").isNotNull();
        return failure;
    }

    @Test
    void sendsAnAlertWithIdsOfTheKey() throws Exception {
        MockApnsServer server = server(null);
        ConnectedAccount account = account();

        Output effect = account.act("send", push(DEVICE), EFFECT);
        account.act("send", push(DEVICE), new Effect("notification:7", true));
        account.act(
                "send",
                JsonObject.of("to", JsonObject.of("deviceToken", DEVICE)).with("data", JsonObject.of("n", 1)),
                new Effect("notification:8", false));

        assertThat(received).hasSize(3);
        Received first = received.getFirst();
        assertThat(first.payload())
                .contains("\"alert\":{", "\"title\":\"Hi\"", "\"body\":\"Größe\"", "\"order\":7")
                .doesNotContain("\"no\"");
        assertThat(first.header("apns-topic")).isEqualTo(TOPIC);
        assertThat(first.header("apns-push-type")).isEqualTo("alert");
        assertThat(first.header("apns-id")).isEqualTo(effect.name());
        assertThat(first.header("apns-collapse-id")).hasSize(64);
        assertThat(first.header("authorization")).startsWith("bearer ");
        assertThat(received.get(1).header("apns-id")).isEqualTo(first.header("apns-id"));
        assertThat(received.get(1).header("apns-collapse-id")).isEqualTo(first.header("apns-collapse-id"));
        assertThat(received.get(2).header("apns-push-type")).isEqualTo("background");
        assertThat(received.get(2).header("apns-id")).isNotEqualTo(first.header("apns-id"));
        server.shutdown().get();
    }

    @Test
    void saysWhichTokensToRemove() throws Exception {
        MockApnsServer server = server(null);

        assertThat(failure(account(), push(GONE)).code()).isEqualTo("apns.unregistered");
        assertThat(failure(account(), push("ef".repeat(32))).code()).isEqualTo("apns.wrongTopic");
        assertThat(failure(account(), push("no token")).code()).isEqualTo("apns.badDeviceToken");
        assertThat(failure(account(), push(GONE))).isInstanceOf(TaskFailure.Permanent.class);
        server.shutdown().get();
    }

    @Test
    void aKeyThatIsNotAcceptedEndsTheAccount() throws Exception {
        MockApnsServer server = server(null);
        String other = pem(newKey());

        TaskFailure refused = failure(account().credentials(Map.of("privateKey", other)), push(DEVICE));
        TaskFailure none = failure(account().credentials(Map.of("privateKey", "s3cret")), push(DEVICE));

        assertThat(refused).isInstanceOf(TaskFailure.Unauthorized.class);
        assertThat(refused.code()).isEqualTo("apns.authFailed");
        assertThat(none).isInstanceOf(TaskFailure.Unauthorized.class);
        assertThat(none.code()).isEqualTo("apns.keyInvalid");
        assertThat(none.reason()).doesNotContain("s3cret");
        server.shutdown().get();
    }

    @ParameterizedTest
    @CsvSource({
        "BAD_DEVICE_TOKEN, apns.badDeviceToken, Permanent",
        "PAYLOAD_TOO_LARGE, apns.messageRefused, Permanent",
        "TOPIC_DISALLOWED, apns.topicRefused, Misconfigured",
        "TOO_MANY_PROVIDER_TOKEN_UPDATES, apns.serverBusy, RetryLater",
        "SERVICE_UNAVAILABLE, apns.serverUnavailable, certain",
        "INTERNAL_SERVER_ERROR, apns.serverUnavailable, uncertain"
    })
    void aRefusalMeansWhatItsReasonSays(RejectionReason reason, String code, String kind) throws Exception {
        MockApnsServer server = server(session -> (headers, payload) -> {
            throw new RejectedNotificationException(reason);
        });

        TaskFailure failure = failure(account(), push(DEVICE));

        assertThat(failure.code()).isEqualTo(code);
        assertThat(
                        failure instanceof TaskFailure.Transient it
                                ? it.isWithoutEffect() ? "certain" : "uncertain"
                                : failure.getClass().getSimpleName())
                .isEqualTo(kind);
        server.shutdown().get();
    }

    @Test
    void nothingWasSentWithoutAConnection() throws Exception {
        assertThat(failure(account(), push(DEVICE))).isInstanceOfSatisfying(TaskFailure.Transient.class, failure -> {
            assertThat(failure.code()).isEqualTo("apns.unreachable");
            assertThat(failure.isWithoutEffect()).isTrue();
        });
        MockApnsServer server = server(null);
        assertThat(account().act("send", push(DEVICE), EFFECT).externalId()).isEqualTo("notification:7");
        server.shutdown().get();
    }

    @Test
    void aNameWithoutAnAddressHadNoEffect() {
        TaskContext context = resolvedBy(host -> {
            throw new TaskFailure.Transient("polling.hostUnknown", "There is no " + host, null);
        });

        TaskFailure failure = catchThrowableOfType(
                TaskFailure.class, () -> integration.run(new Task("send", push(DEVICE), 1), context));

        assertThat(failure).isInstanceOfSatisfying(TaskFailure.Transient.class, it -> {
            assertThat(it.code()).isEqualTo("polling.hostUnknown");
            assertThat(it.isWithoutEffect()).isTrue();
        });
    }

    @Test
    void theNameIsResolvedForANewClientOnly() throws Exception {
        MockApnsServer server = server(null);
        var resolved = new CopyOnWriteArrayList<String>();
        TaskContext context = resolvedBy(host -> {
            resolved.add(host);
            return List.of(InetAddress.getLoopbackAddress());
        });

        integration.run(new Task("send", push(DEVICE), 1), context);
        integration.run(new Task("send", push(DEVICE), 1), context);

        assertThat(received).hasSize(2);
        assertThat(resolved).containsExactly(NAME);
        server.shutdown().get();
    }

    @Test
    void aClientThatIsDroppedStaysOpenForTheMessagesThatUseIt() throws Exception {
        MockApnsServer server = server(null);
        Account account = Account.of(resolvedBy(host -> List.of()));
        var message = new ComposePush(TOPIC, Instant.now()).of(push(DEVICE), EFFECT);
        try (var clients = new Clients()) {
            Clients.Use first = clients.of(account, InetAddress::getLoopbackAddress);
            Clients.Use second = clients.of(account, InetAddress::getLoopbackAddress);

            first.drop();
            first.close();

            assertThat(second.client()).isSameAs(first.client());
            assertThat(second.client().sendNotification(message).get().isAccepted())
                    .isTrue();
            try (Clients.Use third = clients.of(account, InetAddress::getLoopbackAddress)) {
                assertThat(third.client()).isNotSameAs(second.client());
            }
            second.close();
            assertThat(catchThrowableOfType(
                                    ExecutionException.class,
                                    () -> second.client()
                                            .sendNotification(message)
                                            .get())
                            .getCause())
                    .isInstanceOf(IllegalStateException.class);
        }
        server.shutdown().get();
    }

    private TaskContext resolvedBy(ResolveHost hosts) {
        return LocalContext.of(
                new LocalAccount(config(), Map.of("privateKey", pem(key))),
                new Network(
                        "apns",
                        Map.of(),
                        request -> {
                            throw new AssertionError(request);
                        },
                        hosts,
                        () -> {}));
    }

    @ParameterizedTest
    @CsvSource({
        "BAD_DEVICE_TOKEN, ",
        "DEVICE_TOKEN_NOT_FOR_TOPIC, ",
        "INVALID_PROVIDER_TOKEN, apns.authFailed",
        "TOPIC_DISALLOWED, apns.topicRefused",
        "TOO_MANY_PROVIDER_TOKEN_UPDATES, apns.serverBusy",
        "INTERNAL_SERVER_ERROR, apns.serverUnavailable"
    })
    void connectingShowsWhetherAppleAcceptsTheKey(RejectionReason reason, @Nullable String code) throws Exception {
        MockApnsServer server = server(session -> (headers, payload) -> {
            throw new RejectedNotificationException(reason);
        });

        if (code == null) {
            assertThat(account().identify().displayName()).isEqualTo(TOPIC);
        } else {
            assertThat(refusalOf(account())).isEqualTo(code);
        }
        assertThat(received.getFirst().header("apns-push-type")).isEqualTo("background");
        server.shutdown().get();
    }

    @Test
    void connectingRefusesWhatIsNoKey() {
        assertThat(refusalOf(account().credentials(Map.of("privateKey", "s3cret"))))
                .isEqualTo("apns.keyInvalid");
        assertThat(refusalOf(account().credentials(Map.of()))).isNotEmpty();
    }

    private static String refusalOf(ConnectedAccount account) {
        TaskFailure refusal = catchThrowableOfType(TaskFailure.class, account::identify);
        assertThat(refusal).as("it connects").isNotNull();
        return refusal.code();
    }

    @Test
    void aServerHasToProveItsName() throws Exception {
        MockApnsServer server = server(null);
        ConnectedAccount other = account()
                .config("baseUrl", "https://other.example.test:" + port)
                .host("other.example.test", InetAddress.getLoopbackAddress());

        assertThat(failure(other, push(DEVICE)).code()).isEqualTo("apns.certificateRefused");
        assertThat(received).isEmpty();
        server.shutdown().get();
    }

    @Test
    void aServerThatClosesTheConnectionIsNotReached() throws Exception {
        try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> closeEach(silent));
            port = silent.getLocalPort();

            assertThat(failure(account(), push(DEVICE)).code()).isEqualTo("apns.unreachable");
        }
    }

    private static void closeEach(ServerSocket server) {
        try {
            while (true) {
                server.accept().close();
            }
        } catch (IOException e) {
            // The test ended.
        }
    }
}
