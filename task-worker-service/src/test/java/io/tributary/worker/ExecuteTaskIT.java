package io.tributary.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import io.tributary.integrations.api.JsonObject;
import io.tributary.schemas.Task;
import io.tributary.schemas.Topics;
import io.tributary.schemas.Trigger;
import io.tributary.schemas.TryAccount;
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
import io.tributary.worker.oauth.TokenEndpoint;
import io.tributary.worker.plugins.LoadPlugins;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Whose fault it is when something around the integration fails while a task is executed: not the integration's. */
class ExecuteTaskIT {

    private static final UUID ACCOUNT = new UUID(0, 1);

    @TempDir
    Path folder;

    private JdbcClient database;

    private String task = "list";

    @SuppressWarnings("NullAway.Init") // connect() sets it
    ExecuteTaskIT() {}

    @BeforeEach
    void connect() {
        var postgres = TestServers.postgres();
        String url = postgres.createDatabase("execute_" + Long.toHexString(System.nanoTime()));
        database = JdbcClient.create(new DriverManagerDataSource(url, postgres.username(), postgres.password()));
        database.sql("create table worker_user_integration (id uuid, config jsonb, credentials bytea)")
                .update();
        database.sql("insert into worker_user_integration values (?, '{\"count\": 1}', null)")
                .param(ACCOUNT)
                .update();
    }

    @Test
    void completesAndEncodesWhatTheIntegrationReturned() throws Exception {
        assertThat(execute(new byte[] {1})).isInstanceOf(Outcome.Completed.class);
    }

    @Test
    void triesAnAccountOutAndKeepsNothingOfWhatItReturns() throws Exception {
        task = TryAccount.TASK_TYPE;

        var outcome = (Outcome.Completed) execute(new byte[] {1});

        assertThat(outcome.followUps()).as("the list of echo returns one").isEmpty();
        assertThat(outcome.outputs()).isEmpty();
    }

    @Test
    void doesNotBlameTheIntegrationWhenTheRegistryIsAway() {
        assertThatThrownBy(() -> execute(new TimeoutException("the schema registry cannot be reached")))
                .isInstanceOf(RetriableException.class);
    }

    @Test
    void doesNotBlameTheIntegrationWhenItIsInterruptedAtTheRegistry() {
        assertThatThrownBy(() -> execute(new InterruptException(new InterruptedException())))
                .isInstanceOf(InterruptedException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    /** Executes a task, while whoever encodes its result gets these bytes, or this exception. */
    private Outcome execute(Object encoded) throws IOException, GeneralSecurityException, InterruptedException {
        var wire = new Wire(
                new Topics("sync"),
                (topic, message) -> {
                    if (encoded instanceof RuntimeException exception) {
                        throw exception;
                    }
                    return (byte[]) encoded;
                },
                (topic, bytes) -> null);
        AeadConfig.register();
        Path keyset = Files.writeString(
                folder.resolve("keyset.json"),
                TinkJsonProtoKeysetFormat.serializeKeyset(
                        KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM), InsecureSecretKeyAccess.get()));
        var addresses = new AddressPolicy(true);
        try (var plugins = LoadPlugins.from(List.of(WorkerIT.echoPlugin(folder)));
                var outside = new Outside(addresses)) {
            var seal = OpenCredentials.withKeyset(keyset);
            return new ExecuteTask(
                            plugins,
                            new ReadAccount(database, seal),
                            new RenewAccess(
                                    database, seal, new TokenEndpoint(addresses::resolve, true), Clock.systemUTC()),
                            new PrepareResult(wire, null, Clock.systemUTC()),
                            outside,
                            Clock.systemUTC())
                    .execute(task(), JsonObject.EMPTY, quota -> {});
        }
    }

    private Task task() {
        UUID run = UUID.randomUUID();
        return Task.newBuilder()
                .setTaskId(run)
                .setRunId(run)
                .setUserIntegrationId(ACCOUNT)
                .setUserId("user")
                .setDomain("echo")
                .setType(task)
                .setPayload("{}")
                .setOptions("{}")
                .setTrigger(Trigger.manual)
                .setCreatedAt(Instant.EPOCH)
                .build();
    }
}
