package io.tributary.worker.execution;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tributary.egress.OAuthClients;
import io.tributary.egress.Outbound;
import io.tributary.egress.TokenEndpoint;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.OAuth2;
import io.tributary.schemas.Migrations;
import io.tributary.standalone.servers.TestServers;
import io.tributary.worker.engine.Outcome;
import io.tributary.worker.testing.Keysets;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A renewal sends the refresh token to the endpoint that issued it, and the deployment's client to the manifest's. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BoundCredentialsIT {

    private static final String SECRET = "canary-deployment-secret";
    private static final Manifest CLOUD = Manifest.builder("cloud", "1.0", "Cloud")
            .syncType("default", "list", Duration.ofMinutes(15))
            .lists("list")
            .auth(Manifest.Auth.OAUTH2)
            .oauth2(new OAuth2("https://provider.test/authorize", "https://provider.test/token", List.of()))
            .build();

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final Outbound outbound = new Outbound(true);
    private HttpServer server;
    private String base;
    private JdbcClient database;
    private OpenCredentials seal;

    @SuppressWarnings("NullAway.Init") // start() sets it
    BoundCredentialsIT() {}

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.add(exchange.getRequestHeaders().entrySet()
                    + new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            byte[] body = "{\"access_token\": \"new\", \"expires_in\": 3600}".getBytes(UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        base = "http://127.0.0.1:" + server.getAddress().getPort();
        var postgres = TestServers.postgres();
        String url = postgres.createDatabase("bound_" + Long.toHexString(System.nanoTime()));
        var dataSource = new DriverManagerDataSource(url, postgres.username(), postgres.password());
        Flyway.configure()
                .configuration(Migrations.SETTINGS)
                .dataSource(dataSource)
                .load()
                .migrate();
        database = JdbcClient.create(dataSource);
        seal = OpenCredentials.withKeyset(Keysets.write(folder));
    }

    @BeforeEach
    void forget() {
        requests.clear();
    }

    @AfterAll
    void stop() {
        outbound.close();
        server.stop(0);
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
        deployment, ours, -,                        manifest,                 oauth.tokenUrlChanged
        deployment, ours, -,                        -,                        oauth.ownClientNeeded
        -,          ours, canary-deployment-secret, -,                        oauth.ownClientNeeded
        -,          ours, -,                        -,                        oauth.ownClientNeeded
        -,          mine, canary-own-secret,        manifest,                 oauth.tokenUrlChanged
        -,          mine, canary-own-secret,        https://other.test/token, oauth.tokenUrlChanged
        """)
    void sendsNothingToAUrlThatTheTokensAreNotOf(
            @Nullable String clientOf,
            String clientId,
            @Nullable String clientSecret,
            @Nullable String issuedBy,
            String code)
            throws Exception {
        var credentials = credentials(clientId);
        put(credentials, "tributary.clientOf", clientOf);
        put(credentials, "clientSecret", clientSecret);
        put(credentials, "tributary.issuedBy", issuedBy);
        UUID account = insert(credentials, "{\"tokenUrl\": \"" + base + "/evil\"}");

        assertThat(outcome(refresh(account, new OAuthClients.Registered("ours", SECRET))))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.code()).isEqualTo(code));

        assertThat(requests).isEmpty();
    }

    @Test
    void waitsForAWorkerThatHasTheDeploymentsClient() throws Exception {
        var credentials = credentials("ours");
        credentials.put("tributary.clientOf", "deployment");
        UUID account = insert(credentials, "{}");

        assertThat(outcome(refresh(account, null)))
                .isInstanceOfSatisfying(
                        Outcome.Throttled.class, wait -> assertThat(wait.code()).isEqualTo("oauth.noClient"));
        assertThat(outcome(refresh(account, new OAuthClients.Registered("another", SECRET))))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.code()).isEqualTo("oauth.clientChanged"));
    }

    @Test
    void bindsRenewedTokensAndShowsAnIntegrationTheCredentialsOnly() throws Exception {
        var credentials = credentials("mine");
        credentials.put("clientSecret", "canary-own-secret");
        UUID account = insert(credentials, "{\"tokenUrl\": \"" + base + "/own\"}");

        var renewed = (Access.Given) refresh(account, new OAuthClients.Registered("ours", SECRET));

        assertThat(stored(account)).containsEntry("tributary.issuedBy", base + "/own");
        assertThat(renewed.account().credentials().keys())
                .containsExactlyInAnyOrder("accessToken", "refreshToken", "expiresAt", "clientId", "clientSecret");
        assertThat(requests).hasSize(1).first().asString().doesNotContain(SECRET);
    }

    private Access refresh(UUID account, OAuthClients.@Nullable Registered client) throws InterruptedException {
        var clients = new OAuthClients(client == null ? null : Map.of("cloud", client));
        try (var renewal = new RenewAccess(
                database,
                seal,
                new TokenEndpoint(outbound, Clock.systemUTC()),
                clients,
                new SimpleMeterRegistry(),
                Clock.systemUTC())) {
            return renewal.refresh(account, CLOUD, "stale");
        }
    }

    private static Outcome outcome(Access access) {
        return ((Access.Withheld) access).outcome();
    }

    private static Map<String, String> credentials(String clientId) {
        return new HashMap<>(
                Map.of("accessToken", "stale", "refreshToken", "canary-refresh-token", "clientId", clientId));
    }

    private static void put(Map<String, String> credentials, String key, @Nullable String value) {
        if (value != null) {
            credentials.put(key, value);
        }
    }

    private UUID insert(Map<String, String> credentials, String config) {
        UUID id = UUID.randomUUID();
        database.sql("insert into user_integration (id, user_id, integration_domain, name, config, credentials)"
                        + " values (?, 'ann', 'cloud', 'x', ?::jsonb, ?)")
                .param(id)
                .param(config)
                .param(seal.seal(id, credentials))
                .update();
        return id;
    }

    private Map<String, String> stored(UUID id) throws GeneralSecurityException {
        return seal.open(
                id,
                database.sql("select credentials from user_integration where id = ?")
                        .param(id)
                        .query(byte[].class)
                        .single());
    }
}
