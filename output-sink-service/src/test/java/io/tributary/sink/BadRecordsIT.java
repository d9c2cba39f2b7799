package io.tributary.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.schemas.Output;
import io.tributary.schemas.RunProgress;
import io.tributary.schemas.RunStatus;
import io.tributary.schemas.Topics;
import io.tributary.sink.Workload.Sync;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bad records among good ones, on real Kafka, Postgres and schema registry. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadRecordsIT extends SinkTest {

    private static final int BEFORE = 30;
    private static final int AFTER = 40;
    private static final int GOOD = BEFORE + AFTER;

    private RunningSink sink;

    @SuppressWarnings("NullAway.Init") // start() sets it
    BadRecordsIT() {}

    @BeforeAll
    void start() {
        sink = RunningSink.start(database, topics, group);
    }

    @AfterAll
    void stop() {
        sink.close();
    }

    /** Puts a record on the topic that the worker took for an output of the run. */
    @FunctionalInterface
    private interface Send {
        RecordMetadata to(SinkTopics topics, Sync sync);
    }

    private record Bad(String name, String code, Send send) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Stream<Bad> madeStorable() {
        return Stream.of(
                output(
                        "NUL characters",
                        it -> it.setName("a\0").setContent("b\0").setMetadata("{\"c\": \"\\u0000\"}")),
                output("lone surrogates", it -> it.setContent("\ud800").setMetadata("{\"c\": \"\\ud800\"}")),
                output("metadata that are no JSON", it -> it.setMetadata("{\"a\": ")),
                output("metadata that are no object", it -> it.setMetadata("[1, 2]")),
                output(
                        "metadata nested too deeply",
                        it -> it.setMetadata("{\"a\":".repeat(50_000) + "1" + "}".repeat(50_000))),
                output("a number that is too large", it -> it.setMetadata("{\"a\": 1e999999}")),
                output("a time before all times", it -> it.setExternalTimestamp(Instant.ofEpochMilli(Long.MIN_VALUE))),
                output("a time after all times", it -> it.setExternalTimestamp(Instant.ofEpochMilli(Long.MAX_VALUE))),
                output("a name of a megabyte", it -> it.setName("n".repeat(1_000_000))),
                output("the largest content", it -> it.setContent(Workload.random(Topics.MAX_RECORD_BYTES - 100_000))));
    }

    private static Stream<Bad> refused() {
        return Stream.of(
                output("an external id that is too long", it -> it.setExternalId(Workload.random(9_000))),
                output(
                        "an external id that fills a record",
                        it -> it.setExternalId(Workload.random(Topics.MAX_RECORD_BYTES - 100_000))));
    }

    private static Stream<Bad> unreadable() {
        return Stream.of(
                bytes("no message at all", new byte[] {1, 2, 3}),
                bytes("an empty value", new byte[0]),
                bytes("an unknown schema id", new byte[] {0, 127, 0, 0, 1, 2, 3}),
                new Bad(
                        "no value",
                        "sink.recordUnreadable",
                        (topics, sync) -> topics.anything(sync.userIntegration().toString(), null)),
                new Bad("a truncated body", "sink.recordUnreadable", (topics, sync) -> {
                    byte[] whole = topics.encoded(Workload.output(sync, "truncated"));
                    return topics.anything(sync.userIntegration().toString(), Arrays.copyOf(whole, whole.length / 2));
                }),
                new Bad(
                        "a record of another topic",
                        "sink.recordUnreadable",
                        (topics, sync) -> topics.anything(
                                sync.userIntegration().toString(), topics.encoded(Workload.task(sync)))),
                new Bad(
                        "the key of something else",
                        "sink.recordMisplaced",
                        (topics, sync) -> topics.anything(
                                UUID.randomUUID().toString(), topics.encoded(Workload.output(sync, "astray")))),
                new Bad(
                        "no key",
                        "sink.recordMisplaced",
                        (topics, sync) -> topics.anything(null, topics.encoded(Workload.output(sync, "keyless")))),
                new Bad(
                        "100 MB, well compressed",
                        "sink.recordTooLarge",
                        (topics, sync) ->
                                topics.large(sync.userIntegration().toString(), new byte[100 * 1024 * 1024])));
    }

    @ParameterizedTest
    @MethodSource("madeStorable")
    void whatCanBeMadeStorableIsStored(Bad bad) {
        var workload = new Workload(database, 2);

        sendAmongGoodOnes(workload, bad);

        assertThat(run(workload.syncs().get(0)))
                .containsEntry("status", "succeeded")
                .containsEntry("outputs_saved", GOOD + 1L)
                .containsEntry("outputs_dead_lettered", 0L);
        assertThat(letters(workload.syncs().get(0))).isEmpty();
        assertNeighbourIsFine(workload);
    }

    @ParameterizedTest
    @MethodSource("refused")
    void whatPostgresRefusesIsSetAsideAndCounted(Bad bad) {
        assertSetAside(
                bad,
                run -> assertThat(run)
                        .containsEntry("outputs", GOOD + 1L)
                        .containsEntry("outputs_saved", (long) GOOD)
                        .containsEntry("outputs_dead_lettered", 1L));
    }

    @ParameterizedTest
    @MethodSource("unreadable")
    void whatCannotBeReadIsSetAsideAndMissing(Bad bad) {
        assertSetAside(
                bad,
                run -> assertThat(run)
                        .hasEntrySatisfying(
                                "error_message",
                                message -> assertThat(message.toString()).startsWith("1 of " + (GOOD + 1) + " outputs"))
                        .containsEntry("outputs_saved", (long) GOOD));
    }

    @Test
    void recordsOfADeletedAccountAreDroppedAndNothingOfItIsLeft() {
        var workload = new Workload(database, 2);
        Sync gone = workload.syncs().get(0);
        workload.send(topics, BEFORE);
        await().atMost(PATIENCE).until(() -> workload.rows() == 2 * BEFORE);

        database.owner().update("delete from user_integration where id = ?", gone.userIntegration());
        topics.anything(gone.userIntegration().toString(), topics.encoded(Workload.output(gone, "orphan")));
        workload.send(topics, AFTER);
        workload.end(topics);
        await().atMost(PATIENCE).until(() -> workload.finishedRuns() == 1);
        await().atMost(PATIENCE).until(() -> topics.isReadToTheEnd(group));

        await().atMost(PATIENCE).until(() -> workload.rows() == GOOD);
        assertThat(letters(gone)).isEmpty();
        assertNeighbourIsFine(workload);
    }

    @Test
    void aRunWhoseEndIsRefusedEndsAsPartialWithoutItsCursor() {
        var workload = new Workload(database, 1);
        Sync sync = workload.syncs().getFirst();
        workload.send(topics, BEFORE);
        RunProgress end = Workload.progress(sync, RunStatus.succeeded);
        database.owner().execute("""
            create function refuse_cursor() returns trigger language plpgsql as
            $$ begin raise exception 'refused' using errcode = '23514'; end $$\
            """);
        database.owner()
                .execute("create trigger refuse_cursor before update on sync_schedule for each row"
                        + " when (new.user_integration_id = '" + sync.userIntegration()
                        + "' and new.sync_state <> '{}') execute function refuse_cursor()");

        RecordMetadata at = topics.anything(sync.userIntegration().toString(), topics.encoded(end));
        await().atMost(PATIENCE).until(() -> workload.finishedRuns() == 1);
        await().atMost(PATIENCE).until(() -> topics.isReadToTheEnd(group));

        assertThat(run(sync))
                .containsEntry("status", "partial")
                .containsEntry("error_code", "sink.progressSaveFailed")
                .containsEntry("outputs_saved", (long) BEFORE);
        assertThat(workload.advancedStates()).isZero();
        assertThat(letters(sync))
                .singleElement()
                .satisfies(letter -> assertThat(letter)
                        .containsEntry("error_code", "sink.progressSaveFailed")
                        .hasEntrySatisfying(
                                "error_message",
                                message -> assertThat(message.toString()).contains("offset " + at.offset())));
    }

    private RecordMetadata sendAmongGoodOnes(Workload workload, Bad bad) {
        Sync sync = workload.syncs().get(0);
        workload.send(topics, BEFORE);
        RecordMetadata at = bad.send().to(topics, sync);
        Workload.countAsSent(sync);
        workload.send(topics, AFTER);
        workload.end(topics);
        await().atMost(PATIENCE).until(() -> workload.finishedRuns() == 2);
        await().atMost(PATIENCE).until(() -> topics.isReadToTheEnd(group));
        return at;
    }

    private void assertSetAside(Bad bad, Consumer<Map<String, Object>> run) {
        var workload = new Workload(database, 2);

        RecordMetadata at = sendAmongGoodOnes(workload, bad);

        Sync sync = workload.syncs().get(0);
        assertThat(run(sync))
                .containsEntry("status", "partial")
                .containsEntry("error_code", "sink.outputsMissing")
                .satisfies(run);
        assertThat(letters(sync)).singleElement().satisfies(letter -> {
            assertThat(letter).containsEntry("error_code", bad.code());
            assertThat(String.valueOf(letter.get("error_message")))
                    .endsWith("(" + at.topic() + " partition " + at.partition() + " offset " + at.offset() + ")");
        });
        assertNeighbourIsFine(workload);
    }

    private void assertNeighbourIsFine(Workload workload) {
        assertThat(run(workload.syncs().get(1)))
                .containsEntry("status", "succeeded")
                .containsEntry("outputs_saved", (long) GOOD)
                .containsEntry("outputs_dead_lettered", 0L);
    }

    private Map<String, Object> run(Sync sync) {
        return database.owner().queryForMap("select * from sync_run where id = ?", sync.run());
    }

    private List<Map<String, Object>> letters(Sync sync) {
        return database.owner()
                .queryForList(
                        "select error_code, error_message, record::text as record from dead_letter"
                                + " where user_integration_id = ?",
                        sync.userIntegration());
    }

    private static Bad output(String name, UnaryOperator<Output.Builder> change) {
        return new Bad(
                name,
                "polling.outputSaveFailed",
                (topics, sync) -> topics.anything(
                        sync.userIntegration().toString(),
                        topics.encoded(change.apply(Output.newBuilder(Workload.output(sync, "bad")))
                                .build())));
    }

    private static Bad bytes(String name, byte[] value) {
        return new Bad(
                name,
                "sink.recordUnreadable",
                (topics, sync) -> topics.anything(sync.userIntegration().toString(), value));
    }
}
