package io.tributary.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import io.tributary.content.ContentKey;
import io.tributary.content.ContentSettings;
import io.tributary.content.ContentStore;
import io.tributary.integrations.api.JsonObject;
import io.tributary.schemas.Task;
import io.tributary.schemas.Topics;
import io.tributary.schemas.Trigger;
import io.tributary.standalone.servers.S3Server;
import io.tributary.standalone.servers.TestServers;
import io.tributary.worker.engine.Outcome;
import io.tributary.worker.engine.Wire;
import io.tributary.worker.execution.AddressPolicy;
import io.tributary.worker.execution.ExecuteTask;
import io.tributary.worker.execution.OpenCredentials;
import io.tributary.worker.execution.Outside;
import io.tributary.worker.execution.PrepareResult;
import io.tributary.worker.execution.ReadAccount;
import io.tributary.worker.execution.RenewAccess;
import io.tributary.worker.execution.StoreLargeContent;
import io.tributary.worker.oauth.TokenEndpoint;
import io.tributary.worker.plugins.LoadPlugins;
import io.tributary.worker.plugins.Plugins;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Content that does not fit a record, on a real S3-compatible store: an integration returns five million characters. */
class LargeContentIT {

    private static final UUID ACCOUNT = new UUID(0, 1);
    private static final int THRESHOLD = 1024 * 1024;

    private final String bucket = "worker-" + UUID.randomUUID();
    private final List<SpecificRecord> sent = new ArrayList<>();

    @TempDir
    private Path folder;

    private JdbcClient database;
    private ContentStore store;
    private Plugins plugins;
    private Path keyset;

    @SuppressWarnings("NullAway.Init") // prepare() sets them
    LargeContentIT() {}

    @BeforeEach
    void prepare() throws Exception {
        var postgres = TestServers.postgres();
        String url = postgres.createDatabase("large_" + Long.toHexString(System.nanoTime()));
        database = JdbcClient.create(new DriverManagerDataSource(url, postgres.username(), postgres.password()));
        database.sql("create table worker_user_integration (id uuid, config jsonb, credentials bytea)")
                .update();
        database.sql("insert into worker_user_integration values (?, '{\"breaks\": \"tooLarge\"}', null)")
                .param(ACCOUNT)
                .update();
        AeadConfig.register();
        keyset = Files.writeString(
                folder.resolve("keyset.json"),
                TinkJsonProtoKeysetFormat.serializeKeyset(
                        KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM), InsecureSecretKeyAccess.get()));
        plugins = LoadPlugins.from(List.of(WorkerIT.echoPlugin(folder)));
        S3Server.shared().createBucket(bucket);
        Path credentials = Files.writeString(
                folder.resolve("credentials"), "[default]\naws_access_key_id = id\naws_secret_access_key = canary\n");
        var s3 = new ContentSettings.S3(bucket, S3Server.shared().endpoint(), null, null, null, credentials);
        store = new ContentSettings(null, s3, null).open().orElseThrow();
    }

    @AfterEach
    void close() {
        S3Server.shared().resume();
        store.close();
        plugins.close();
    }

    @Test
    void storesLargeContentBeforeTheRecordThatRefersToItAndTheSameOnceWhenExecutedAgain() throws Exception {
        execute(store);
        List<@Nullable String> references = references();
        ContentKey key =
                ContentKey.in(Objects.requireNonNull(references.getFirst())).orElseThrow();
        try (var content = store.open(key).orElseThrow()) {
            assertThat(content.bytes()).isEqualTo(5_000_000);
        }

        sent.clear();
        execute(store); // as after a kill before the commit

        assertThat(references()).isEqualTo(references).hasSize(2);
        assertThat(references.get(1)).as("small content travels in its record").isNull();
        assertThat(store.list(null, 10).keys()).containsExactly(key);
    }

    @Test
    void letsTheTaskWaitWithItsReasonWhileTheStoreIsAway() throws Exception {
        S3Server.shared().stop();

        Outcome away = execute(store);

        assertThat(away).isInstanceOfSatisfying(Outcome.Throttled.class, throttled -> {
            assertThat(throttled.code()).isEqualTo("polling.contentStoreFailed");
            assertThat(throttled.message()).contains("cannot be reached").doesNotContain("canary");
            assertThat(throttled.after()).isLessThanOrEqualTo(Duration.ofSeconds(10));
        });
        S3Server.shared().resume();
        assertThat(execute(store)).isInstanceOf(Outcome.Completed.class);
    }

    @Test
    void refusesOnlyTheItemThatDoesNotFitWhereThereIsNoStore() throws Exception {
        Outcome outcome = execute(null);

        assertThat(outcome).isInstanceOfSatisfying(Outcome.Completed.class, completed -> {
            assertThat(completed.outputs()).hasSize(1);
            assertThat(completed.refused()).hasSize(1);
            assertThat(Objects.requireNonNull(completed.firstRefusal()).getCode())
                    .isEqualTo("polling.outputTooLarge");
            assertThat(completed.firstRefusal().getMessage()).contains("tributary.content");
        });
    }

    private Outcome execute(@Nullable ContentStore store) throws Exception {
        var clock = Clock.systemUTC();
        var wire = new Wire(new Topics("sync"), (topic, message) -> encode(message), (topic, bytes) -> null);
        var seal = OpenCredentials.withKeyset(keyset);
        var addresses = new AddressPolicy(true);
        try (var outside = new Outside(addresses);
                var endpoint = new TokenEndpoint(addresses::resolve, true);
                var renewAccess = new RenewAccess(database, seal, endpoint, clock)) {
            return new ExecuteTask(
                            plugins,
                            new ReadAccount(database, seal),
                            renewAccess,
                            new PrepareResult(
                                    wire, store == null ? null : new StoreLargeContent(store, THRESHOLD, clock), clock),
                            outside,
                            clock)
                    .execute(task(), JsonObject.EMPTY, quota -> {});
        }
    }

    /** As large as what it says. */
    private byte[] encode(SpecificRecord message) {
        sent.add(message);
        return message instanceof io.tributary.schemas.Output output && output.getContent() != null
                ? new byte[output.getContent().length()]
                : new byte[1];
    }

    private List<@Nullable String> references() {
        List<@Nullable String> references = new ArrayList<>();
        for (SpecificRecord message : sent) {
            references.add(((io.tributary.schemas.Output) message).getContentRef());
        }
        return references;
    }

    private static Task task() {
        UUID run = new UUID(0, 2);
        return Task.newBuilder()
                .setTaskId(run)
                .setRunId(run)
                .setUserIntegrationId(ACCOUNT)
                .setUserId("user")
                .setDomain("echo")
                .setType("say")
                .setPayload("{\"number\": 1}")
                .setOptions("{}")
                .setTrigger(Trigger.manual)
                .setCreatedAt(Instant.EPOCH)
                .build();
    }
}
