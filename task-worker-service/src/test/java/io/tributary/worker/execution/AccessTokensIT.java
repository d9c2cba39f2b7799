package io.tributary.worker.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tributary.egress.OAuthClients;
import io.tributary.egress.Outbound;
import io.tributary.egress.PublicHosts;
import io.tributary.egress.TokenEndpoint;
import io.tributary.integrations.api.JsonObject;
import io.tributary.schemas.ConnectAccount;
import io.tributary.schemas.Migrations;
import io.tributary.schemas.ProviderAccount;
import io.tributary.schemas.RefreshAccess;
import io.tributary.schemas.Task;
import io.tributary.schemas.Topics;
import io.tributary.standalone.oidc.OidcProvider;
import io.tributary.standalone.servers.TestServers;
import io.tributary.worker.codec.Json;
import io.tributary.worker.codec.MessageCodec;
import io.tributary.worker.engine.Outcome;
import io.tributary.worker.plugin.CloudIntegration;
import io.tributary.worker.plugins.LoadPlugins;
import io.tributary.worker.plugins.Plugins;
import io.tributary.worker.testing.InitialTasks;
import io.tributary.worker.testing.Keysets;
import io.tributary.worker.testing.PluginFolder;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** What a task makes of an access token that expires, is refused, or cannot be renewed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessTokensIT {

    private OidcProvider provider;
    private Plugins plugins;
    private JdbcClient database;
    private OpenCredentials seal;
    private Outbound outbound;
    private RenewAccess renewal;
    private final Egress egress = new Egress(new PublicHosts(true), new SimpleMeterRegistry());
    private ExecuteTask execution;

    @SuppressWarnings("NullAway.Init") // start() and begin() set it
    AccessTokensIT() {}

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        provider = OidcProvider.start(Duration.ofHours(1), "client_secret_post", List.of("http://127.0.0.1/callback"));
        plugins = LoadPlugins.from(List.of(PluginFolder.of(CloudIntegration.class, folder)));
        var postgres = TestServers.postgres();
        String url = postgres.createDatabase("keep_" + Long.toHexString(System.nanoTime()));
        var dataSource = new DriverManagerDataSource(url, postgres.username(), postgres.password());
        Flyway.configure()
                .configuration(Migrations.SETTINGS)
                .dataSource(dataSource)
                .load()
                .migrate();
        database = JdbcClient.create(dataSource);
        seal = OpenCredentials.withKeyset(Keysets.write(folder));
        outbound = new Outbound(true);
        renewal = new RenewAccess(
                database,
                seal,
                new TokenEndpoint(outbound, Clock.systemUTC()),
                new OAuthClients(null),
                new SimpleMeterRegistry(),
                Clock.systemUTC());
    }

    @BeforeEach
    void begin() {
        provider.work();
        var codec = new MessageCodec(new Topics("sync"), (topic, message) -> new byte[] {1}, (topic, bytes) -> null);
        execution = new ExecuteTask(
                plugins,
                new ReadAccount(database, seal),
                renewal,
                new PrepareResult(codec, null, 512 * 1024, Clock.systemUTC()),
                egress,
                Clock.systemUTC());
    }

    @AfterAll
    void stop() throws Exception {
        egress.close();
        renewal.close();
        outbound.close();
        plugins.close();
        provider.close();
    }

    @Test
    void knowsThatTheIntegrationCanSayWhoseAccountItIs() {
        assertThat(plugins.find("cloud"))
                .hasValueSatisfying(cloud -> assertThat(cloud.connects()).isTrue());
    }

    @Test
    void usesATokenThatLivesLongEnough() throws Exception {
        UUID account = connect(provider.consent(Duration.ofMinutes(6)), "{}");
        int before = provider.tokenRequests();

        assertThat(execute(account)).isInstanceOf(Outcome.Completed.class);

        assertThat(provider.tokenRequests()).isEqualTo(before);
    }

    @Test
    void renewsATokenThatExpiresWithinFiveMinutesBeforeTheTask() throws Exception {
        UUID account = connect(provider.consent(Duration.ofMinutes(4)), "{}");
        String before = token(account);

        assertThat(execute(account)).isInstanceOf(Outcome.Completed.class);

        assertThat(token(account)).isNotEqualTo(before);
    }

    @Test
    void executesATaskOnceMoreWithANewTokenWhenTheProviderRefusesTheOldOne() throws Exception {
        var tokens = provider.consent(Duration.ofHours(1));
        UUID account = connect(tokens, "{}");
        provider.expire(tokens.accessToken());
        int before = provider.exchanges();

        assertThat(execute(account)).isInstanceOf(Outcome.Completed.class);
        assertThat(execute(account)).isInstanceOf(Outcome.Completed.class); // the cache was dropped

        assertThat(provider.exchanges() - before).isOne();
    }

    @Test
    void endsTheRunWithTheTasksOwnCodeWhenTheNewTokenIsRefusedAsWell() throws Exception {
        UUID account = connect(provider.consent(Duration.ofHours(1)), "{\"forbidden\": true}");
        int before = provider.exchanges();

        assertThat(execute(account)).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
            assertThat(failed.kind()).isEqualTo(Outcome.Kind.UNAUTHORIZED);
            assertThat(failed.code()).isEqualTo("cloud.unauthorized");
        });

        assertThat(provider.exchanges() - before).isOne();
    }

    @Test
    void endsTheRunWhenTheGrantIsRevoked() throws Exception {
        var tokens = provider.consent(Duration.ofSeconds(-1));
        UUID account = connect(tokens, "{}");
        provider.revoke(tokens.refreshToken());

        assertThat(execute(account)).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
            assertThat(failed.kind()).isEqualTo(Outcome.Kind.UNAUTHORIZED);
            assertThat(failed.code()).isEqualTo("oauth.grantRevoked");
        });
    }

    @Test
    void restsAtNoCostWhileTheProviderIsAway() throws Exception {
        UUID account = connect(provider.consent(Duration.ofSeconds(-1)), "{}");
        provider.fail(503, null);

        assertThat(execute(account)).isInstanceOfSatisfying(Outcome.Throttled.class, rest -> {
            assertThat(rest.code()).isEqualTo("oauth.providerUnavailable");
            assertThat(rest.after()).isPositive();
        });
    }

    @Test
    void goesOnWithTheOldTokenWhileTheProviderIsAwayAndItIsValid() throws Exception {
        UUID account = connect(provider.consent(Duration.ofMinutes(4)), "{}");
        provider.fail(503, null);
        int before = provider.tokenRequests();

        assertThat(execute(account)).isInstanceOf(Outcome.Completed.class);
        assertThat(execute(account)).isInstanceOf(Outcome.Completed.class);

        assertThat(provider.tokenRequests() - before).isOne(); // then it is left alone for a while
    }

    @Test
    void renewsInASystemTaskWithoutThePlugin() throws Exception {
        UUID account = connect(provider.consent(Duration.ofMinutes(4)), "{\"forbidden\": true}");
        String before = token(account);

        assertThat(execution.execute(
                        InitialTasks.of(account, "cloud", RefreshAccess.TASK_TYPE),
                        null,
                        JsonObject.EMPTY,
                        quota -> {}))
                .isInstanceOfSatisfying(
                        Outcome.Completed.class,
                        done -> assertThat(done.outputs()).isEmpty());

        assertThat(token(account)).isNotEqualTo(before);
    }

    @Test
    void asksWhoseAccountItIsOnceMoreWithANewTokenWhenTheOldOneIsRefused() throws Exception {
        var tokens = provider.consent(Duration.ofHours(1));
        UUID account = connect(tokens, "{}");
        provider.expire(tokens.accessToken());

        assertThat(askWhose(account))
                .isInstanceOfSatisfying(
                        Outcome.Completed.class,
                        done -> assertThat(done.account())
                                .isEqualTo(new ProviderAccount("me-1", "Me", "{\"username\":\"me\"}")));
        assertThat(token(account)).isNotEqualTo(tokens.accessToken());
    }

    @Test
    void saysThatAnAccountIsRefusedWhenItIsAskedWhoseItIs() throws Exception {
        UUID account = connect(provider.consent(Duration.ofHours(1)), "{\"forbidden\": true}");

        assertThat(askWhose(account)).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
            assertThat(failed.kind()).isEqualTo(Outcome.Kind.UNAUTHORIZED);
            assertThat(failed.code()).isEqualTo("cloud.unauthorized");
        });
    }

    @Test
    void passesNoTokenOnThatAnIntegrationTakesForAName() throws Exception {
        UUID account = connect(provider.consent(Duration.ofHours(1)), "{\"leaks\": true}");
        String token = token(account);

        assertThat(askWhose(account)).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
            assertThat(failed.code()).isEqualTo("polling.taskResultInvalid");
            assertThat(failed.message()).doesNotContain(token);
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {15, 300})
    void renewsAShortTokenOnceForAllTasksOfItsLife(long lifetimeSeconds) throws Exception {
        provider.close();
        provider = OidcProvider.start(
                Duration.ofSeconds(lifetimeSeconds), "client_secret_post", List.of("http://127.0.0.1/callback"));
        UUID account = connect(provider.consent(Duration.ofSeconds(-1)), "{}");

        for (int i = 0; i < 20; i++) {
            assertThat(execute(account)).isInstanceOf(Outcome.Completed.class);
        }

        assertThat(provider.exchanges()).isOne();
        assertThat(database.sql("select access_refresh_at is null from user_integration where id = ?")
                        .param(account)
                        .query(Boolean.class)
                        .single())
                .as("no system run renews it")
                .isTrue();
    }

    @Test
    void renewsAFreshTokenOnRequest() throws Exception {
        UUID account = connect(provider.consent(Duration.ofHours(1)), "{}");
        String before = token(account);

        Task task = onRequest(account);
        assertThat(execution.execute(task, null, JsonObject.EMPTY, quota -> {})).isInstanceOf(Outcome.Completed.class);

        assertThat(token(account)).isNotEqualTo(before);
    }

    @Test
    void saysOnRequestThatThereIsNothingToRenewWith() throws Exception {
        UUID account = UUID.randomUUID();
        insert(account, Map.of("accessToken", "a"), "{}");

        Task task = onRequest(account);
        assertThat(execution.execute(task, null, JsonObject.EMPTY, quota -> {}))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.code()).isEqualTo("oauth.refreshImpossible"));
    }

    @Test
    void recordsTheRenewalAsDoneByTheSystemAndEndsTheExpiryOfTheAccount() throws Exception {
        UUID account = connect(provider.consent(Duration.ofMinutes(4)), "{}");
        database.sql("update user_integration set sync_status = 'expired', error_code = 'x' where id = ?")
                .param(account)
                .update();

        execute(account);

        assertThat(database.sql("select user_id || ' ' || action from audit_log where target = ?")
                        .param("/v1/user-integrations/" + account)
                        .query(String.class)
                        .list())
                .containsExactly("system renewAccess");
        assertThat(database.sql("select sync_status || coalesce(error_code, '') from user_integration where id = ?")
                        .param(account)
                        .query(String.class)
                        .single())
                .isEqualTo("active");
    }

    private static Task onRequest(UUID account) {
        return Task.newBuilder(InitialTasks.of(account, "cloud", RefreshAccess.TASK_TYPE))
                .setOptions("{\"force\": true}")
                .build();
    }

    private Outcome askWhose(UUID account) throws InterruptedException {
        return execution.execute(
                InitialTasks.of(account, "cloud", ConnectAccount.TASK_TYPE),
                null,
                JsonObject.of("not", "for connect"),
                quota -> {});
    }

    @Test
    void keepsToTheProvidersWordWhereThereIsNothingToRenewWith() throws Exception {
        UUID account = UUID.randomUUID();
        insert(account, Map.of("accessToken", "stale"), "{}");

        assertThat(execute(account))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.code()).isEqualTo("cloud.unauthorized"));
    }

    private Outcome execute(UUID account) throws InterruptedException {
        return execution.execute(InitialTasks.of(account, "cloud", "list"), null, JsonObject.EMPTY, quota -> {});
    }

    private UUID connect(OidcProvider.Tokens tokens, String config) {
        UUID id = UUID.randomUUID();
        insert(
                id,
                Map.of(
                        "accessToken", tokens.accessToken(),
                        "refreshToken", tokens.refreshToken(),
                        "expiresAt", String.valueOf(tokens.expiresAt().getEpochSecond()),
                        "clientId", OidcProvider.CLIENT_ID,
                        "clientSecret", OidcProvider.CLIENT_SECRET),
                config);
        return id;
    }

    private void insert(UUID id, Map<String, String> credentials, String config) {
        var whole = Json.readObject(config)
                .with("tokenUrl", provider.tokenUrl().toString())
                .with("resource", provider.resource().toString());
        database.sql("insert into user_integration (id, user_id, integration_domain, name, config, credentials)"
                        + " values (?, 'ann', 'cloud', 'x', ?::jsonb, ?)")
                .param(id)
                .param(Json.write(whole))
                .param(seal.seal(id, credentials))
                .update();
    }

    private String token(UUID id) throws GeneralSecurityException {
        byte[] sealed = database.sql("select credentials from user_integration where id = ?")
                .param(id)
                .query(byte[].class)
                .single();
        return Objects.requireNonNull(seal.open(id, sealed).get("accessToken"));
    }
}
