package io.tributary.scheduler.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tributary.scheduler.credentials.SealCredentials;
import io.tributary.scheduler.testing.Api;
import io.tributary.scheduler.testing.Broker;
import io.tributary.scheduler.testing.Database;
import io.tributary.scheduler.testing.ManifestJson;
import io.tributary.scheduler.testing.RunningScheduler;
import io.tributary.scheduler.userintegrations.ApplyFoundSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Users and providers who want a secret of the deployment or of another account. A server records every request: none
 * may bring such a secret to any other place than the token endpoint of the manifest.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileOAuthIT {

    private static final String TOKEN_PATH = "/provider/token";
    private static final String CLIENT_ID = "ours";
    private static final String SECRET = "canary-deployment-secret";
    private static final String OWN_SECRET = "canary-own-secret";
    private static final String REFRESH_TOKEN = "canary-refresh-token";
    private static final String ACCESS_TOKEN = "canary-access-token";
    private static final String PATH = "/v1/user-integrations";

    private record Received(String path, String text) {}

    private final List<Received> requests = new CopyOnWriteArrayList<>();
    private volatile @Nullable String redirect;
    private HttpServer server;
    private String base;
    private RunningScheduler scheduler;
    private Api ann;

    @SuppressWarnings("NullAway.Init") // start() sets it
    HostileOAuthIT() {}

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        base = "http://127.0.0.1:" + server.getAddress().getPort();
        var broker = Broker.create();
        broker.announce(ManifestJson.CLOUD.replace("\"auth\"", """
            "oauth2": {"authorizeUrl": "%s/provider/authorize", "tokenUrl": "%s%s", "scopes": ["a", "b"],
                       "scopeSeparator": ",", "clientAuthentication": "post"},
            "auth\"\
            """.formatted(base, base, TOKEN_PATH)));
        broker.announce(ManifestJson.CLOUD.replace("\"cloud\"", "\"elsewhere\""));
        scheduler = RunningScheduler.start(
                folder,
                Database.empty(),
                broker,
                Map.of(
                        "tributary.oauth.clients.cloud.client-id", CLIENT_ID,
                        "tributary.oauth.clients.cloud.client-secret", SECRET,
                        "tributary.http.allow-private-addresses", "true"));
        ann = scheduler.user("ann");
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        requests.add(new Received(
                exchange.getRequestURI().toString(),
                exchange.getRequestURI() + "\n" + exchange.getRequestHeaders().entrySet() + "\n" + body));
        String location = redirect;
        if (location != null && exchange.getRequestURI().toString().equals(TOKEN_PATH)) {
            exchange.getResponseHeaders().add("Location", location);
            exchange.sendResponseHeaders(307, -1);
        } else {
            byte[] tokens = ("{\"access_token\": \"" + ACCESS_TOKEN + "\", \"refresh_token\": \"" + REFRESH_TOKEN
                            + "\", \"expires_in\": 3600}")
                    .getBytes(UTF_8);
            exchange.sendResponseHeaders(200, tokens.length);
            exchange.getResponseBody().write(tokens);
        }
        exchange.close();
    }

    @BeforeEach
    void forget() {
        redirect = null;
        requests.clear();
    }

    @AfterAll
    void stop() {
        scheduler.close();
        server.stop(0);
    }

    /** URLs that are not that of the manifest, many of them to look like it. */
    static Stream<String> foreignUrls() {
        return Stream.of(
                "{base}/evil/token",
                "{base}/provider/token/",
                "{base}/provider/token?to=evil",
                "{base}/provider/token;evil",
                "{base}/provider/%74oken",
                "{base}/provider/../evil/token",
                "{base}//provider/token",
                "{base}/provider/Token",
                "{base}/provider/token%00",
                "{base}/provider/token#evil",
                "{localhost}/provider/token",
                "HTTP{ttp}/provider/token",
                "https{ttp}/provider/token",
                "http://provider@127.0.0.1:{port}/provider/token",
                "http://127.0.0.1:{port}@evil.test/provider/token",
                "http://127.1:{port}/provider/token",
                "//127.0.0.1:{port}/provider/token",
                "ftp://127.0.0.1:{port}/provider/token",
                "javascript:alert(1)",
                "");
    }

    @ParameterizedTest
    @MethodSource("foreignUrls")
    void sendsTheDeploymentsSecretToNoTokenUrlOfAnAccount(String url) {
        for (String credentials : List.of("{}", "{\"clientId\": \"" + CLIENT_ID + "\"}")) {
            var created = ann.post(PATH, account("cloud", config("tokenUrl", url), credentials));
            if (created.status() == 201) {
                connect(created.text("id"));
            }
        }
        assertNoSecretWasSent();
    }

    @ParameterizedTest
    @MethodSource("foreignUrls")
    void keepsCredentialsFromATokenUrlThatAnAccountGetsAfterItWasConnected(String url) {
        String id = connected();

        var changed = ann.patch(PATH + "/" + id, "{\"config\": " + config("tokenUrl", url) + "}");

        assertThat(changed.status()).as(changed.body()).isIn(400, 409);
        assertThat(ann.get(PATH + "/" + id).json().get("config").toString()).isEqualTo("{}");
        connect(id);
        requests.removeIf(request -> request.path().equals(TOKEN_PATH));
        assertNoSecretWasSent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{base}/evil/authorize", "{base}/provider/authorize?x=y", "https{ttp}/provider/authorize"})
    void usesTheDeploymentsClientWithNoPageOfConsentOfAnAccount(String url) {
        String id = create("cloud", config("authorizeUrl", url), "{}");

        ann.post(PATH + "/" + id + "/authorize").expectProblem(409, "oauth.ownClientNeeded");
    }

    @ParameterizedTest
    @ValueSource(strings = {"baseUrl", "tokenUrl", "authorizeUrl", "host", "apiHostname", "callbackUri"})
    void needsNewCredentialsForEveryAddressThatAConfigGets(String key) {
        String id = connected();

        ann.patch(PATH + "/" + id, "{\"config\": " + config(key, "{base}/evil") + "}")
                .expectProblem(409, "credentials.destinationChanged");
        ann.patch(PATH + "/" + id, "{\"config\": {\"nested\": [" + config(key, "{base}/evil") + "]}}")
                .expectProblem(409, "credentials.destinationChanged");
        scheduler
                .operator()
                .patch(PATH + "/" + id, "{\"config\": " + config(key, "{base}/evil") + "}")
                .expectProblem(409, "credentials.destinationChanged");
    }

    @Test
    void changesAConfigThatMovesNothing() {
        String id = connected();

        ann.patch(PATH + "/" + id, "{\"config\": {\"query\": \"x\", \"count\": 3}}")
                .expect(200);
        assertThat(credentials(id)).containsKey("accessToken");
    }

    @Test
    void connectsAnewAtAnotherAddressWithoutTheOldCredentials() {
        String id = connected();

        ann.patch(PATH + "/" + id, "{\"authorize\": true, \"config\": " + config("tokenUrl", "{base}/evil/token") + "}")
                .expect(200);

        var changed = ann.get(PATH + "/" + id).json();
        assertThat(changed.get("syncStatus").asString()).isEqualTo("expired");
        assertThat(changed.get("hasCredentials").asBoolean()).isFalse();
        requests.clear();
        connect(id);
        assertNoSecretWasSent();
    }

    @Test
    void dropsACodeWhenTheAccountWasChangedSinceTheConsent() {
        String id = create("cloud", "{}", "{}");
        String state = state(id);
        setConfig(id, config("tokenUrl", "{base}/evil/token"));

        ann.get("/oauth/callback?code=c&state=" + state).expectProblem(409, "oauth.ownClientNeeded");
        assertNoSecretWasSent();
    }

    @Test
    void dropsACodeWhenAnOwnClientGotAnotherUrlSinceTheConsent() {
        String id = create("cloud", config("tokenUrl", "{base}/own/token"), own("mine"));
        String state = state(id);
        setConfig(id, config("tokenUrl", "{base}/evil/token"));

        ann.get("/oauth/callback?code=c&state=" + state).expectProblem(409, "oauth.settingsChanged");
        assertNoSecretWasSent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{base}/evil/token", "https://evil.test/token", "/evil/token"})
    void followsNoRedirectOfATokenEndpoint(String location) {
        String id = create("cloud", "{}", "{}");
        redirect = filled(location);

        ann.get("/oauth/callback?code=c&state=" + state(id)).expectProblem(502, "oauth.codeRefused");

        assertThat(requests).extracting(Received::path).containsOnly(TOKEN_PATH);
    }

    @Test
    void sendsTheClientOfAnAccountForNoOtherAccount() {
        create("cloud", config("tokenUrl", "{base}/own/token"), own("mine"));

        Api bob = scheduler.user("bob");
        String id = bob.post(
                        PATH, account("cloud", config("tokenUrl", "{base}/evil/token"), "{\"clientId\": \"mine\"}"))
                .expect(201)
                .text("id");
        var answer = bob.post(PATH + "/" + id + "/authorize").expect(200);
        bob.get("/oauth/callback?code=c&state=" + stateOf(answer.text("authorizationUrl")));

        assertThat(requests).isNotEmpty();
        assertNoSecretWasSent();
    }

    @Test
    void usesTheDeploymentsClientForNoOtherIntegration() {
        String id = create("elsewhere", config("tokenUrl", "{base}/provider/token"), "{}");

        ann.post(PATH + "/" + id + "/authorize").expectProblem(409, "oauth.noClient");
        setConfig(
                id,
                "{\"tokenUrl\": \"" + base + "/provider/token\", \"authorizeUrl\": \"" + base
                        + "/provider/authorize\"}");
        ann.post(PATH + "/" + id + "/authorize").expectProblem(409, "oauth.noClient");
        assertNoSecretWasSent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tokenUrl", "authorizeUrl", "baseUrl", "host"})
    void appliesNoSettingOfAProviderThatRedirectsCredentials(String key) {
        String id = connected();
        scheduler
                .database()
                .jdbc()
                .sql("update user_integration set found_settings = :found::jsonb where id = :id::uuid")
                .param("found", "{\"username\": \"octocat\", \"" + key + "\": \"" + base + "/evil\"}")
                .param("id", id)
                .update();

        scheduler.bean(ApplyFoundSettings.class).run();

        assertThat(ann.get(PATH + "/" + id).json().get("config").toString()).isEqualTo("{\"username\":\"octocat\"}");
    }

    @Test
    void storesNoSecretOfTheDeploymentWithAnAccount() {
        String id = connected();

        assertThat(credentials(id)).containsEntry("clientId", CLIENT_ID).doesNotContainValue(SECRET);
    }

    @Test
    void connectsWithNothingButTheDeploymentsClient() {
        String id = create("cloud", "{}", "{}");

        String url = ann.post(PATH + "/" + id + "/authorize").expect(200).text("authorizationUrl");

        assertThat(url)
                .startsWith(base + "/provider/authorize?")
                .contains("client_id=" + CLIENT_ID, "scope=a%2Cb", "code_challenge_method=S256")
                .doesNotContain(SECRET);
        ann.get("/oauth/callback?code=c&state=" + stateOf(url)).expect(200);
        assertThat(requests)
                .hasSize(1)
                .first()
                .satisfies(request -> assertThat(request.text()).contains("client_secret=" + SECRET));
    }

    private String connected() {
        String id = create("cloud", "{}", "{}");
        ann.get("/oauth/callback?code=c&state=" + state(id)).expect(200);
        requests.clear();
        return id;
    }

    /** Begins an authorization, and calls back as a provider would that grants everything. */
    private void connect(String id) {
        var begun = ann.post(PATH + "/" + id + "/authorize");
        if (begun.status() == 200) {
            ann.get("/oauth/callback?code=c&state=" + stateOf(begun.text("authorizationUrl")));
        }
    }

    private String state(String id) {
        return stateOf(ann.post(PATH + "/" + id + "/authorize").expect(200).text("authorizationUrl"));
    }

    private static String stateOf(String url) {
        return url.replaceAll(".*[?&]state=([^&]*).*", "$1");
    }

    private String create(String domain, String config, String credentials) {
        return ann.post(PATH, account(domain, config, credentials)).expect(201).text("id");
    }

    private static String account(String domain, String config, String credentials) {
        return "{\"integrationDomain\": \"%s\", \"authorize\": true, \"config\": %s, \"credentials\": %s}"
                .formatted(domain, config, credentials);
    }

    private static String own(String clientId) {
        return "{\"clientId\": \"" + clientId + "\", \"clientSecret\": \"" + OWN_SECRET + "\"}";
    }

    private String config(String key, String url) {
        return "{\"" + key + "\": \"" + filled(url) + "\"}";
    }

    private String filled(String url) {
        int port = server.getAddress().getPort();
        return url.replace("{base}", base)
                .replace("{localhost}", "http://localhost:" + port)
                .replace("{ttp}", "://127.0.0.1:" + port)
                .replace("{port}", Integer.toString(port));
    }

    /** Past the API, as an operator with access to the database could. */
    private void setConfig(String id, String config) {
        scheduler
                .database()
                .jdbc()
                .sql("update user_integration set config = :config::jsonb where id = :id::uuid")
                .param("config", config)
                .param("id", id)
                .update();
    }

    private Map<String, String> credentials(String account) {
        UUID id = UUID.fromString(account);
        byte[] sealed =
                scheduler.database().value("select credentials from user_integration where id = :id", id, byte[].class);
        return scheduler.bean(SealCredentials.class).open(id, Objects.requireNonNull(sealed));
    }

    private void assertNoSecretWasSent() {
        assertThat(requests)
                .allSatisfy(request -> assertThat(request.text())
                        .doesNotContain(SECRET, OWN_SECRET, REFRESH_TOKEN, ACCESS_TOKEN)
                        .doesNotContain("Basic "));
    }
}
