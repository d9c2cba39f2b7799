package io.tributary.worker.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tributary.egress.OAuthClients;
import io.tributary.egress.Outbound;
import io.tributary.egress.PublicHosts;
import io.tributary.egress.TokenEndpoint;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Manifest;
import io.tributary.schemas.Migrations;
import io.tributary.standalone.oidc.OidcProvider;
import io.tributary.standalone.servers.TestServers;
import io.tributary.worker.codec.Json;
import io.tributary.worker.engine.Outcome;
import io.tributary.worker.testing.Keysets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Against a provider that rotates refresh tokens and revokes a grant when one comes twice: an account is lost in the
 * one window that no client can close, and then it says so.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RenewAccessIT {

    private static final Duration LEASE = Duration.ofSeconds(40);
    private static final OAuthClients NO_CLIENTS = new OAuthClients(null);
    private static final Manifest CLOUD = Manifest.builder("cloud", "1.0", "Cloud")
            .syncType("default", "list", Duration.ofMinutes(15))
            .lists("list")
            .auth(Manifest.Auth.OAUTH2)
            .build();

    private OidcProvider provider;
    private JdbcClient owner;
    private JdbcClient worker;
    private OpenCredentials seal;
    private Outbound outbound;
    private RenewAccess renewal;
    private UUID account;

    @SuppressWarnings("NullAway.Init") // start() and connect() set it
    RenewAccessIT() {}

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        provider = OidcProvider.start();
        var postgres = TestServers.postgres();
        String url = postgres.createDatabase("renew_" + Long.toHexString(System.nanoTime()));
        var dataSource = new DriverManagerDataSource(url, postgres.username(), postgres.password());
        Flyway.configure()
                .configuration(Migrations.SETTINGS)
                .dataSource(dataSource)
                .load()
                .migrate();
        owner = JdbcClient.create(dataSource);
        // The worker's own role: what it may not do fails here.
        String login = "renew_worker_" + Long.toHexString(System.nanoTime());
        postgres.createLogin(login, "test", List.of("tributary_worker"));
        worker = JdbcClient.create(new DriverManagerDataSource(url, login, "test"));
        seal = OpenCredentials.withKeyset(Keysets.write(folder));
        outbound = outbound(true, Duration.ofSeconds(10));
    }

    @BeforeEach
    void connect() {
        provider.work();
        renewal = worker(LEASE);
        account = connect(provider.consent(Duration.ofSeconds(-1)));
    }

    @AfterEach
    void stopWorker() {
        renewal.close();
    }

    @AfterAll
    void stop() throws Exception {
        outbound.close();
        provider.close();
    }

    @Test
    void storesTheRotatedTokenBeforeAnyoneUsesTheNewAccess() throws Exception {
        var before = stored(account);

        var fresh = fresh(renewal.refresh(account, CLOUD, before.get("accessToken")));

        var after = stored(account);
        assertThat(after.get("accessToken")).isNotEqualTo(before.get("accessToken"));
        assertThat(after.get("refreshToken")).isNotEqualTo(before.get("refreshToken"));
        assertThat(after).containsEntry("clientId", OidcProvider.CLIENT_ID);
        assertThat(fresh.credentials().require("accessToken")).isEqualTo(after.get("accessToken"));
        assertThat(provider.isValid(fresh.credentials().require("accessToken"))).isTrue();
        assertThat(Instant.parse(String.valueOf(after.get("expiresAt"))))
                .isBetween(Instant.now().plusSeconds(3_500), Instant.now().plusSeconds(3_601));
        assertThat(owner.sql("select access_refresh_at from user_integration where id = ?")
                        .param(account)
                        .query(OffsetDateTime.class)
                        .single()
                        .toInstant())
                .isBetween(Instant.now().plusSeconds(3_200), Instant.now().plusSeconds(3_301));
        assertThat(exchangesUnderWay()).isZero();
    }

    @Test
    void makesOneExchangeForAThousandDemands() throws Exception {
        String stale = stored(account).get("accessToken");
        int before = provider.tokenRequests();
        int exchanges = provider.exchanges();
        int reused = provider.reusesDetected();
        var start = new CountDownLatch(1);
        var demands = new ArrayList<Future<Access>>();

        try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 1_000; i++) {
                demands.add(tasks.submit(() -> {
                    start.await();
                    return renewal.refresh(account, CLOUD, stale);
                }));
            }
            start.countDown();
        }

        String renewed = stored(account).get("accessToken");
        for (var demand : demands) {
            assertThat(fresh(demand.get()).credentials().require("accessToken")).isEqualTo(renewed);
        }
        // One with the secret in the body, which this provider does not take, and one with the header.
        assertThat(provider.tokenRequests() - before).isBetween(1, 2);
        assertThat(provider.exchanges() - exchanges).isOne();
        assertThat(provider.reusesDetected()).isEqualTo(reused);
    }

    @Test
    void makesOneExchangeForTwoWorkersThatBothThinkTheyOwnTheAccount() throws Exception {
        String stale = stored(account).get("accessToken");
        int before = provider.exchanges();
        var demands = new ArrayList<Future<Access>>();

        try (var other = worker(LEASE);
                var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 100; i++) {
                RenewAccess one = i % 2 == 0 ? renewal : other;
                demands.add(tasks.submit(() -> one.refresh(account, CLOUD, stale)));
            }
            for (var demand : demands) {
                assertThat(demand.get())
                        .matches(it -> it instanceof Access.Given
                                || it instanceof Access.Withheld(Outcome outcome)
                                        && outcome instanceof Outcome.Throttled);
            }
        }

        assertThat(provider.exchanges() - before).isOne();
        assertThat(provider.isValid(String.valueOf(stored(account).get("accessToken"))))
                .isTrue();
    }

    @Test
    void takesWhatAnotherTaskHasJustRenewed() throws Exception {
        String stale = stored(account).get("accessToken");
        var first = fresh(renewal.refresh(account, CLOUD, stale));
        int before = provider.tokenRequests();

        var second = fresh(renewal.refresh(account, CLOUD, stale));

        assertThat(second.credentials().require("accessToken"))
                .isEqualTo(first.credentials().require("accessToken"));
        assertThat(provider.tokenRequests()).isEqualTo(before);
    }

    @Test
    void storesTheAnswerThatComesAfterTheTaskWasInterrupted() throws Exception {
        String stale = String.valueOf(stored(account).get("accessToken"));
        renewal.refresh(account, CLOUD, stale); // from now on it knows how the provider wants its client
        String next = String.valueOf(stored(account).get("accessToken"));
        var worked = new CountDownLatch(1);
        var answer = new CountDownLatch(1);
        provider.answerLate(worked, answer);
        var task = Thread.ofVirtual()
                .unstarted(() -> assertThatThrownBy(() -> renewal.refresh(account, CLOUD, next))
                        .isInstanceOf(InterruptedException.class));

        task.start();
        assertThat(worked.await(10, TimeUnit.SECONDS)).isTrue();
        task.interrupt();
        task.join();
        answer.countDown();

        await().atMost(Duration.ofMinutes(1))
                .until(() -> !next.equals(stored(account).get("accessToken")));
        assertThat(provider.isValid(String.valueOf(stored(account).get("accessToken"))))
                .isTrue();
    }

    @Test
    void tellsARevokedGrant() throws Exception {
        var before = stored(account);
        provider.revoke(String.valueOf(before.get("refreshToken")));

        assertThat(outcome(renewal.refresh(account, CLOUD, before.get("accessToken"))))
                .isInstanceOfSatisfying(Outcome.Failed.class, refused -> {
                    assertThat(refused.kind()).isEqualTo(Outcome.Kind.UNAUTHORIZED);
                    assertThat(refused.code()).isEqualTo("oauth.grantRevoked");
                    assertThat(refused.message()).doesNotContain("canary");
                });
        assertThat(stored(account)).isEqualTo(before);
    }

    @Test
    void goesOnAfterAWorkerWasKilledBeforeTheProviderHeardOfIt() throws Exception {
        String stale = stored(account).get("accessToken");
        // What a worker leaves that was killed between writing it down and sending the request.
        new TokenExchanges(worker, LEASE).begin(account);

        assertThat(outcome(renewal.refresh(account, CLOUD, stale)))
                .isInstanceOfSatisfying(
                        Outcome.Throttled.class, wait -> assertThat(wait.code()).isEqualTo("oauth.refreshUnderWay"));
        try (var later = worker(Duration.ZERO)) {
            assertThat(provider.isValid(fresh(later.refresh(account, CLOUD, stale))
                            .credentials()
                            .require("accessToken")))
                    .isTrue();
        }
    }

    @Test
    void tellsAnInterruptedExchangeFromARevokedGrant() throws Exception {
        var before = stored(account);
        // A worker wrote it down, the provider rotated the token, and the worker was killed before it stored the
        // answer.
        new TokenExchanges(worker, LEASE).begin(account);
        var elsewhere = connect(tokens(before));
        renewal.refresh(elsewhere, CLOUD, before.get("accessToken"));

        try (var later = worker(Duration.ZERO)) {
            assertThat(outcome(later.refresh(account, CLOUD, before.get("accessToken"))))
                    .isInstanceOfSatisfying(Outcome.Failed.class, refused -> {
                        assertThat(refused.kind()).isEqualTo(Outcome.Kind.UNAUTHORIZED);
                        assertThat(refused.code()).isEqualTo("oauth.refreshInterrupted");
                    });
        }
    }

    @Test
    void storesNothingOverCredentialsOfAReconnect() throws Exception {
        String stale = stored(account).get("accessToken");
        var held = (TokenExchanges.Held) new TokenExchanges(worker, LEASE).begin(account);
        // As the scheduler does it: new credentials, and no exchange any more.
        owner.sql("delete from token_exchange where user_integration_id = ?")
                .param(account)
                .update();

        assertThat(new TokenExchanges(worker, LEASE).save(account, held.holder(), new byte[] {1}, null))
                .isFalse();
        assertThat(stored(account)).containsEntry("accessToken", stale);
    }

    @Test
    void restsAndExpiresNothingWhileTheTokenEndpointFails() throws Exception {
        String stale = stored(account).get("accessToken");
        for (int status : List.of(500, 503, 429)) {
            provider.fail(status, "7");
            renewal.forget(account);

            assertThat(outcome(renewal.refresh(account, CLOUD, stale)))
                    .isInstanceOfSatisfying(Outcome.Throttled.class, wait -> {
                        assertThat(wait.code()).isEqualTo("oauth.providerUnavailable");
                        assertThat(wait.after()).hasSeconds(7);
                    });
        }
        int before = provider.tokenRequests();
        provider.work();

        assertThat(outcome(renewal.refresh(account, CLOUD, stale))).isInstanceOf(Outcome.Throttled.class); // it rests
        assertThat(provider.tokenRequests()).isEqualTo(before);
        renewal.forget(account);
        assertThat(renewal.refresh(account, CLOUD, stale)).isInstanceOf(Access.Given.class);
    }

    @Test
    void cutsATokenEndpointShortThatHangs() throws Exception {
        var worked = new CountDownLatch(1);
        var answer = new CountDownLatch(1);
        provider.answerLate(worked, answer);
        try (var impatient = outbound(true, Duration.ofMillis(300));
                var hasty = new RenewAccess(
                        worker, seal, endpoint(impatient), NO_CLIENTS, new SimpleMeterRegistry(), Clock.systemUTC())) {
            assertThat(outcome(hasty.refresh(account, CLOUD, stored(account).get("accessToken"))))
                    .isInstanceOfSatisfying(
                            Outcome.Throttled.class,
                            wait -> assertThat(wait.code()).isEqualTo("oauth.providerUnavailable"));
        } finally {
            answer.countDown();
        }
        assertThat(owner.sql("select unanswered from token_exchange where user_integration_id = ?")
                        .param(account)
                        .query(Boolean.class)
                        .single())
                .isTrue();
    }

    @Test
    void connectsToNoPrivateAddressUnlessAllowed() throws Exception {
        int before = provider.tokenRequests();
        try (var guarded = outbound(false, Duration.ofSeconds(5));
                var careful = new RenewAccess(
                        worker, seal, endpoint(guarded), NO_CLIENTS, new SimpleMeterRegistry(), Clock.systemUTC())) {
            for (String url : List.of(
                    provider.tokenUrl().toString(),
                    provider.tokenUrl().toString().replace("http:", "https:"),
                    "https://localhost:1/token",
                    "https://169.254.169.254/token",
                    "https://[::1]/token",
                    "file:///etc/passwd",
                    "https://",
                    "no url at all")) {
                owner.sql("update user_integration set config = ?::jsonb where id = ?")
                        .param(Json.write(JsonObject.of("tokenUrl", url)))
                        .param(account)
                        .update();

                assertThat(outcome(
                                careful.refresh(account, CLOUD, stored(account).get("accessToken"))))
                        .as(url)
                        .isInstanceOfSatisfying(
                                Outcome.Failed.class,
                                refused -> assertThat(refused.code()).isEqualTo("oauth.clientRefused"));
            }
        }
        assertThat(provider.tokenRequests()).isEqualTo(before);
    }

    @Test
    void saysWhatIsWrongWithTheClient() throws Exception {
        var credentials = new HashMap<>(stored(account));
        credentials.put("clientSecret", "canary-wrong");
        UUID wrong = connect(credentials);

        assertThat(outcome(renewal.refresh(wrong, CLOUD, credentials.get("accessToken"))))
                .isInstanceOfSatisfying(Outcome.Failed.class, refused -> {
                    assertThat(refused.kind()).isEqualTo(Outcome.Kind.MISCONFIGURED);
                    assertThat(refused.code()).isEqualTo("oauth.clientRefused");
                    assertThat(refused.message()).contains("invalid_client").doesNotContain("canary");
                });
    }

    @Test
    void leavesTheWorkerNoOtherWayToTheTable() {
        assertThatThrownBy(() -> worker.sql("update user_integration set credentials = null")
                        .update())
                .hasStackTraceContaining("permission denied");
        assertThatThrownBy(
                        () -> worker.sql("select * from token_exchange").query().listOfRows())
                .hasStackTraceContaining("permission denied");
    }

    private RenewAccess worker(Duration lease) {
        return new RenewAccess(
                new TokenExchanges(worker, lease),
                seal,
                endpoint(outbound),
                NO_CLIENTS,
                new SimpleMeterRegistry(),
                Clock.systemUTC());
    }

    private static TokenEndpoint endpoint(Outbound outbound) {
        return new TokenEndpoint(outbound, Clock.systemUTC());
    }

    private static Outbound outbound(boolean allowPrivate, Duration longest) {
        return new Outbound(new PublicHosts(allowPrivate), allowPrivate, longest);
    }

    private static Account fresh(Access renewed) {
        assertThat(renewed).isInstanceOf(Access.Given.class);
        return ((Access.Given) renewed).account();
    }

    private static Outcome outcome(Access renewed) {
        assertThat(renewed).isInstanceOf(Access.Withheld.class);
        return ((Access.Withheld) renewed).outcome();
    }

    private UUID connect(OidcProvider.Tokens tokens) {
        return connect(Map.of(
                "accessToken", tokens.accessToken(),
                "refreshToken", tokens.refreshToken(),
                "expiresAt", tokens.expiresAt().toString(),
                "clientId", OidcProvider.CLIENT_ID,
                "clientSecret", OidcProvider.CLIENT_SECRET));
    }

    private static OidcProvider.Tokens tokens(Map<String, String> credentials) {
        return new OidcProvider.Tokens(
                String.valueOf(credentials.get("accessToken")),
                String.valueOf(credentials.get("refreshToken")),
                Instant.EPOCH);
    }

    private UUID connect(Map<String, String> credentials) {
        UUID id = UUID.randomUUID();
        owner.sql("insert into user_integration (id, user_id, integration_domain, name, config, credentials)"
                        + " values (?, 'ann', 'cloud', 'x', ?::jsonb, ?)")
                .param(id)
                .param(Json.write(JsonObject.of("tokenUrl", provider.tokenUrl().toString())))
                .param(seal.seal(id, credentials))
                .update();
        return id;
    }

    private Map<String, String> stored(UUID id) {
        byte[] sealed = owner.sql("select credentials from user_integration where id = ?")
                .param(id)
                .query(byte[].class)
                .single();
        try {
            return seal.open(id, sealed);
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private long exchangesUnderWay() {
        return owner.sql("select count(*) from token_exchange where user_integration_id = ?")
                .param(account)
                .query(Long.class)
                .single();
    }
}
