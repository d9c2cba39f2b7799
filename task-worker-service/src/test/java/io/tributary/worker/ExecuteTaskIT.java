package io.tributary.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tributary.egress.OAuthClients;
import io.tributary.egress.Outbound;
import io.tributary.egress.PublicHosts;
import io.tributary.egress.TokenEndpoint;
import io.tributary.integrations.api.JsonObject;
import io.tributary.schemas.Topics;
import io.tributary.schemas.TryAccount;
import io.tributary.worker.codec.MessageCodec;
import io.tributary.worker.engine.Outcome;
import io.tributary.worker.execution.Egress;
import io.tributary.worker.execution.ExecuteTask;
import io.tributary.worker.execution.OpenCredentials;
import io.tributary.worker.execution.PrepareResult;
import io.tributary.worker.execution.ReadAccount;
import io.tributary.worker.execution.RenewAccess;
import io.tributary.worker.plugin.EchoIntegration;
import io.tributary.worker.plugins.LoadPlugins;
import io.tributary.worker.testing.AccountRow;
import io.tributary.worker.testing.InitialTasks;
import io.tributary.worker.testing.Keysets;
import io.tributary.worker.testing.PluginFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.List;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Whose fault it is when something around the integration fails while a task is executed: not the integration's. */
class ExecuteTaskIT {

    @TempDir
    Path folder;

    private JdbcClient database;

    private String task = "list";

    @SuppressWarnings("NullAway.Init") // connect() sets it
    ExecuteTaskIT() {}

    @BeforeEach
    void connect() {
        database = AccountRow.with("{\"count\": 1}");
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
        var codec = new MessageCodec(
                new Topics("sync"),
                (topic, message) -> {
                    if (encoded instanceof RuntimeException exception) {
                        throw exception;
                    }
                    return (byte[]) encoded;
                },
                (topic, bytes) -> null);
        Path keyset = Keysets.write(folder);
        try (var plugins = LoadPlugins.from(List.of(PluginFolder.of(EchoIntegration.class, folder)));
                var egress = new Egress(new PublicHosts(true), new SimpleMeterRegistry());
                var outbound = new Outbound(true)) {
            var seal = OpenCredentials.withKeyset(keyset);
            return new ExecuteTask(
                            plugins,
                            new ReadAccount(database, seal),
                            new RenewAccess(
                                    database,
                                    seal,
                                    new TokenEndpoint(outbound, Clock.systemUTC()),
                                    new OAuthClients(null),
                                    new SimpleMeterRegistry(),
                                    Clock.systemUTC()),
                            new PrepareResult(codec, null, 512 * 1024, Clock.systemUTC()),
                            egress,
                            Clock.systemUTC())
                    .execute(InitialTasks.of(AccountRow.ID, "echo", task), null, JsonObject.EMPTY, quota -> {});
        }
    }
}
