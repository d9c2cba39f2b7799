package io.tributary.scheduler.deadletters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.scheduler.testing.Api;
import io.tributary.scheduler.testing.HelloApiTest;
import io.tributary.schemas.RefreshAccess;
import io.tributary.schemas.RunAgain;
import io.tributary.schemas.Task;
import io.tributary.schemas.Trigger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class DeadLetterApiIT extends HelloApiTest {

    private static final String TASK = "{\"type\": \"download\", \"payload\": \"{\\\"item\\\": %d}\","
            + " \"sync_type\": \"default\", \"options\": \"{}\"}";

    private final String fingerprint = UUID.randomUUID().toString();

    @Test
    void drivesATaskAgainOnceInARunOfItsOwn() {
        UUID letter = letter("download", TASK.formatted(7));

        var answer = redrive(letter).expect(202).json().get("redriven");
        var again = redrive(letter).expect(202).json().get("redriven");

        assertThat(answer.get("status").asString()).isEqualTo("done");
        UUID run = UUID.fromString(answer.get("runId").asString());
        assertThat(again.get("runId").asString()).isEqualTo(run.toString());
        await().atMost(Duration.ofMinutes(1))
                .until(() -> !scheduler.tasksOf(run).isEmpty());
        Task task = scheduler.tasksOf(run).getFirst().value();
        assertThat(task.getTrigger()).isEqualTo(Trigger.replay);
        assertThat(task.getType()).isEqualTo(RunAgain.TASK_TYPE);
        assertThat(JsonMapper.shared().readTree(task.getPayload()))
                .isEqualTo(JsonMapper.shared()
                        .readTree("{\"tasks\": [{\"type\": \"download\", \"payload\": {\"item\": 7}}]}"));
    }

    @Test
    void goesBesideTheLiveRunAndLeavesTheScheduleAlone() {
        ann.post("/v1/user-integrations/" + integration + "/trigger").expect(202);
        UUID letter = letter("download", TASK.formatted(1));

        redrive(letter).expect(202);

        assertThat(ann.post("/v1/user-integrations/" + integration + "/trigger")
                        .expect(202)
                        .json()
                        .get("alreadyRunning")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void drivesAllOfACauseAgainInFewRuns() {
        for (int i = 0; i < RunAgain.MAX_TASKS + 20; i++) {
            letter("download", TASK.formatted(i));
        }

        var answer = ann.post("/v1/dead-letters:redrive", "{\"fingerprint\": \"" + fingerprint + "\"}")
                .expect(202)
                .json();

        assertThat(answer.get("tasks").asInt()).isEqualTo(RunAgain.MAX_TASKS + 20);
        assertThat(answer.get("runIds").size()).isEqualTo(2);
        var causes = ann.get("/v1/dead-letters/causes").expect(200).json().get("items");
        assertThat(causes.get(0).get("fingerprint").asString()).isEqualTo(fingerprint);
        assertThat(causes.get(0).get("letters").asInt()).isEqualTo(RunAgain.MAX_TASKS + 20);
        assertThat(causes.get(0).get("open").asInt()).isZero();
    }

    @Test
    void drivesEachAgainOnceHoweverManyAskAtOnce() throws Exception {
        for (int i = 0; i < 30; i++) {
            letter("download", TASK.formatted(i));
        }
        var asks = new ArrayList<Callable<Integer>>();
        for (int i = 0; i < 8; i++) {
            asks.add(() -> ann.post("/v1/dead-letters:redrive", "{\"all\": true}")
                    .expect(202)
                    .json()
                    .get("tasks")
                    .asInt());
        }
        int redriven = 0;
        try (var threads = Executors.newCachedThreadPool()) {
            for (var asked : threads.invokeAll(asks)) {
                redriven += asked.get();
            }
        }
        assertThat(redriven).isEqualTo(30);
    }

    @Test
    void leavesOutSystemTasksWhichWouldFailTheirWholeRun() {
        UUID renewal = letter(RefreshAccess.TASK_TYPE, TASK.formatted(1).replace("download", RefreshAccess.TASK_TYPE));
        letter("download", TASK.formatted(2));

        var answer = ann.post("/v1/dead-letters:redrive", "{\"fingerprint\": \"" + fingerprint + "\"}")
                .expect(202)
                .json();

        assertThat(answer.get("tasks").asLong()).isEqualTo(1);
        UUID run = UUID.fromString(answer.get("runIds").get(0).asString());
        await().atMost(Duration.ofMinutes(1))
                .until(() -> !scheduler.tasksOf(run).isEmpty());
        assertThat(scheduler.tasksOf(run).getFirst().value().getPayload()).doesNotContain(RefreshAccess.TASK_TYPE);
        redrive(renewal).expectProblem(409, "deadLetter.cannotBeRedriven");
    }

    @Test
    void asksTheSinkForOutputs() {
        UUID letter = letter(null, "polling.outputSaveFailed", "{\"external_id\": \"x\"}");

        var answer = redrive(letter).expect(202).json();

        assertThat(answer.get("kind").asString()).isEqualTo("output");
        assertThat(answer.get("redriven").get("status").asString()).isEqualTo("asked");
    }

    @Test
    void doesNotDriveAgainWhatWasTooLargeToBeKept() {
        UUID letter = letter(null, "polling.outputTooLarge", "{\"external_id\": \"x\"}");

        redrive(letter).expectProblem(409, "deadLetter.cannotBeRedriven");
    }

    @Test
    void unpacksARunOfTasksThatFailedAsAWhole() {
        UUID letter = letter(
                RunAgain.TASK_TYPE,
                "{\"type\": \"" + RunAgain.TASK_TYPE + "\", \"sync_type\": \"default\", \"options\": \"{}\","
                        + " \"payload\": \"{\\\"tasks\\\": [{\\\"type\\\": \\\"list\\\", \\\"payload\\\": {}}]}\"}");

        UUID run = UUID.fromString(
                redrive(letter).expect(202).json().get("redriven").get("runId").asString());

        assertThat(scheduler
                        .database()
                        .value("select initial_payload::text from sync_run where id = :id", run, String.class))
                .isEqualTo("{\"tasks\": [{\"type\": \"list\", \"payload\": {}}]}");
    }

    @Test
    void showsAndDrivesOnesOwnOnly() {
        UUID letter = letter("download", TASK.formatted(1));
        var bob = scheduler.user("bob-" + UUID.randomUUID());

        bob.get("/v1/dead-letters/" + letter).expect(404);
        bob.post("/v1/dead-letters/" + letter + ":redrive").expect(404);
        assertThat(bob.get("/v1/dead-letters").expect(200).json().get("items").size())
                .isZero();
        assertThat(bob.post("/v1/dead-letters:redrive", "{\"all\": true}")
                        .expect(202)
                        .json()
                        .get("tasks")
                        .asInt())
                .isZero();
        assertThat(ann.get("/v1/dead-letters?limit=1&fingerprint=" + fingerprint)
                        .expect(200)
                        .json()
                        .get("items")
                        .get(0)
                        .get("id")
                        .asString())
                .isEqualTo(letter.toString());
    }

    @Test
    void refusesToDriveEverythingByAccident() {
        ann.post("/v1/dead-letters:redrive", "{}").expectError("/all");
        ann.post("/v1/dead-letters:redrive", "{\"all\": true, \"fingerprint\": \"x\"}")
                .expectError("/all");
    }

    private Api.Answer redrive(UUID letter) {
        return ann.post("/v1/dead-letters/" + letter + ":redrive");
    }

    private UUID letter(String taskType, String record) {
        return letter(taskType, "hello.failed", record);
    }

    private UUID letter(@Nullable String taskType, String code, String record) {
        return scheduler
                .database()
                .jdbc()
                .sql("""
                    insert into dead_letter (kafka_partition, kafka_offset, task_id, user_integration_id, task_type,
                                             error_code, error_message, fingerprint, attempts, record, created_at)
                    values (0, (select coalesce(max(kafka_offset), 0) + 1 from dead_letter), gen_random_uuid(), :integration,
                            :taskType, :code, 'No.', :fingerprint, 3, :record::jsonb, now())
                    returning id
                    """)
                .param("integration", integration)
                .param("taskType", taskType)
                .param("code", code)
                .param("fingerprint", fingerprint)
                .param("record", record)
                .query(UUID.class)
                .single();
    }
}
