package io.tributary.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tributary.egress.OAuthClients;
import io.tributary.egress.Outbound;
import io.tributary.egress.PublicHosts;
import io.tributary.egress.TokenEndpoint;
import io.tributary.integrations.api.JsonObject;
import io.tributary.schemas.Task;
import io.tributary.schemas.Topics;
import io.tributary.worker.codec.MessageCodec;
import io.tributary.worker.engine.BegunEffect;
import io.tributary.worker.engine.Outcome;
import io.tributary.worker.execution.Egress;
import io.tributary.worker.execution.ExecuteTask;
import io.tributary.worker.execution.OpenCredentials;
import io.tributary.worker.execution.PrepareResult;
import io.tributary.worker.execution.ReadAccount;
import io.tributary.worker.execution.RenewAccess;
import io.tributary.worker.plugin.SendingIntegration;
import io.tributary.worker.plugins.LoadPlugins;
import io.tributary.worker.testing.AccountRow;
import io.tributary.worker.testing.InitialTasks;
import io.tributary.worker.testing.Keysets;
import io.tributary.worker.testing.PluginFolder;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the execution of an action ends tells whether its effect, or that of an earlier execution, may have happened. */
class ExecuteActionIT {

    @TempDir
    Path folder;

    private final AtomicInteger executions = new AtomicInteger();
    /** How many records are encoded before the registry is away. */
    private int encodable = Integer.MAX_VALUE;

    @Test
    void isNotExecutedWhileNoRecordCanBeEncoded() {
        encodable = 0;

        assertThatThrownBy(() -> execute("{}", "byKey", null)).isInstanceOf(TimeoutException.class);
        assertThat(executions).hasValue(0);
    }

    @Test
    void mayHaveHappenedWhenItsResultCannotBeEncoded() throws Exception {
        encodable = 1;

        var outcome = (Outcome.Failed) execute("{}", "byKey", null);

        assertThat(executions).hasValue(1);
        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.TRANSIENT);
        assertThat(outcome.code()).isEqualTo("polling.registryUnavailable");
    }

    @Test
    void isNotExecutedWithoutAMark() throws Exception {
        var unmarked = InitialTasks.of(AccountRow.ID, "sending", "byKey");

        assertThat(execute("{}", unmarked, null)).isEqualTo(Outcome.UNMARKED);
        assertThat(executions).hasValue(0);
    }

    @Test
    void failsWithoutAMarkIfItsPayloadIsNone() throws Exception {
        Task unreadable = Task.newBuilder(InitialTasks.of(AccountRow.ID, "sending", "byKey"))
                .setPayload("[]")
                .build();

        assertThat(execute("{}", unreadable, null)).isInstanceOf(Outcome.Failed.class);
    }

    @Test
    void aLookUpThatFindsNothingSettlesAnEarlierExecution() throws Exception {
        var outcome = (Outcome.Failed) execute("{\"send\": \"permanent\"}", "byLookUp", UUID.randomUUID());

        assertThat(executions).hasValue(1);
        assertThat(outcome.code()).isEqualTo("sending.refused");
        assertThat(outcome.lookedUp()).isTrue();
    }

    @Test
    void aLookUpThatIsRefusedSettlesNothing() throws Exception {
        for (String refused : List.of("permanent", "unauthorized")) {
            var outcome = (Outcome.Failed) execute("{\"lookUp\": \"" + refused + "\"}", "byLookUp", UUID.randomUUID());

            assertThat(outcome.lookedUp()).as(refused).isFalse();
        }
        assertThat(executions).hasValue(0);
    }

    @Test
    void aRepeatedKeySettlesNothing() throws Exception {
        var outcome = (Outcome.Failed) execute("{\"send\": \"permanent\"}", "byKey", UUID.randomUUID());

        assertThat(outcome.lookedUp()).isFalse();
    }

    /** @param begunBy the task that began before; null: none did */
    private Outcome execute(String config, String action, @Nullable UUID begunBy) throws Exception {
        Task task = InitialTasks.of(AccountRow.ID, "sending", action);
        return execute(config, task, new BegunEffect(UUID.randomUUID(), "order:1", task, begunBy, false));
    }

    private Outcome execute(String config, Task task, @Nullable BegunEffect effect) throws Exception {
        var database = AccountRow.with(config);
        database.sql("create table worker_effect (user_integration_id uuid, effect_key text)")
                .update();
        var encoded = new AtomicInteger();
        var codec = new MessageCodec(
                new Topics("sync"),
                (topic, message) -> {
                    if (encoded.incrementAndGet() > encodable) {
                        throw new TimeoutException("the schema registry cannot be reached");
                    }
                    return new byte[] {1};
                },
                (topic, bytes) -> null);
        Path keyset = Keysets.write(folder);
        try (var plugins = LoadPlugins.from(List.of(PluginFolder.of(SendingIntegration.class, folder)));
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
                    .execute(task, effect, JsonObject.EMPTY, _ -> executions.incrementAndGet());
        }
    }
}
