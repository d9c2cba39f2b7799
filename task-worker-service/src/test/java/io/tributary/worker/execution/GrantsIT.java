package io.tributary.worker.execution;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tributary.egress.OAuthClients;
import io.tributary.egress.Outbound;
import io.tributary.egress.TokenEndpoint;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.OAuth2;
import io.tributary.schemas.Migrations;
import io.tributary.standalone.servers.TestServers;
import io.tributary.worker.codec.Json;
import io.tributary.worker.engine.Outcome;
import io.tributary.worker.testing.Keysets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import tools.jackson.databind.json.JsonMapper;

/** Access without refresh tokens, against a token endpoint that knows each grant. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GrantsIT {

    private static final String TOKEN_URL = "https://token.example/t";

    /** Query and form of each request. */
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());

    private final Outbound outbound = new Outbound(true);
    private HttpServer server;
    private JdbcClient database;
    private OpenCredentials seal;
    private RenewAccess renewal;
    private AccessTokens access;

    @SuppressWarnings("NullAway.Init") // start() sets it
    GrantsIT() {}

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/token", this::grant);
        server.start();
        var postgres = TestServers.postgres();
        String url = postgres.createDatabase("grants_" + Long.toHexString(System.nanoTime()));
        var dataSource = new DriverManagerDataSource(url, postgres.username(), postgres.password());
        Flyway.configure()
                .configuration(Migrations.SETTINGS)
                .dataSource(dataSource)
                .load()
                .migrate();
        database = JdbcClient.create(dataSource);
        seal = OpenCredentials.withKeyset(Keysets.write(folder));
        renewal = renewal(new OAuthClients(null));
        access = new AccessTokens(renewal, new Accounts(new ReadAccount(database, seal)), Clock.systemUTC());
    }

    private RenewAccess renewal(OAuthClients clients) {
        return new RenewAccess(
                database,
                seal,
                new TokenEndpoint(outbound, Clock.systemUTC()),
                clients,
                new SimpleMeterRegistry(),
                Clock.systemUTC());
    }

    private void grant(HttpExchange exchange) throws IOException {
        String form = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        String query = exchange.getRequestURI().getRawQuery();
        requests.add(query == null ? form : query);
        boolean refused = requests.getLast().contains("revoked");
        byte[] answer = (refused
                        ? "{\"error\": {\"type\": \"OAuthException\", \"code\": 190}}"
                        : "{\"access_token\": \"token" + requests.size() + "\", \"expires_in\": 3600,"
                                + " \"refresh_token\": \"once\"}")
                .getBytes(UTF_8);
        exchange.sendResponseHeaders(refused ? 400 : 200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    @BeforeEach
    void forget() {
        requests.clear();
    }

    @AfterAll
    void stop() {
        renewal.close();
        outbound.close();
        server.stop(0);
    }

    @Test
    void getsTheFirstTokenByClientCredentialsAndAnotherWhenItIsRejected() throws Exception {
        UUID account = account(Map.of("clientId", "cli", "clientSecret", "s3cret"), "{}");
        Manifest manifest = manifest(OAuth2.Grant.CLIENT_CREDENTIALS);

        Account given = given(access.beforeTask(manifest, account, read(account)));

        assertThat(given.credentials().find("accessToken")).contains("token1");
        assertThat(requests.getFirst())
                .contains("grant_type=client_credentials", "scope=read+write", "client_id=cli", "audience=shop");
        assertThat(given(access.beforeTask(manifest, account, read(account)))
                        .credentials()
                        .find("accessToken"))
                .contains("token1"); // It is stored.
        assertThat(given(access.afterRejection(manifest, account, given).orElseThrow())
                        .credentials()
                        .find("accessToken"))
                .contains("token2");
        assertThat(requests).hasSize(2).allMatch(request -> request.contains("grant_type=client_credentials"));
    }

    @Test
    void leavesAnAccountWithAnotherCredentialThanAClientAlone() throws Exception {
        UUID account = account(Map.of("apiKey", "k3y"), "{}");

        Account given = given(access.beforeTask(manifest(OAuth2.Grant.CLIENT_CREDENTIALS), account, read(account)));

        assertThat(given.credentials().find("apiKey")).contains("k3y");
        assertThat(requests).isEmpty();
    }

    @Test
    void neverActsAsTheDeploymentsClientByClientCredentials() throws Exception {
        var clients = new OAuthClients(Map.of("shop", new OAuthClients.Registered("ours", "0urs3cret")));
        Manifest manifest = manifest(OAuth2.Grant.CLIENT_CREDENTIALS);
        try (var withClient = renewal(clients)) {
            var tokens = new AccessTokens(withClient, new Accounts(new ReadAccount(database, seal)), Clock.systemUTC());
            String config = "{\"tokenUrl\": \"" + TOKEN_URL + "\"}";
            UUID none = account(Map.of("apiKey", "k3y"), config);
            UUID same = account(Map.of("clientId", "ours", "clientSecret", "guess"), config);

            given(tokens.beforeTask(manifest, none, read(none)));
            assertThat(tokens.beforeTask(manifest, same, read(same)))
                    .isInstanceOfSatisfying(
                            Access.Withheld.class,
                            withheld -> assertThat(withheld.outcome())
                                    .isInstanceOfSatisfying(
                                            Outcome.Failed.class,
                                            failed -> assertThat(failed.code()).isEqualTo("oauth.ownClientNeeded")));
        }
        assertThat(requests).isEmpty();
    }

    @Test
    void takesTheServiceAccountFromItsKeyFile() throws Exception {
        String file = JsonMapper.shared()
                .writeValueAsString(Map.of(
                        "type",
                        "service_account",
                        "client_email",
                        "robot@shop.example",
                        "private_key_id",
                        "k1",
                        "private_key",
                        privateKey()));
        UUID account = account(Map.of("serviceAccount", file), "{}");

        given(access.beforeTask(manifest(OAuth2.Grant.JWT_BEARER), account, read(account)));

        String[] assertion = requests.getFirst()
                .replaceAll("(?s).*assertion=([^&]*).*", "$1")
                .split("\\.");
        assertThat(new String(Base64.getUrlDecoder().decode(assertion[0]), UTF_8))
                .contains("\"kid\":\"k1\"");
        assertThat(new String(Base64.getUrlDecoder().decode(assertion[1]), UTF_8))
                .contains("\"iss\":\"robot@shop.example\"");
    }

    @Test
    void aKeyFileThatIsNoneGrantsNothing() throws Exception {
        for (String file : List.of("no json", "[]", "{\"client_email\": \"robot@shop.example\"}")) {
            UUID account = account(Map.of("serviceAccount", file), "{}");
            access.beforeTask(manifest(OAuth2.Grant.JWT_BEARER), account, read(account));
        }
        assertThat(requests).isEmpty();
    }

    private static String privateKey() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getEncoder()
                        .encodeToString(generator.generateKeyPair().getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }

    @Test
    void signsAnAssertionAsTheServiceAccount() throws Exception {
        UUID account = account(
                Map.of("username", "robot@shop.example", "privateKey", privateKey()),
                "{\"subject\": \"ann@shop.example\"}");

        given(access.beforeTask(manifest(OAuth2.Grant.JWT_BEARER), account, read(account)));

        String assertion = requests.getFirst().replaceAll("(?s).*assertion=([^&]*).*", "$1");
        String claims = new String(Base64.getUrlDecoder().decode(assertion.split("\\.")[1]), UTF_8);
        assertThat(claims)
                .contains("\"iss\":\"robot@shop.example\"", "\"sub\":\"ann@shop.example\"")
                .contains("\"scope\":\"read write\"")
                .contains("/token\"");
    }

    @Test
    void saysThatAKeyCannotSignAndShowsNothingOfIt() throws Exception {
        UUID account = account(Map.of("username", "robot", "privateKey", "n0tAKeyAtAll"), "{}");

        Access refused = access.beforeTask(manifest(OAuth2.Grant.JWT_BEARER), account, read(account));

        assertThat(refused)
                .isInstanceOfSatisfying(
                        Access.Withheld.class,
                        withheld -> assertThat(withheld.outcome())
                                .isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
                                    assertThat(failed.code()).isEqualTo("oauth.privateKeyUnusable");
                                    assertThat(failed.kind()).isEqualTo(Outcome.Kind.UNAUTHORIZED);
                                    assertThat(failed.message()).doesNotContain("n0tAKeyAtAll");
                                }));
        assertThat(requests).isEmpty();
    }

    @Test
    void exchangesAFacebookTokenForOneThatLivesLonger() throws Exception {
        Manifest manifest = manifest(OAuth2.Grant.FACEBOOK_EXCHANGE);
        UUID account = account(
                Map.of("accessToken", "short", "expiresAt", "0", "clientId", "cli", "clientSecret", "s3cret"), "{}");

        Account given = given(access.beforeTask(manifest, account, read(account)));

        assertThat(requests.getFirst()).contains("fb_exchange_token=short", "client_secret=s3cret");
        assertThat(given.credentials().find("accessToken")).contains("token1");
        assertThat(given.credentials().find("refreshToken")).isEmpty();
    }

    @Test
    void tellsThatAFacebookTokenWasRevoked() throws Exception {
        Manifest manifest = manifest(OAuth2.Grant.FACEBOOK_EXCHANGE);
        UUID account = account(
                Map.of("accessToken", "revoked", "expiresAt", "0", "clientId", "cli", "clientSecret", "x"), "{}");

        assertThat(access.beforeTask(manifest, account, read(account)))
                .isInstanceOfSatisfying(
                        Access.Withheld.class,
                        withheld -> assertThat(withheld.outcome())
                                .isInstanceOfSatisfying(
                                        Outcome.Failed.class,
                                        failed -> assertThat(failed.code()).isEqualTo("oauth.grantRevoked")));
    }

    @Test
    void exchangesAnInstagramTokenOfAConsentAndRefreshesItThen() throws Exception {
        Manifest manifest = manifest(OAuth2.Grant.INSTAGRAM_REFRESH);
        UUID account = account(
                Map.of(
                        "accessToken",
                        "short",
                        "clientId",
                        "cli",
                        "clientSecret",
                        "s3cret",
                        "tributary.issuedBy",
                        tokenUrl()),
                "{}");

        Account given = given(access.beforeTask(manifest, account, read(account)));
        given(access.ahead(manifest, account, given, true));

        assertThat(requests.get(0)).contains("grant_type=ig_exchange_token", "access_token=short", "client_secret=");
        assertThat(requests.get(1))
                .contains("grant_type=ig_refresh_token", "access_token=token1")
                .doesNotContain("client_secret");
    }

    @Test
    void leavesAPastedTokenAloneThatItCannotRenew() throws Exception {
        UUID account = account(Map.of("accessToken", "pasted"), "{}");

        for (OAuth2.Grant grant : List.of(OAuth2.Grant.FACEBOOK_EXCHANGE, OAuth2.Grant.INSTAGRAM_REFRESH)) {
            Account given = given(access.beforeTask(manifest(grant), account, read(account)));
            assertThat(given.credentials().find("accessToken")).contains("pasted");
            assertThat(access.afterRejection(manifest(grant), account, given)).isEmpty();
        }
        assertThat(requests).isEmpty();
    }

    private static Manifest manifest(OAuth2.Grant grant) {
        return Manifest.builder("shop", "1.0", "Shop")
                .syncType("default", "list", Duration.ofMinutes(15))
                .lists("list")
                .auth(Manifest.Auth.OAUTH2)
                .oauth2(new OAuth2(null, TOKEN_URL, List.of("read", "write"), " ", Map.of(), null)
                        .withGrant(grant, new OAuth2.Renewal(null, Map.of("audience", "shop"))))
                .build();
    }

    private String tokenUrl() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/token";
    }

    private UUID account(Map<String, String> credentials, String config) {
        UUID id = UUID.randomUUID();
        JsonObject named = Json.readObject(config);
        database.sql("insert into user_integration (id, user_id, integration_domain, name, config, credentials)"
                        + " values (?, 'ann', 'shop', 'x', ?::jsonb, ?)")
                .param(id)
                .param(Json.write(named.has("tokenUrl") ? named : named.with("tokenUrl", tokenUrl())))
                .param(seal.seal(id, credentials))
                .update();
        return id;
    }

    private Account read(UUID id) throws Exception {
        return new ReadAccount(database, seal).read(id).orElseThrow();
    }

    private static Account given(Access access) {
        assertThat(access).isInstanceOf(Access.Given.class);
        return ((Access.Given) access).account();
    }
}
