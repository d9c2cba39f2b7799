package io.tributary.scheduler.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.scheduler.credentials.SealCredentials;
import io.tributary.scheduler.runs.IdentifyAccounts;
import io.tributary.scheduler.testing.Api;
import io.tributary.scheduler.testing.Broker;
import io.tributary.scheduler.testing.Database;
import io.tributary.scheduler.testing.ManifestJson;
import io.tributary.scheduler.testing.RunningScheduler;
import io.tributary.standalone.oidc.OidcProvider;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Connecting an account at a real OpenID Connect provider. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuthorizeIT {

    private static final String CALLBACK = "https://app.test/connected";

    private OidcProvider provider;
    private RunningScheduler scheduler;
    private Api ann;
    private String account;

    @SuppressWarnings("NullAway.Init") // start() and create() set it
    AuthorizeIT() {}

    @BeforeAll
    void start(@TempDir Path folder) {
        provider = OidcProvider.start(Duration.ofHours(1), "client_secret_basic", List.of(CALLBACK));
        var broker = Broker.create();
        broker.announce(ManifestJson.CLOUD.replace("\"auth\"", "\"connects\": true, \"auth\""));
        broker.announce(ManifestJson.MAIL);
        scheduler = RunningScheduler.start(
                folder,
                Database.empty(),
                broker,
                Map.of("tributary.oauth.redirect-uri", CALLBACK, "tributary.http.allow-private-addresses", "true"));
        ann = scheduler.user("ann");
    }

    @BeforeEach
    void create() {
        provider.work();
        account = create("");
    }

    @AfterAll
    void stop() {
        scheduler.close();
        provider.close();
    }

    @Test
    void connectsAnAccountOnceItsUserHasConsented() {
        assertThat(ann.get("/v1/user-integrations/" + account).text("syncStatus"))
                .isEqualTo("expired");

        ann.get(callback(consent(authorize()))).expect(200);

        var connected = ann.get("/v1/user-integrations/" + account);
        assertThat(connected.text("syncStatus")).isEqualTo("active");
        assertThat(connected.json().get("nextSyncAt").isNull()).isFalse();
        assertThat(connected.json().has("error")).isFalse();
        var credentials = credentials();
        assertThat(provider.isValid(String.valueOf(credentials.get("accessToken"))))
                .isTrue();
        assertThat(credentials).containsKeys("refreshToken", "expiresAt", "clientId", "clientSecret");
        assertThat(scheduler
                        .database()
                        .value(
                                "select count(*) from user_integration where id = :id and access_refresh_at > now()",
                                UUID.fromString(account),
                                Long.class))
                .isOne();
    }

    @Test
    void asksWhoseAccountItIsOnceItIsConnectedAndNotBefore() {
        scheduler.bean(IdentifyAccounts.class).run();
        assertThat(systemRuns()).isEmpty();

        ann.get(callback(consent(authorize()))).expect(200);
        scheduler.bean(IdentifyAccounts.class).run();

        await().atMost(Duration.ofMinutes(1)).until(() -> !systemRuns().isEmpty());
        assertThat(systemRuns()).containsExactly("system:connect");
    }

    private List<String> systemRuns() {
        return scheduler
                .database()
                .jdbc()
                .sql("select sync_type from sync_run where user_integration_id = :id and trigger = 'system'")
                .param("id", UUID.fromString(account))
                .query(String.class)
                .list();
    }

    @Test
    void asksForAChallengeAndAStateOfItsOwnEachTime() {
        String first = authorize();
        String second = authorize();

        assertThat(parameter(first, "code_challenge_method")).isEqualTo("S256");
        assertThat(parameter(first, "code_challenge")).hasSize(43).isNotEqualTo(parameter(second, "code_challenge"));
        assertThat(parameter(first, "state")).hasSize(43).isNotEqualTo(parameter(second, "state"));
        assertThat(parameter(first, "redirect_uri")).isEqualTo("https%3A%2F%2Fapp.test%2Fconnected");
    }

    @Test
    void takesAStateOnce() {
        String callback = callback(consent(authorize()));

        ann.get(callback).expect(200);

        ann.get(callback).expectProblem(400, "oauth.stateUnknown");
    }

    @Test
    void takesAStateOfNobodyElseAndKeepsItForItsUser() {
        String callback = callback(consent(authorize()));

        scheduler.user("bob").get(callback).expectProblem(400, "oauth.stateUnknown");
        scheduler.nobody().get(callback).expectProblem(400, "oauth.stateUnknown");

        ann.get(callback).expect(200);
    }

    @Test
    void takesAStateFromTheBrowserThatAskedWithoutAToken() {
        var answer = ann.post("/v1/user-integrations/" + account + "/authorize").expect(200);
        String cookie = answer.response().headers().firstValue("Set-Cookie").orElseThrow();
        assertThat(cookie).contains("HttpOnly").contains("SameSite=Lax").contains("Path=/oauth/callback");
        String callback = callback(consent(answer.text("authorizationUrl")));
        var nobody = scheduler.nobody();

        nobody.send(nobody.request(callback).header("Cookie", cookie.replaceAll("=[^;]*;.*", "=other")))
                .expectProblem(400, "oauth.stateUnknown");
        nobody.send(nobody.request(callback).header("Cookie", cookie.replaceAll(";.*", "")))
                .expect(200);
    }

    @Test
    void takesNoStateAfterTenMinutes() {
        String callback = callback(consent(authorize()));
        scheduler
                .database()
                .update(
                        "update oauth_authorization set expires_at = expires_at - interval '11 minutes'"
                                + " where user_integration_id = :id",
                        UUID.fromString(account));

        ann.get(callback).expectProblem(400, "oauth.stateUnknown");
    }

    @Test
    void takesNoCodeThatWasIssuedForAnotherVerifier() {
        String first = consent(authorize());
        String second = consent(authorize());

        ann.get("/oauth/callback?code=" + parameter(first, "code") + "&state=" + parameter(second, "state"))
                .expectProblem(502, "oauth.codeRefused");
        assertThat(ann.get("/v1/user-integrations/" + account).text("syncStatus"))
                .isEqualTo("expired");
    }

    @Test
    void saysThatTheUserRefused() {
        ann.get("/oauth/callback?error=access_denied&state=" + parameter(authorize(), "state"))
                .expectProblem(409, "oauth.consentRefused");
    }

    @Test
    void saysThatTheProviderIsAway() {
        String callback = callback(consent(authorize()));
        provider.fail(503, null);

        ann.get(callback).expectProblem(502, "oauth.codeRefused");
    }

    @Test
    void refusesWhatIsNoState() {
        for (String query : List.of("", "?state=", "?state=x&code=y", "?code=y", "?state=" + "x".repeat(5_000))) {
            ann.get("/oauth/callback" + query).expectProblem(400, "oauth.stateUnknown");
        }
    }

    @Test
    void leavesNoSecretInAnyAnswerOrTable() {
        String url = authorize();
        var secrets = new ArrayList<>(List.of(OidcProvider.CLIENT_SECRET, parameter(url, "state")));
        String before = dump();
        var answer = ann.get(callback(consent(url))).expect(200);
        ann.get(callback("https://app.test/connected?state=canary-state-77&code=canary-code-77"))
                .expectProblem(400, "oauth.stateUnknown");
        secrets.addAll(List.of(
                String.valueOf(credentials().get("accessToken")),
                String.valueOf(credentials().get("refreshToken"))));

        assertThat(url).doesNotContain(OidcProvider.CLIENT_SECRET);
        assertThat(before + dump() + answer.body() + answer.response().headers().map())
                .contains(account)
                .doesNotContain(secrets.toArray(String[]::new))
                .doesNotContain("canary-state-77", "canary-code-77");
    }

    /** Every row of what this writes to, as text; binary columns in hexadecimal and as they are. */
    private String dump() {
        var rows = new StringBuilder();
        for (String table :
                List.of("user_integration", "oauth_authorization", "token_exchange", "event_outbox", "sync_run")) {
            scheduler
                    .database()
                    .jdbc()
                    .sql("select row_to_json(t)::text from " + table + " t")
                    .query(String.class)
                    .list()
                    .forEach(row -> rows.append(row).append(unhexed(row)));
        }
        return rows.toString();
    }

    private static String unhexed(String row) {
        var text = new StringBuilder();
        Pattern.compile("x([0-9a-f]{2,})")
                .matcher(row)
                .results()
                .forEach(hex -> text.append(new String(
                        HexFormat.of()
                                .parseHex(hex.group(1).substring(0, hex.group(1).length() / 2 * 2)),
                        StandardCharsets.ISO_8859_1)));
        return text.toString();
    }

    @Test
    void authorizesOwnAccountsOnly() {
        scheduler
                .user("bob")
                .post("/v1/user-integrations/" + account + "/authorize")
                .expectProblem(404, "api.notFound");
        scheduler
                .nobody()
                .post("/v1/user-integrations/" + account + "/authorize")
                .expectProblem(401, "api.unauthenticated");
    }

    @Test
    void saysWhatIsMissingToAuthorize() {
        String noProvider = ann.post(
                        "/v1/user-integrations",
                        "{\"integrationDomain\": \"cloud\", \"authorize\": true,"
                                + " \"credentials\": {\"clientId\": \"c\"}}")
                .expect(201)
                .text("id");
        ann.post("/v1/user-integrations/" + noProvider + "/authorize").expectProblem(409, "oauth.noProvider");
        // Refused when it is saved, too; this one was there before.
        scheduler
                .database()
                .jdbc()
                .sql("update user_integration set config = jsonb_set(config, '{tokenUrl}', '\"ftp://x\"')"
                        + " where id = :id::uuid")
                .param("id", account)
                .update();
        ann.post("/v1/user-integrations/" + account + "/authorize").expectProblem(409, "oauth.urlRefused");
        ann.post("/v1/user-integrations", "{\"integrationDomain\": \"mail\", \"authorize\": true}")
                .expectError("/authorize");
    }

    private String create(String more) {
        return ann.post("/v1/user-integrations", """
            {"integrationDomain": "cloud", "authorize": true,
             "config": {"tokenUrl": "%s", "authorizeUrl": "%s", "scope": "read"},
             "credentials": {"clientId": "%s", "clientSecret": "%s"}%s}
            """.formatted(
                                provider.tokenUrl(),
                                provider.authorizeUrl(),
                                OidcProvider.CLIENT_ID,
                                OidcProvider.CLIENT_SECRET,
                                more))
                .expect(201)
                .text("id");
    }

    private String authorize() {
        return ann.post("/v1/user-integrations/" + account + "/authorize")
                .expect(200)
                .text("authorizationUrl");
    }

    /** Goes to the provider as the owner of the account; returns where the provider sends the browser. */
    private static String consent(String authorizationUrl) {
        try (var browser = HttpClient.newHttpClient()) {
            var answer = browser.send(
                    HttpRequest.newBuilder(URI.create(authorizationUrl))
                            .header("Accept", "text/html")
                            .build(),
                    BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(302);
            return answer.headers().firstValue("Location").orElseThrow();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String callback(String location) {
        assertThat(location).startsWith(CALLBACK);
        return "/oauth/callback?" + URI.create(location).getRawQuery();
    }

    private static String parameter(String url, String name) {
        return url.replaceAll(".*[?&]" + name + "=([^&]*).*", "$1");
    }

    private Map<String, String> credentials() {
        UUID id = UUID.fromString(account);
        byte[] sealed =
                scheduler.database().value("select credentials from user_integration where id = :id", id, byte[].class);
        return scheduler.bean(SealCredentials.class).open(id, java.util.Objects.requireNonNull(sealed));
    }
}
