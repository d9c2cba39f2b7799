package io.tributary.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.JsonObject;
import io.tributary.schemas.ProviderAccount;
import io.tributary.schemas.RunStatus;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RunStateJsonTest {

    private static final long NOW = 1_000_000;

    private final RunStateJson json = new RunStateJson();

    @Test
    void readsARunThatAnEarlierVersionSavedWithoutItsTimes() {
        byte[] saved = """
                {"userIntegrationId":"00000000-0000-0000-0000-000000000001","domain":"test","pending":2,"spawned":3,
                 "completed":2,"failed":0,"outputs":5,"itemsRefused":false,"state":"{}"}
                """.getBytes(StandardCharsets.UTF_8);

        RunState run = json.readRun(UUID.randomUUID(), saved, NOW);

        assertThat(run.begunMillis()).isEqualTo(NOW);
        assertThat(run.progressedMillis()).isEqualTo(NOW);
        assertThat(run.status()).isEqualTo(RunStatus.running);
        assertThat(run.account()).isNull();
    }

    @Test
    void keepsWhoseAccountItIs() {
        UUID id = UUID.randomUUID();
        RunState begun = RunState.begunBy(HandCrankedWorker.initialTask(UUID.randomUUID(), id), JsonObject.EMPTY, NOW);
        begun.connected(new ProviderAccount("42", null, "{\"a\":1}"));

        RunState restored = json.readRun(id, json.write(begun), NOW);

        assertThat(restored.account()).isEqualTo(new ProviderAccount("42", null, "{\"a\":1}"));
    }

    @Test
    void keepsTheTimesOfARun() {
        UUID id = UUID.randomUUID();
        RunState begun = RunState.begunBy(HandCrankedWorker.initialTask(UUID.randomUUID(), id), JsonObject.EMPTY, NOW);
        begun.progressed(NOW + 5);

        RunState restored = json.readRun(id, json.write(begun), NOW + 100);

        assertThat(restored.begunMillis()).isEqualTo(NOW);
        assertThat(restored.progressedMillis()).isEqualTo(NOW + 5);
    }
}
