package io.tributary.worker.engine;

import static io.tributary.worker.engine.HandCrankedWorker.completed;
import static io.tributary.worker.engine.HandCrankedWorker.followUps;
import static io.tributary.worker.engine.HandCrankedWorker.initialTask;
import static io.tributary.worker.engine.HandCrankedWorker.listing;
import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Limits;
import io.tributary.integrations.api.Quota;
import io.tributary.schemas.Command;
import io.tributary.schemas.ConnectAccount;
import io.tributary.schemas.ProviderAccount;
import io.tributary.schemas.RunProgress;
import io.tributary.schemas.RunStatus;
import io.tributary.schemas.Task;
import io.tributary.schemas.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class TaskEngineTest {

    private final UUID account = UUID.randomUUID();
    private final UUID run = UUID.randomUUID();

    static Outcome listThenDownload(Task task, JsonObject state) {
        return task.getType().equals("list")
                ? completed(task, 0, followUps(task, "download", 3), JsonObject.of("cursor", "c1"))
                : completed(task, 1, List.of(), JsonObject.EMPTY);
    }

    private static HandCrankedWorker.Script failing(Outcome.Kind kind) {
        return (task, state) -> task.getType().equals("list")
                ? completed(task, 0, followUps(task, "download", 2), JsonObject.EMPTY)
                : new Outcome.Failed(kind, "test.broken", "It is broken.");
    }

    @Test
    void executesATaskAndItsFollowUpsAndProvesTheSums() {
        var worker = new HandCrankedWorker(TaskEngineTest::listThenDownload);

        worker.publish(initialTask(account, run)).settle();

        assertThat(worker.outputs()).hasSize(3);
        RunProgress last = worker.lastProgress(run);
        assertThat(last.getStatus()).isEqualTo(RunStatus.succeeded);
        assertThat(List.of(last.getSpawned(), last.getCompleted(), last.getFailed(), last.getOutputs()))
                .containsExactly(3L, 4L, 0L, 3L);
        assertThat(last.getSyncState()).isEqualTo("{\"cursor\":\"c1\"}");
        assertThat(last.getError()).isNull();
    }

    @Test
    void countsWhatWasListedWhenTheListsNameEverything() {
        var worker = new HandCrankedWorker((task, state) -> listing(
                listThenDownload(task), task, task.getType().equals("list"), "item of " + task.getTaskId(), "both"));

        worker.publish(initialTask(account, run)).settle();
        worker.crash().settle();

        assertThat(worker.listings()).hasSize(4);
        RunProgress last = worker.lastProgress(run);
        assertThat(last.getListed()).isEqualTo(8);
        assertThat(last.getMaxDeletedShare()).isEqualTo(0.25);
        assertThat(last.getAdvancesPastFailures()).isTrue();
        assertThat(worker.progress(run).getFirst().getListed()).isNull();
    }

    @Test
    void vouchesForNoListWhenATaskOfTheRunFailed() {
        var worker = new HandCrankedWorker((task, state) -> task.getType().equals("list")
                ? listing(completed(task, 0, followUps(task, "download", 2), JsonObject.EMPTY), task, true, "1")
                : new Outcome.Failed(Outcome.Kind.PERMANENT, "test.broken", "It is broken."));

        worker.publish(initialTask(account, run)).settle();

        assertThat(worker.lastProgress(run).getStatus()).isEqualTo(RunStatus.partial);
        assertThat(worker.lastProgress(run).getListed()).isNull();
    }

    @Test
    void vouchesForNoListWhenNoTaskSaysThatTheListsNameEverything() {
        var worker = new HandCrankedWorker((task, state) -> listing(listThenDownload(task), task, false, "1"));

        worker.publish(initialTask(account, run)).settle();

        assertThat(worker.listings()).hasSize(4);
        assertThat(worker.lastProgress(run).getListed()).isNull();
    }

    private static Outcome.Completed listThenDownload(Task task) {
        return (Outcome.Completed) listThenDownload(task, JsonObject.EMPTY);
    }

    private static final ProviderAccount OCTOCAT = new ProviderAccount("42", "octocat", "{}");

    @Test
    void reportsTheIdentifiedAccountAtTheEndOfTheRun() {
        var worker = new HandCrankedWorker((task, state) -> Outcome.Completed.identified(OCTOCAT));

        worker.publish(connect()).settle();

        assertThat(worker.lastProgress(run).getStatus()).isEqualTo(RunStatus.succeeded);
        assertThat(worker.lastProgress(run).getAccount()).isEqualTo(OCTOCAT);
        assertThat(List.of(
                        worker.lastProgress(run).getSpawned(),
                        worker.lastProgress(run).getCompleted(),
                        worker.lastProgress(run).getOutputs()))
                .containsExactly(0L, 1L, 0L);
    }

    @Test
    void identifiesTheAccountAgainWhenTheWorkerDiesMeanwhile() {
        var worker = new HandCrankedWorker((task, state) -> Outcome.Completed.identified(OCTOCAT));

        worker.publish(connect()).turn().commit().dieWhileExecuting().settle();

        assertThat(worker.executed()).hasSize(2);
        assertThat(worker.progress(run).stream().filter(progress -> progress.getStatus() == RunStatus.succeeded))
                .singleElement()
                .satisfies(end -> assertThat(end.getAccount()).isEqualTo(OCTOCAT));
    }

    @Test
    void identifiesTheAccountAgainWhenTheAnswerWasNotCommitted() {
        var worker = new HandCrankedWorker((task, state) -> Outcome.Completed.identified(OCTOCAT));

        worker.publish(connect()).turn().execute().turn().crash().settle();

        assertThat(worker.executed()).hasSize(2);
        assertThat(worker.lastProgress(run).getAccount()).isEqualTo(OCTOCAT);
        assertThat(worker.lastProgress(run).getCompleted()).isOne();
    }

    @Test
    void remembersTheIdentifiedAccountWhileTheRunGoesOn() {
        var worker = new HandCrankedWorker((task, state) -> task.getType().equals(ConnectAccount.TASK_TYPE)
                ? Outcome.Completed.identified(OCTOCAT)
                : new Outcome.Throttled("test.later", "Later.", Duration.ofMinutes(1)));
        Task other = Task.newBuilder(initialTask(account, run))
                .setTaskId(UUID.randomUUID())
                .setNotBefore(HandCrankedWorker.START.plusSeconds(60))
                .build();

        worker.publish(connect()).publish(other).settle();

        assertThat(worker.lastProgress(run).getStatus()).isEqualTo(RunStatus.running);
        assertThat(worker.lastProgress(run).getAccount()).isNull();
        worker.crash().settle();
        worker.command(Command.cancel_run, account, run).settle();
        assertThat(worker.lastProgress(run).getAccount()).isEqualTo(OCTOCAT);
    }

    private Task connect() {
        return Task.newBuilder(initialTask(account, run))
                .setType(ConnectAccount.TASK_TYPE)
                .setTrigger(Trigger.system)
                .build();
    }

    @Test
    void publishesFollowUpsAsAcceptedAndDropsThemWhenReadBack() {
        var worker = new HandCrankedWorker(TaskEngineTest::listThenDownload);

        worker.publish(initialTask(account, run)).settle().settle();

        assertThat(worker.publishedTasks())
                .hasSize(3)
                .allMatch(HandCrankedWorker.Sent::accepted)
                .allMatch(sent -> sent.key().equals(account.toString()));
        assertThat(worker.executed()).hasSize(4);
    }

    @Test
    void executesATaskThatIsPublishedTwiceOnce() {
        var worker = new HandCrankedWorker(TaskEngineTest::listThenDownload);

        worker.publish(initialTask(account, run))
                .publish(initialTask(account, run))
                .settle();
        worker.publish(initialTask(account, run)).settle();

        assertThat(worker.executed()).hasSize(4);
        assertThat(worker.outputs()).hasSize(3);
    }

    @Test
    void dropsAFollowUpThatSomethingElsePublishesAgain() {
        var worker = new HandCrankedWorker(TaskEngineTest::listThenDownload);
        worker.publish(initialTask(account, run)).settle();

        worker.publishBytes(worker.publishedTasks().getFirst().value()).settle();

        assertThat(worker.executed()).hasSize(4);
    }

    @Test
    void retriesAfterAGrowingWaitAndDeadLettersAfterTheAttempts() {
        var worker = new HandCrankedWorker(
                Limits.DEFAULT.withAttempts(3, Duration.ofSeconds(2)), new Random(1), failing(Outcome.Kind.TRANSIENT));

        worker.publish(initialTask(account, run)).settle();
        assertThat(worker.executed()).hasSize(3);
        worker.pass(Duration.ofMillis(1400)).settle();
        assertThat(worker.executed()).as("before the least wait").hasSize(3);
        worker.pass(Duration.ofMillis(1300)).settle();
        assertThat(worker.executed()).as("after the longest first wait").hasSize(5);
        worker.pass(Duration.ofMillis(5200)).settle();

        assertThat(worker.executed()).hasSize(7);
        assertThat(worker.deadLetters()).hasSize(2).allSatisfy(letter -> {
            assertThat(letter.getErrorCode()).isEqualTo("test.broken");
            assertThat(letter.getAttempts()).isEqualTo(3);
            assertThat(letter.getTask().getType()).isEqualTo("download");
        });
        assertThat(worker.lastProgress(run).getStatus()).isEqualTo(RunStatus.failed);
        assertThat(worker.lastProgress(run).getFailed()).isEqualTo(2);
        assertThat(worker.lastProgress(run).getError().getCode()).isEqualTo("test.broken");
    }

    @Test
    void deadLettersAPermanentFailureAtOnce() {
        var worker = new HandCrankedWorker(failing(Outcome.Kind.PERMANENT));

        worker.publish(initialTask(account, run)).settle();

        assertThat(worker.deadLetters()).hasSize(2);
        assertThat(worker.lastProgress(run).getStatus()).isEqualTo(RunStatus.failed);
    }

    @Test
    void endsTheRunWhenTheCredentialsAreRejected() {
        var worker = new HandCrankedWorker(
                Limits.DEFAULT.withConcurrency(1), new Random(1), failing(Outcome.Kind.UNAUTHORIZED));

        worker.publish(initialTask(account, run)).settle();

        assertThat(worker.executed())
                .as("the second download is not even tried")
                .hasSize(2);
        RunProgress last = worker.lastProgress(run);
        assertThat(last.getStatus()).isEqualTo(RunStatus.failed);
        assertThat(last.getError().getKind()).isEqualTo("unauthorized");
        assertThat(last.getCompleted() + last.getFailed()).isEqualTo(last.getSpawned() + 1);
    }

    @Test
    void isThrottledByTheProviderAtNoCostOfAnAttempt() {
        var answers = new int[] {0};
        var worker = new HandCrankedWorker((task, state) -> answers[0]++ < 5
                ? new Outcome.Throttled("test.quota", "Wait.", Duration.ofSeconds(30))
                : completed(task, 1, List.of(), JsonObject.EMPTY));

        worker.publish(initialTask(account, run)).settle();
        worker.pass(Duration.ofSeconds(1)).settle();
        assertThat(worker.executed()).hasSize(1);
        assertThat(worker.lastProgress(run).getThrottledUntil()).isEqualTo(HandCrankedWorker.START.plusSeconds(30));
        worker.settleFor(Duration.ofMinutes(3));

        assertThat(worker.executed()).hasSize(6).allMatch(task -> task.getAttempt() == 1);
        assertThat(worker.lastProgress(run).getStatus()).isEqualTo(RunStatus.succeeded);
    }

    @Test
    void staysThrottledOverACrash() {
        var worker = new HandCrankedWorker(
                (task, state) -> new Outcome.Throttled("test.quota", "Wait.", Duration.ofSeconds(30)));
        worker.publish(initialTask(account, run)).settle();

        worker.crash().pass(Duration.ofSeconds(20)).settle();
        assertThat(worker.executed()).hasSize(1);
        worker.pass(Duration.ofSeconds(10)).settle();

        assertThat(worker.executed()).hasSize(2);
    }

    @Test
    void holdsTheRateOfTheManifest() {
        assertThat(executedOfAHundred(Limits.DEFAULT.withRate(10, 1), initialTask(account, run), 500))
                .isBetween(49, 51);
    }

    /** How many tasks of a run of a hundred are executed in so many hundredths of a second. */
    private static int executedOfAHundred(Limits limits, Task initial, int hundredths) {
        var worker = new HandCrankedWorker(
                limits,
                new Random(1),
                (task, state) -> task.getType().equals("list")
                        ? completed(task, 0, followUps(task, "download", 100), JsonObject.EMPTY)
                        : completed(task, 1, List.of(), JsonObject.EMPTY));
        worker.publish(initial).settle();
        for (int i = 0; i < hundredths; i++) {
            worker.pass(Duration.ofMillis(10)).settle();
        }
        return worker.executed().size();
    }

    @Test
    void neverExecutesMoreAtATimeThanTheManifestSays() {
        var worker = new HandCrankedWorker(
                Limits.DEFAULT.withConcurrency(3), new Random(1), TaskEngineTest::listThenDownload);

        for (int i = 0; i < 20; i++) {
            worker.publish(initialTask(account, UUID.randomUUID()));
        }
        worker.turn();

        assertThat(worker.startedCount()).isEqualTo(3);
    }

    @Test
    void givesBackfillsAFifthOfTheSlotsAndLiveTasksTheRest() {
        var worker = new HandCrankedWorker(
                Limits.DEFAULT.withConcurrency(10), new Random(1), TaskEngineTest::listThenDownload);

        for (int i = 0; i < 20; i++) {
            worker.publish(backfillTask(account, UUID.randomUUID()));
        }
        worker.turn();
        assertThat(worker.startedCount()).as("of backfills alone").isEqualTo(2);

        for (int i = 0; i < 20; i++) {
            worker.publish(initialTask(account, UUID.randomUUID()));
        }
        worker.turn();
        assertThat(worker.startedCount()).as("with live tasks beside them").isEqualTo(10);

        worker.settle();
        assertThat(worker.executed()).hasSize(40 * 4);
    }

    @Test
    void holdsBackfillsToAFifthOfTheRate() {
        assertThat(executedOfAHundred(Limits.DEFAULT.withRate(10, 10), backfillTask(account, run), 1000))
                .isBetween(19, 23);
    }

    @Test
    void goesOnWithABackfillWhereOneTaskAtATimeIsAllThereIs() {
        var worker = new HandCrankedWorker(
                Limits.DEFAULT.withConcurrency(1), new Random(1), TaskEngineTest::listThenDownload);

        worker.publish(backfillTask(account, run))
                .publish(initialTask(account, UUID.randomUUID()))
                .settle();

        assertThat(worker.executed()).hasSize(8);
        assertThat(worker.lastProgress(run).getStatus()).isEqualTo(RunStatus.succeeded);
    }

    @Test
    void keepsABackfillInItsBudgetOverACrash() {
        var worker = new HandCrankedWorker(
                Limits.DEFAULT.withConcurrency(10), new Random(1), TaskEngineTest::listThenDownload);
        for (int i = 0; i < 20; i++) {
            worker.publish(backfillTask(account, UUID.randomUUID()));
        }

        worker.commit().crash().turn();

        assertThat(worker.startedCount()).isEqualTo(2);
        assertThat(worker.settle().executed()).hasSize(20 * 4);
    }

    @Test
    void holdsAPausedBackfillWhileTheRestGoesOn() {
        var worker = new HandCrankedWorker(TaskEngineTest::listThenDownload);
        UUID backfill = UUID.randomUUID();
        worker.publish(backfillTask(account, backfill)).turn().execute().turn();

        worker.command(Command.pause_run, account, backfill)
                .publish(initialTask(account, run))
                .settleFor(Duration.ofSeconds(5));
        assertThat(worker.lastProgress(run).getStatus()).isEqualTo(RunStatus.succeeded);
        assertThat(worker.lastProgress(backfill).getStatus()).isEqualTo(RunStatus.running);
        worker.crash().settleFor(Duration.ofSeconds(5));
        assertThat(worker.lastProgress(backfill).getStatus())
                .as("a pause outlives the worker")
                .isEqualTo(RunStatus.running);

        worker.command(Command.resume_run, account, backfill).settle();

        assertThat(worker.lastProgress(backfill).getStatus()).isEqualTo(RunStatus.succeeded);
    }

    @Test
    void holdsABackfillThatComesAfterThePauseOfIt() {
        var worker = new HandCrankedWorker(TaskEngineTest::listThenDownload);

        worker.command(Command.pause_run, account, run)
                .publish(backfillTask(account, run))
                .settleFor(Duration.ofSeconds(5));
        assertThat(worker.executed()).isEmpty();

        assertThat(worker.command(Command.resume_run, account, run).settle().executed())
                .hasSize(4);
    }

    @Test
    void holdsNoBackfillForThePauseOfOneThatNeverArrives() {
        var worker = new HandCrankedWorker(TaskEngineTest::listThenDownload);

        worker.command(Command.pause_run, account, UUID.randomUUID())
                .publish(backfillTask(account, run))
                .settleFor(Duration.ofSeconds(5));

        assertThat(worker.lastProgress(run).getStatus()).isEqualTo(RunStatus.succeeded);
    }

    @Test
    void endsThePauseOfABackfillWithIt() {
        var worker = new HandCrankedWorker(TaskEngineTest::listThenDownload);
        UUID next = UUID.randomUUID();
        worker.command(Command.pause_run, account, run)
                .publish(backfillTask(account, run))
                .settleFor(Duration.ofSeconds(5));

        worker.command(Command.cancel_run, account, run)
                .command(Command.pause_run, account, run)
                .publish(backfillTask(account, next))
                .settle();

        assertThat(worker.lastProgress(run).getStatus()).isEqualTo(RunStatus.cancelled);
        assertThat(worker.lastProgress(next).getStatus()).isEqualTo(RunStatus.succeeded);
    }

    private static Task backfillTask(UUID account, UUID run) {
        return Task.newBuilder(initialTask(account, run))
                .setTrigger(Trigger.backfill)
                .build();
    }

    @Test
    void servesLanesInTurnAndListsBeforeDownloads() {
        var worker = new HandCrankedWorker(
                Limits.DEFAULT.withConcurrency(1), new Random(1), TaskEngineTest::listThenDownload);
        UUID other = UUID.randomUUID();
        var download = HandCrankedWorker.task(account, run, UUID.randomUUID(), null, "download", "{}");
        var list = Task.newBuilder(HandCrankedWorker.task(account, run, run, null, "list", "{}"))
                .setPriority(2)
                .build();

        worker.publish(download).publish(list).publish(initialTask(other, UUID.randomUUID()));
        worker.turn();
        assertThat(worker.startedCount()).as("one of each lane").isEqualTo(2);
        worker.settle();

        assertThat(worker.executed().stream()
                        .filter(task -> task.getUserIntegrationId().equals(account))
                        .map(Task::getType))
                .first()
                .isEqualTo("list");
    }

    @Test
    void pausesAndResumes() {
        var worker = new HandCrankedWorker(TaskEngineTest::listThenDownload);

        worker.command(Command.pause, account, null)
                .publish(initialTask(account, run))
                .settle();
        assertThat(worker.executed()).isEmpty();
        worker.crash().settle();
        assertThat(worker.executed()).as("a pause outlives the worker").isEmpty();
        worker.command(Command.resume, account, null).settle();

        assertThat(worker.executed()).hasSize(4);
    }

    @Test
    void resumesWhenARunBeganSoLongAfterThePauseThatTheCommandWasLost() {
        var worker = new HandCrankedWorker(TaskEngineTest::listThenDownload);
        worker.command(Command.pause, account, null).settle().pass(Duration.ofDays(2));
        worker.crash().publish(initialTask(account, run)).settleFor(Duration.ofMinutes(14));
        assertThat(worker.executed()).isEmpty();

        worker.settleFor(Duration.ofMinutes(2));

        assertThat(worker.lastProgress(run).getStatus()).isEqualTo(RunStatus.succeeded);
    }

    @Test
    void staysPausedForARunThatBeganBeforeThePause() {
        var worker = new HandCrankedWorker(TaskEngineTest::listThenDownload);
        worker.publish(initialTask(account, run));
        worker.command(Command.pause, account, null).settle();

        for (int hours = 0; hours < 50; hours++) {
            worker.pass(Duration.ofHours(1)).settle();
        }

        assertThat(worker.lastProgress(run).getStatus()).isEqualTo(RunStatus.running);
        assertThat(worker.executed()).isEmpty();
    }

    @Test
    void startsNothingOfAnIntegrationThatIsPausedAsAWholeUntilThatEnds() {
        var worker = new HandCrankedWorker(TaskEngineTest::listThenDownload);
        worker.pauses = new Pauses(false, Set.of("test"));

        worker.publish(initialTask(account, run)).settleFor(Duration.ofSeconds(2));
        assertThat(worker.executed()).isEmpty();
        worker.crash().settleFor(Duration.ofSeconds(2));
        assertThat(worker.executed()).as("whoever starts learns it").isEmpty();
        worker.pauses = new Pauses(false, Set.of("another"));

        assertThat(worker.settle().executed()).hasSize(4);
    }

    @Test
    void letsWhatExecutesEndWhenEverythingIsPaused() {
        var worker = new HandCrankedWorker(TaskEngineTest::listThenDownload);
        worker.publish(initialTask(account, run)).turn();
        worker.pauses = Pauses.EVERYTHING;

        worker.settleFor(Duration.ofSeconds(2));

        assertThat(worker.executed()).hasSize(1);
        assertThat(worker.lastProgress(run).getCompleted()).isEqualTo(1);
        worker.pauses = Pauses.NONE;
        assertThat(worker.settle().lastProgress(run).getStatus()).isEqualTo(RunStatus.succeeded);
    }

    @Test
    void reportsHowManyTasksExecuteAlsoWhenNoneEnds() {
        var worker = new HandCrankedWorker(TaskEngineTest::listThenDownload);
        worker.publish(initialTask(account, run)).turn().execute().turn();

        worker.hang().pass(Duration.ofSeconds(1)).turn().commit();

        assertThat(worker.lastProgress(run).getExecuting()).isEqualTo(3);
        worker.comeBack().settle();
        assertThat(worker.lastProgress(run).getStatus()).isEqualTo(RunStatus.succeeded);
        assertThat(worker.lastProgress(run).getExecuting()).isZero();
    }

    @Test
    void takesBackTheExecutingTasksThatADeadWorkerReported() {
        var worker = new HandCrankedWorker(TaskEngineTest::listThenDownload);
        worker.publish(initialTask(account, run)).turn().execute().turn();
        worker.hang().pass(Duration.ofSeconds(1)).turn().commit();
        worker.pauses = Pauses.EVERYTHING;

        worker.crash().pass(Duration.ofSeconds(1)).turn().commit();

        assertThat(worker.lastProgress(run).getExecuting()).isZero();
        assertThat(worker.lastProgress(run).getStatus()).isEqualTo(RunStatus.running);
        worker.comeBack();
    }

    @Test
    void cancelsARunWithItsCountersRightAndItsTasksGone() {
        var worker = new HandCrankedWorker(
                Limits.DEFAULT.withConcurrency(1),
                new Random(1),
                (task, state) -> task.getType().equals("list")
                        ? completed(task, 0, followUps(task, "download", 1_000), JsonObject.EMPTY)
                        : completed(task, 1, List.of(), JsonObject.EMPTY));
        worker.publish(initialTask(account, run)).turn().execute().turn();

        worker.command(Command.cancel_run, account, run).settle();

        RunProgress last = worker.lastProgress(run);
        assertThat(last.getStatus()).isEqualTo(RunStatus.cancelled);
        assertThat(last.getCompleted() + last.getFailed()).isEqualTo(1_001);
        worker.settleFor(Duration.ofSeconds(5));
        assertThat(worker.storedEntries())
                .as("only the id of the run is remembered")
                .isEqualTo(2);
    }

    @Test
    void cancelsALargeBacklogInTheNextTurnAndRemovesItBitByBit() {
        var worker = new HandCrankedWorker((task, state) -> task.getType().equals("list")
                ? completed(task, 0, followUps(task, "download", 10_000), JsonObject.EMPTY)
                : new Outcome.Throttled("test.quota", "Wait.", Duration.ofHours(1)));
        worker.publish(initialTask(account, run)).settle();
        int stored = worker.storedEntries();

        worker.command(Command.cancel_run, account, run).turn().commit();

        assertThat(worker.lastProgress(run).getStatus()).isEqualTo(RunStatus.cancelled);
        assertThat(worker.lastProgress(run).getFailed()).isEqualTo(10_000);
        assertThat(worker.storedEntries()).as("not all at once").isGreaterThan(stored - 2_000);

        worker.pass(Duration.ofHours(1)).settleFor(Duration.ofSeconds(20));
        assertThat(worker.storedEntries()).as("in the end, all").isEqualTo(2);
    }

    @Test
    void waitsForATasksTime() {
        var worker = new HandCrankedWorker(TaskEngineTest::listThenDownload);
        var later = Task.newBuilder(initialTask(account, run))
                .setNotBefore(HandCrankedWorker.START.plusSeconds(60))
                .build();

        worker.publish(later).settle().crash().settle();
        assertThat(worker.executed()).isEmpty();
        worker.pass(Duration.ofSeconds(61)).settle();

        assertThat(worker.executed()).hasSize(4);
    }

    @Test
    void givesUpATaskThatRunsTooLongAndDropsItsLateOutcome() {
        var worker = new HandCrankedWorker(TaskEngineTest::listThenDownload);
        worker.publish(initialTask(account, run)).turn();

        worker.hang().pass(Duration.ofMinutes(6)).turn().turn();
        worker.pass(Duration.ofSeconds(3)).settle();

        assertThat(worker.executed()).extracting(Task::getAttempt).contains(2);
        assertThat(worker.lastProgress(run).getStatus()).isEqualTo(RunStatus.succeeded);
        assertThat(worker.outputs()).hasSize(3);
    }

    @Test
    void goesOnWithALaneWhenThreadsThatWereGivenUpComeBack() {
        var worker = new HandCrankedWorker(
                Limits.DEFAULT.withConcurrency(1).withAttempts(1, Duration.ZERO),
                new Random(1),
                TaskEngineTest::listThenDownload);
        worker.publish(initialTask(account, run)).turn().execute().turn();
        for (int i = 0; i < 2; i++) {
            worker.ignoreInterrupts().hang().pass(Duration.ofMinutes(6)).turn().turn();
        }
        assertThat(worker.startedCount())
                .as("two threads are gone, one may run")
                .isZero();

        worker.comeBack().pass(Duration.ofSeconds(1)).settle();

        assertThat(worker.lastProgress(run).getStatus()).isEqualTo(RunStatus.partial);
        assertThat(worker.outputs()).hasSize(1);
    }

    @Test
    void executesAgainWhatACrashTookBack() {
        var worker = new HandCrankedWorker(TaskEngineTest::listThenDownload);
        worker.publish(initialTask(account, run)).commit();

        worker.turn().execute().turn().execute().turn().crash().settle();

        assertThat(worker.outputs()).hasSize(3);
        assertThat(worker.lastProgress(run).getCompleted()).isEqualTo(4);
    }

    @Test
    void deadLettersARecordThatIsNotATask() {
        var worker = new HandCrankedWorker(TaskEngineTest::listThenDownload);

        worker.publishBytes(new byte[] {1, 2, 3})
                .publish(initialTask(account, run))
                .settle();

        assertThat(worker.deadLetters()).singleElement().satisfies(letter -> {
            assertThat(letter.getErrorCode()).isEqualTo("polling.taskUnreadable");
            assertThat(letter.getRaw().array()).containsExactly(1, 2, 3);
        });
        assertThat(worker.outputs()).hasSize(3);
    }

    @Test
    void keepsMoreTasksThanFitTheWindow() {
        int many = Backlog.WINDOW * 5 + 7;
        var worker = new HandCrankedWorker((task, state) -> task.getType().equals("list")
                ? completed(task, 0, followUps(task, "download", many), JsonObject.EMPTY)
                : completed(task, 1, List.of(), JsonObject.EMPTY));

        worker.publish(initialTask(account, run))
                .turn()
                .execute()
                .turn()
                .commit()
                .crash()
                .settle();

        assertThat(worker.outputs()).hasSize(many);
        assertThat(worker.lastProgress(run).getStatus()).isEqualTo(RunStatus.succeeded);
    }

    @Test
    void keepsADeferredTaskWithAnotherOfTheSameTimeFromBeforeACrash() {
        var worker = new HandCrankedWorker((task, state) -> completed(task, 0, List.of(), JsonObject.EMPTY));
        Instant time = worker.now().plusSeconds(5);
        UUID another = UUID.randomUUID();

        worker.publish(Task.newBuilder(initialTask(account, run))
                        .setNotBefore(time)
                        .build())
                .turn()
                .commit()
                .crash()
                .publish(Task.newBuilder(initialTask(account, another))
                        .setNotBefore(time)
                        .build())
                .turn()
                .commit()
                .pass(Duration.ofSeconds(6))
                .settle();

        assertThat(worker.lastProgress(run).getStatus()).isEqualTo(RunStatus.succeeded);
        assertThat(worker.lastProgress(another).getStatus()).isEqualTo(RunStatus.succeeded);
    }

    @Test
    void executesASuspectAloneAndDeadLettersItAfterItsSecondDeathAlone() {
        var worker = new HandCrankedWorker(TaskEngineTest::listThenDownload);
        worker.publish(initialTask(account, run)).turn().execute().turn().commit();

        for (int deaths = 0; deaths < 2; deaths++) {
            assertThat(worker.startedCount()).isEqualTo(3);
            worker.dieWhileExecuting().turn();
        }
        // All three are suspect now: alone, two of them end well.
        worker.settle();

        assertThat(worker.lastProgress(run).getStatus()).isEqualTo(RunStatus.succeeded);

        UUID deadly = UUID.randomUUID();
        worker.publish(initialTask(account, deadly)).turn();
        for (int deaths = 0; deaths < ExecutionJournal.DEATHS_AT_MOST; deaths++) {
            worker.dieWhileExecuting().turn();
        }
        worker.settle();

        assertThat(worker.deadLetters()).singleElement().satisfies(letter -> {
            assertThat(letter.getErrorCode()).isEqualTo("polling.taskKilledWorker");
            assertThat(letter.getTask().getRunId()).isEqualTo(deadly);
        });
        assertThat(worker.lastProgress(deadly).getStatus()).isEqualTo(RunStatus.failed);
    }

    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void executesTheOtherSuspectsWhenOneOfThemHangs() {
        var worker = new HandCrankedWorker(
                        Limits.DEFAULT.withAttempts(1, Duration.ZERO), new Random(1), TaskEngineTest::listThenDownload)
                .ignoreInterrupts();
        worker.publish(initialTask(account, run)).turn().execute().turn().commit();
        for (int deaths = 0; deaths < 2; deaths++) {
            worker.dieWhileExecuting().turn();
        }
        assertThat(worker.startedCount()).isEqualTo(3);

        worker.hang(1).execute();
        worker.settleFor(Limits.DEFAULT.taskTimeout().plusSeconds(10));

        assertThat(worker.deadLetters())
                .singleElement()
                .satisfies(letter -> assertThat(letter.getErrorCode()).isEqualTo("polling.taskTimedOut"));
        assertThat(worker.lastProgress(run).getStatus()).isEqualTo(RunStatus.partial);
        assertThat(worker.lastProgress(run).getCompleted()).isEqualTo(3);
        worker.comeBack();
    }

    @Test
    void endsARunThatTakesTooLong() {
        var worker = new HandCrankedWorker(
                Limits.DEFAULT,
                EngineConfig.Bounds.DEFAULT.withDeadlines(Duration.ofMinutes(10), Duration.ofMinutes(1)),
                new Random(1),
                (task, state) -> task.getType().equals("list")
                        ? completed(task, 0, followUps(task, "download", 2), JsonObject.EMPTY)
                        : new Outcome.Throttled("test.quota", "Wait.", Duration.ofMinutes(30)));
        worker.publish(initialTask(account, run)).settle();

        worker.pass(Duration.ofSeconds(599)).settle();
        assertThat(worker.lastProgress(run).getStatus()).isEqualTo(RunStatus.running);
        worker.pass(Duration.ofSeconds(1)).settle();

        RunProgress last = worker.lastProgress(run);
        assertThat(last.getStatus()).isEqualTo(RunStatus.timed_out);
        assertThat(last.getError().getCode()).isEqualTo("polling.runTimedOut");
        assertThat(last.getCompleted() + last.getFailed()).isEqualTo(last.getSpawned() + 1);
    }

    @Test
    void endsNoAttemptAndNoRunWhenTheClockSteps() {
        var worker = new HandCrankedWorker(TaskEngineTest::listThenDownload);
        worker.publish(initialTask(account, run)).turn();

        worker.hang().stepWallClock(Duration.ofDays(8)).turn();
        for (int i = 0; i < 60; i++) {
            worker.pass(Duration.ofSeconds(1)).turn();
        }
        worker.comeBack().settle();

        assertThat(worker.executed()).allMatch(task -> task.getAttempt() == 1).hasSize(4);
        assertThat(worker.lastProgress(run).getStatus()).isEqualTo(RunStatus.succeeded);
    }

    @Test
    void flagsARunInWhichNothingEndsUntilSomethingDoes() {
        var worker = new HandCrankedWorker(
                Limits.DEFAULT,
                EngineConfig.Bounds.DEFAULT.withDeadlines(Duration.ofDays(1), Duration.ofMinutes(1)),
                new Random(1),
                TaskEngineTest::listThenDownload);
        worker.command(Command.pause, account, null)
                .publish(initialTask(account, run))
                .settle();

        worker.pass(Duration.ofSeconds(59)).settle();
        assertThat(worker.lastProgress(run).getError()).isNull();
        worker.pass(Duration.ofSeconds(2)).settle();

        RunProgress flagged = worker.lastProgress(run);
        assertThat(flagged.getStatus()).isEqualTo(RunStatus.running);
        assertThat(flagged.getError().getCode()).isEqualTo("polling.runStalled");
        assertThat(flagged.getError().getMessage()).contains("the user integration is paused");

        worker.command(Command.resume, account, null).settle();
        assertThat(worker.lastProgress(run).getStatus()).isEqualTo(RunStatus.succeeded);
        assertThat(worker.lastProgress(run).getError()).isNull();
    }

    @Test
    void waitsForTheNextWindowOfTheProvidersQuotaAndReportsIt() {
        var worker = new HandCrankedWorker(TaskEngineTest::listThenDownload);
        worker.quota = new Quota(0, HandCrankedWorker.START.plusSeconds(30));

        worker.publish(initialTask(account, run)).settle();

        assertThat(worker.executed()).hasSize(1);
        worker.pass(Duration.ofSeconds(1)).settle();
        RunProgress waits = worker.lastProgress(run);
        assertThat(waits.getThrottledUntil()).isEqualTo(HandCrankedWorker.START.plusSeconds(30));
        assertThat(waits.getThrottledReason()).isEqualTo("polling.quotaExhausted");

        worker.quota = null;
        worker.pass(Duration.ofSeconds(30)).settle();
        assertThat(worker.lastProgress(run).getStatus()).isEqualTo(RunStatus.succeeded);
    }

    @Test
    void sharesTheRateOfAProviderAppAmongItsUserIntegrations() {
        var worker = new HandCrankedWorker(
                Limits.DEFAULT.withRate(2, 1).withSharedBy(Limits.SharedBy.PROVIDER_APP),
                new Random(1),
                TaskEngineTest::listThenDownload);
        for (int i = 0; i < 3; i++) {
            worker.publish(initialTask(new UUID(7, i), new UUID(8, i)));
        }

        worker.settleFor(Duration.ofSeconds(5));
        assertThat(worker.executed()).hasSizeBetween(9, 11);
        assertThat(worker.executed().stream().limit(6).map(Task::getUserIntegrationId))
                .as("each has its turn")
                .contains(new UUID(7, 0), new UUID(7, 1), new UUID(7, 2));

        worker.settleFor(Duration.ofSeconds(5));
        assertThat(worker.executed()).hasSize(12);
    }
}
