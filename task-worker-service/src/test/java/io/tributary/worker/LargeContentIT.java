package io.tributary.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tributary.content.ContentKey;
import io.tributary.content.ContentSettings;
import io.tributary.content.ContentStore;
import io.tributary.egress.OAuthClients;
import io.tributary.egress.Outbound;
import io.tributary.egress.PublicHosts;
import io.tributary.egress.TokenEndpoint;
import io.tributary.integrations.api.JsonObject;
import io.tributary.schemas.Task;
import io.tributary.schemas.Topics;
import io.tributary.standalone.servers.S3Server;
import io.tributary.worker.codec.MessageCodec;
import io.tributary.worker.engine.Outcome;
import io.tributary.worker.execution.Egress;
import io.tributary.worker.execution.ExecuteTask;
import io.tributary.worker.execution.OpenCredentials;
import io.tributary.worker.execution.PrepareResult;
import io.tributary.worker.execution.ReadAccount;
import io.tributary.worker.execution.RenewAccess;
import io.tributary.worker.execution.StoreLargeContent;
import io.tributary.worker.plugin.EchoIntegration;
import io.tributary.worker.plugins.LoadPlugins;
import io.tributary.worker.plugins.Plugins;
import io.tributary.worker.testing.AccountRow;
import io.tributary.worker.testing.InitialTasks;
import io.tributary.worker.testing.Keysets;
import io.tributary.worker.testing.PluginFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
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

/**
 * Content that does not fit a record, on a real S3-compatible store: an integration returns five million characters.
 */
class LargeContentIT {

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
        database = AccountRow.with("{\"breaks\": \"tooLarge\"}");
        keyset = Keysets.write(folder);
        plugins = LoadPlugins.from(List.of(PluginFolder.of(EchoIntegration.class, folder)));
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
            assertThat(completed.rejected()).hasSize(1);
            assertThat(Objects.requireNonNull(completed.firstRejection()).getCode())
                    .isEqualTo("polling.outputTooLarge");
            assertThat(completed.firstRejection().getMessage()).contains("tributary.content");
        });
    }

    private Outcome execute(@Nullable ContentStore store) throws Exception {
        var clock = Clock.systemUTC();
        var codec = new MessageCodec(new Topics("sync"), (topic, message) -> encode(message), (topic, bytes) -> null);
        var seal = OpenCredentials.withKeyset(keyset);
        try (var egress = new Egress(new PublicHosts(true), new SimpleMeterRegistry());
                var outbound = new Outbound(true);
                var renewAccess = new RenewAccess(
                        database,
                        seal,
                        new TokenEndpoint(outbound, clock),
                        new OAuthClients(null),
                        new SimpleMeterRegistry(),
                        clock)) {
            return new ExecuteTask(
                            plugins,
                            new ReadAccount(database, seal),
                            renewAccess,
                            new PrepareResult(
                                    codec,
                                    store == null ? null : new StoreLargeContent(store, THRESHOLD, clock),
                                    512 * 1024,
                                    clock),
                            egress,
                            clock)
                    .execute(task(), null, JsonObject.EMPTY, quota -> {});
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
        return Task.newBuilder(InitialTasks.of(AccountRow.ID, "echo", "say"))
                .setTaskId(new UUID(0, 2))
                .setPayload("{\"number\": 1}")
                .build();
    }
}
