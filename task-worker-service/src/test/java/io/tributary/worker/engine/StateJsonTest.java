package io.tributary.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.JsonObject;
import io.tributary.schemas.ProviderAccount;
import io.tributary.schemas.RunError;
import io.tributary.schemas.RunStatus;
import io.tributary.schemas.RunSums;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class StateJsonTest {

    private static final long NOW = 1_000_000;
    private static final UUID ACCOUNT = UUID.fromString("00000000-0000-0000-0000-000000000001");

    /** A changelog of any earlier version may hold such a value, and a worker of that version may read ours. */
    private static final String SAVED = """
        {"userIntegrationId":"00000000-0000-0000-0000-000000000001","domain":"test","syncType":"mail","pending":1,\
        "spawned":3,"completed":2,"failed":1,"outputs":5,"itemsRefused":true,"listed":4,"listsEverything":true,\
        "begunMillis":10,"progressedMillis":20,"executingTold":2,"state":"{\\"cursor\\":\\"c1\\"}",\
        "errorCode":"test.broken","errorMessage":"It is broken.","errorKind":"permanent",\
        "account":{"id":"42","displayName":null,"settings":"{\\"a\\":1}"}}\
        """;

    @Test
    void readsARunAsEarlierVersionsSavedIt() {
        RunState run = read(SAVED);

        assertThat(run.userIntegrationId()).isEqualTo(ACCOUNT);
        assertThat(run.domain()).isEqualTo("test");
        assertThat(run.syncType()).isEqualTo("mail");
        assertThat(run.tenant()).as("no version saved it then").isNull();
        assertThat(run.sums()).isEqualTo(new RunSums(3, 2, 1, 5, 0));
        assertThat(run.status()).isEqualTo(RunStatus.running);
        assertThat(run.begunMillis()).isEqualTo(10);
        assertThat(run.progressedMillis()).isEqualTo(20);
        assertThat(run.executesOtherThanReported()).as("2 were reported").isTrue();
        assertThat(run.state()).isEqualTo(JsonObject.of("cursor", "c1"));
        assertThat(run.error()).isEqualTo(new RunError("test.broken", "It is broken.", "permanent"));
        assertThat(run.account()).isEqualTo(new ProviderAccount("42", null, "{\"a\":1}"));
        run.taskCompleted(Outcome.Completed.identified(null), NOW);
        assertThat(run.status()).as("an item was rejected").isEqualTo(RunStatus.partial);
    }

    @Test
    void writesEveryPropertyThatEarlierVersionsRead() {
        var mapper = io.tributary.worker.codec.Json.MAPPER;

        String ofAcme = SAVED.replace("\"pending\"", "\"orgId\":\"acme\",\"userId\":\"ann\",\"pending\"");

        assertThat(mapper.readTree(StateJson.write(read(ofAcme)))).isEqualTo(mapper.readTree(ofAcme));
    }

    @Test
    void readsARunThatAnEarlierVersionSavedWithoutItsTimes() {
        RunState run = read("""
            {"userIntegrationId":"00000000-0000-0000-0000-000000000001","domain":"test","pending":2,"spawned":3,
             "completed":2,"failed":0,"outputs":5,"itemsRefused":false,"state":"{}"}
            """);

        assertThat(run.begunMillis()).isEqualTo(NOW);
        assertThat(run.progressedMillis()).isEqualTo(NOW);
        assertThat(run.status()).isEqualTo(RunStatus.running);
        assertThat(run.syncType()).isEmpty();
        assertThat(run.executesOtherThanReported()).isFalse();
        assertThat(run.error()).isNull();
        assertThat(run.account()).isNull();
    }

    @Test
    void keepsWhatARunIsUntilItChanges() {
        UUID id = UUID.randomUUID();
        RunState begun = RunState.begunBy(HandCrankedWorker.initialTask(UUID.randomUUID(), id), JsonObject.EMPTY, NOW);
        begun.taskCompleted(Outcome.Completed.identified(new ProviderAccount("42", null, "{\"a\":1}")), NOW);
        begun.joined();
        begun.progressed(NOW + 5);

        RunState restored = StateJson.readRun(id, StateJson.write(begun), NOW + 100);

        assertThat(restored.saved()).isEqualTo(begun.saved());
        assertThat(restored.account()).isEqualTo(new ProviderAccount("42", null, "{\"a\":1}"));
        assertThat(restored.begunMillis()).isEqualTo(NOW);
        assertThat(restored.progressedMillis()).isEqualTo(NOW + 5);
    }

    @Test
    void readsALaneAsEarlierVersionsSavedIt() {
        LaneState first = StateJson.readLane(bytes("""
            {"paused":true,"parkedUntilMillis":5,"reason":"test.quota"}\
            """));
        assertThat(first).isEqualTo(new LaneState(true, 5, "test.quota", Set.of(), 0));

        var state = new LaneState(true, 7, "test.quota", Set.of(ACCOUNT), 9);
        assertThat(new String(StateJson.write(state), StandardCharsets.UTF_8)).contains("\"parkedUntilMillis\":7");
        assertThat(StateJson.readLane(StateJson.write(state))).isEqualTo(state);
    }

    private static RunState read(String json) {
        return StateJson.readRun(UUID.randomUUID(), bytes(json), NOW);
    }

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }
}
