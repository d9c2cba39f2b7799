package io.tributary.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.schemas.DeadLetter;
import io.tributary.schemas.Task;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The application on real Kafka, Postgres and schema registry. */
class SinkIT extends SinkTest {

    @Test
    void savesAHundredThousandOutputsExactlyAndCompletesTheirRuns() {
        var workload = new Workload(database, 20);
        try (var sink = RunningSink.start(database, topics, group)) {
            workload.send(topics, 5_000);
            workload.end(topics);

            await().atMost(PATIENCE).until(() -> workload.finishedRuns() == 20);
        }
        assertThat(workload.rows()).isEqualTo(100_000);
        assertThat(workload.provenRuns()).isEqualTo(20);
        assertThat(workload.advancedStates()).isEqualTo(20);
    }

    @Test
    void completesNoRunBeforeItsOutputsAreThere() {
        var workload = new Workload(database, 50);
        try (var sink = RunningSink.start(database, topics, group, "--tributary.sink.batch-records=37")) {
            workload.send(topics, 100);
            workload.end(topics);

            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> {
                assertThat(workload.runsEndedEarly()).isZero();
                return workload.finishedRuns() == 50;
            });
        }
        assertThat(workload.provenRuns()).isEqualTo(50);
    }

    @Test
    void changesNothingWhenTheWholeTopicIsReadAgain() {
        var workload = new Workload(database, 3);
        workload.send(topics, 500);
        workload.end(topics);
        try (var sink = RunningSink.start(database, topics, group)) {
            await().atMost(PATIENCE).until(() -> workload.finishedRuns() == 3);
        }
        var before = workload.everything();

        String again = group + "-again";
        try (var sink = RunningSink.start(database, topics, again)) {
            await().atMost(PATIENCE).until(() -> topics.isReadToTheEnd(again));
        }

        assertThat(workload.everything()).isEqualTo(before);
    }

    @Test
    void countsOnceWhatTwoSinksReadAtTheSameTime() {
        var workload = new Workload(database, 6);
        String zombie = group + "-zombie";
        try (var sink = RunningSink.start(database, topics, group);
                var other = RunningSink.start(database, topics, zombie, "--tributary.sink.batch-records=300")) {
            workload.send(topics, 1_000);
            workload.end(topics);

            await().atMost(PATIENCE).until(() -> topics.isReadToTheEnd(group) && topics.isReadToTheEnd(zombie));
        }
        assertThat(workload.rows()).isEqualTo(6_000);
        assertThat(workload.provenRuns()).isEqualTo(6);
    }

    @Test
    void handsPartitionsOverWithoutLosingOrCountingTwice() {
        var workload = new Workload(database, 12);
        try (var first = RunningSink.start(database, topics, group, "--tributary.sink.batch-records=50")) {
            workload.send(topics, 300);
            await().atMost(PATIENCE).until(() -> workload.rows() > 0);
            try (var second = RunningSink.start(database, topics, group, "--tributary.sink.batch-records=50")) {
                workload.send(topics, 300);
                first.close();
                workload.send(topics, 300);
                workload.end(topics);

                await().atMost(PATIENCE).until(() -> workload.finishedRuns() == 12);
            }
        }
        assertThat(workload.rows()).isEqualTo(12 * 900);
        assertThat(workload.provenRuns()).isEqualTo(12);
    }

    @Test
    void setsAsideWhatCannotBeReadOrWrittenAndGoesOn() {
        var workload = new Workload(database, 1);
        var sync = workload.syncs().getFirst();
        byte[] garbage = "no message at all".getBytes(StandardCharsets.UTF_8);
        byte[] unknownSchema = {0, 127, 0, 0, 1, 2, 3};
        var unwritable = Workload.output(sync, Workload.random(9_000));
        try (var sink = RunningSink.start(database, topics, group)) {
            workload.send(topics, 50);
            topics.raw(sync.userIntegration(), garbage);
            topics.raw(sync.userIntegration(), unknownSchema);
            topics.output(sync.userIntegration(), unwritable);
            topics.output(sync.userIntegration(), Workload.task(sync));
            workload.send(topics, 50);
            workload.end(topics);

            await().atMost(PATIENCE).until(() -> workload.finishedRuns() == 1);
            await().atMost(PATIENCE).until(() -> topics.isReadToTheEnd(group));
        }
        assertThat(workload.provenRuns()).isEqualTo(1);
        assertThat(database.owner()
                        .queryForList("select error_code from dead_letter order by error_code", String.class))
                .containsExactly(
                        "polling.outputSaveFailed",
                        "sink.recordUnreadable",
                        "sink.recordUnreadable",
                        "sink.recordUnreadable");
        assertThat(database.owner()
                        .queryForObject(
                                "select record ->> 'external_id' from dead_letter where run_id = ?"
                                        + " and user_integration_id = ? and integration_domain = 'imap'",
                                String.class,
                                sync.run(),
                                sync.userIntegration()))
                .isEqualTo(unwritable.getExternalId());
    }

    @Test
    void storesDeadLettersAndTheFailuresOfTasks() {
        var workload = new Workload(database, 1);
        var sync = workload.syncs().getFirst();
        Task task = Workload.task(sync);
        try (var sink = RunningSink.start(database, topics, group)) {
            topics.deadLetter(sync.userIntegration(), letter(task, 1));
            topics.deadLetter(sync.userIntegration(), letter(task, 2));
            topics.flush();

            await().atMost(PATIENCE).until(() -> topics.isReadToTheEnd(group));
        }
        try (var sink = RunningSink.start(database, topics, group + "-again")) {
            await().atMost(PATIENCE).until(() -> topics.isReadToTheEnd(group + "-again"));
        }
        assertThat(database.owner().queryForList("select * from dead_letter"))
                .hasSize(2)
                .allSatisfy(row -> assertThat(row)
                        .containsEntry("run_id", sync.run())
                        .containsEntry("task_id", task.getTaskId())
                        .containsEntry("user_id", "alice")
                        .containsEntry("task_type", "download")
                        .containsEntry("error_code", "imap.trouble"))
                .extracting(row -> row.get("fingerprint"))
                .containsOnly(
                        database.owner().queryForObject("select min(fingerprint) from dead_letter", String.class));
        assertThat(database.owner().queryForList("select * from task_failure"))
                .singleElement()
                .satisfies(row -> assertThat(row)
                        .containsEntry("run_id", sync.run())
                        .containsEntry("attempts", 2)
                        .containsEntry("error_message", "message 2 of the mailbox\ufffd"));
        assertThat(database.owner()
                        .queryForObject("select record ->> 'payload' from dead_letter limit 1", String.class))
                .isEqualTo("{\"uid\": 7}");
    }

    private static DeadLetter letter(Task task, int attempts) {
        return DeadLetter.newBuilder()
                .setTask(task)
                .setErrorCode("imap.trouble")
                .setMessage("message " + attempts + " of the mailbox\0")
                .setAttempts(attempts)
                .setAt(Instant.ofEpochSecond(1_800_000_000L + attempts))
                .build();
    }
}
