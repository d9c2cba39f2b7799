package io.tributary.worker.engine;

import static io.tributary.worker.engine.HandCrankedWorker.completed;
import static io.tributary.worker.engine.HandCrankedWorker.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Limits;
import io.tributary.schemas.Command;
import io.tributary.schemas.DeadLetter;
import io.tributary.schemas.RunError;
import io.tributary.schemas.RunStatus;
import io.tributary.schemas.Task;
import io.tributary.schemas.Trigger;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An action starts once its beginning is committed, and who finds a beginning without an end hears of it. */
class EffectMarksTest {

    private static final Outcome.Failed BROKEN = new Outcome.Failed(Outcome.Kind.TRANSIENT, "test.broken", "It broke.");

    private final UUID account = UUID.randomUUID();
    private final UUID run = UUID.randomUUID();
    private final AtomicInteger failures = new AtomicInteger();
    private Outcome.Failed failure = BROKEN;
    private final HandCrankedWorker worker = acting(3);

    private HandCrankedWorker acting(int attempts) {
        var acting = new HandCrankedWorker(
                        Limits.DEFAULT.withAttempts(attempts, Duration.ofSeconds(1)), new Random(1), this::execute)
                .countCommits();
        acting.actions = Set.of("send");
        return acting.crash().turn().commit();
    }

    private Outcome execute(Task task, JsonObject state) {
        return failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0
                ? failure
                : completed(task, 1, List.of(), JsonObject.EMPTY);
    }

    @Test
    void startsATaskOnlyOnceItsBeginningIsCommittedAndManyWithOneCommit() {
        for (int i = 0; i < 5; i++) {
            worker.publish(send(UUID.randomUUID(), "order:" + i));
        }

        worker.turn().turn();
        assertThat(worker.startedCount()).isZero();
        worker.commit().turn();

        assertThat(worker.startedCount()).isEqualTo(5);
        settle();
        assertThat(worker.effects).hasSize(5).noneMatch(BegunEffect::mayHaveHappened);
        assertThat(worker.outputs()).hasSize(5);
    }

    @Test
    void aTaskThatWasNotCommittedAsBegunStartsAsNew() {
        worker.publish(send(run, "order:1")).commit().turn().crash();

        settle();

        assertThat(worker.effects).singleElement().matches(effect -> !effect.mayHaveHappened());
    }

    @Test
    void aTaskThatDiedBetweenItsBeginningAndItsExecutionMayHaveHappened() {
        worker.publish(send(run, "order:1")).turn().commit().turn().crash();

        settle();

        assertThat(worker.effects).singleElement().matches(BegunEffect::mayHaveHappened);
        assertThat(worker.lastProgress(run).getStatus()).isEqualTo(RunStatus.succeeded);
    }

    @Test
    void aTaskThatDiedAfterItsExecutionAndBeforeItsCommitMayHaveHappened() {
        worker.publish(send(run, "order:1"))
                .turn()
                .commit()
                .turn()
                .execute()
                .turn()
                .crash();
        assertThat(worker.outputs()).isEmpty();

        settle();

        assertThat(worker.effects).hasSize(2);
        assertThat(worker.effects.getLast().begunBy()).isEqualTo(run);
        assertThat(worker.outputs()).hasSize(1);
    }

    @Test
    void aTaskThatIsCommittedLeavesNoMark() {
        worker.publish(send(run, "order:1"));
        settle();
        int entries = worker.storedEntries();

        worker.crash();
        settle();

        assertThat(worker.effects).hasSize(1);
        assertThat(worker.storedEntries()).isEqualTo(entries);
    }

    @Test
    void aKeyThatHappenedIsNotExecutedAgainByAnotherTask() {
        worker.publish(send(run, "order:1"));
        settle();

        worker.publish(replay("order:1"));
        settle();

        assertThat(worker.effects.getLast().happened()).isTrue();
        assertThat(worker.effects.getFirst().happened()).isFalse();
    }

    @Test
    void ofTwoTasksWithAKeyTheSecondWaitsForTheEndOfTheFirst() {
        Task second = replay("order:1");
        worker.publish(send(run, "order:1")).publish(second).turn().commit().turn();
        assertThat(worker.startedCount()).isEqualTo(1);

        settleFor(Duration.ofSeconds(3));

        assertThat(worker.effects).hasSize(2);
        assertThat(worker.effects.getLast().happened()).isTrue();
        assertThat(worker.lastProgress(second.getRunId()).getStatus()).isEqualTo(RunStatus.succeeded);
    }

    @Test
    void anAttemptThatFailedMayHaveHappenedUnlessItSaysOtherwise() {
        failures.set(2);
        failure = new Outcome.Failed(Outcome.Kind.TRANSIENT_WITHOUT_EFFECT, "test.unsent", "Nothing was sent.");
        worker.publish(send(run, "order:1"));
        settleFor(Duration.ofSeconds(10));
        assertThat(worker.effects).hasSize(3).noneMatch(BegunEffect::mayHaveHappened);

        failures.set(2);
        failure = BROKEN;
        worker.publish(send(UUID.randomUUID(), "order:2"));
        settleFor(Duration.ofSeconds(10));

        assertThat(worker.effects.subList(3, 6).stream().map(BegunEffect::mayHaveHappened))
                .containsExactly(false, true, true);
    }

    @Test
    void theLastFailureIsDeadLetteredAsUncertainAndARedriveLearnsOfIt() {
        failures.set(3);
        worker.publish(send(run, "order:1"));
        settleFor(Duration.ofSeconds(20));
        assertThat(worker.deadLetters()).singleElement().matches(EffectMarksTest::isUncertain);

        worker.publish(replay("order:1"));
        settle();

        BegunEffect redriven = worker.effects.getLast();
        assertThat(redriven.begunBy()).isEqualTo(run);
        assertThat(redriven.isDecided()).isTrue();
        assertThat(worker.outputs()).hasSize(1);
    }

    @Test
    void aFailureForGoodIsWithoutEffect() {
        failures.set(1);
        failure = new Outcome.Failed(Outcome.Kind.PERMANENT, "test.badNumber", "No such number.");
        worker.publish(send(run, "order:1"));
        settle();
        assertThat(worker.deadLetters())
                .singleElement()
                .matches(letter -> letter.getErrorCode().equals("test.badNumber"));

        worker.publish(replay("order:1"));
        settle();

        assertThat(worker.effects.getLast().mayHaveHappened()).isFalse();
    }

    @Test
    void anExecutionThatOutlivesItsRunIsDeadLetteredAsUncertain() {
        worker.publish(send(run, "order:1")).turn().commit().turn().hang();

        worker.command(Command.cancel_run, account, run);
        settle();

        assertThat(worker.deadLetters()).singleElement().matches(EffectMarksTest::isUncertain);
        assertThat(worker.deadLetters().getFirst().getTask().getPayload()).contains("order:1");
        assertThat(worker.lastProgress(run).getStatus()).isEqualTo(RunStatus.cancelled);
        worker.comeBack();
    }

    @Test
    void anEffectThatHappenedAfterTheEndOfItsRunIsStored() {
        worker.publish(send(run, "order:1")).turn().commit().turn().execute();
        worker.command(Command.cancel_run, account, run);
        settle();

        assertThat(worker.outputs()).hasSize(1);
        assertThat(worker.deadLetters()).isEmpty();
        assertThat(worker.lastProgress(run).getOutputs() + worker.lateOutputs()).isEqualTo(1);
    }

    @Test
    void anEffectThatHappenedInTheTurnThatEndedItsRunIsCounted() {
        failures.set(1);
        failure = new Outcome.Failed(Outcome.Kind.UNAUTHORIZED, "test.expired", "The token expired.");
        worker.publish(send(run, "order:1"))
                .publish(Task.newBuilder(send(run, "order:2"))
                        .setTaskId(UUID.randomUUID())
                        .build())
                .turn()
                .commit()
                .turn()
                .execute();

        settle();

        assertThat(worker.outputs()).hasSize(1);
        assertThat(worker.lateOutputs()).isZero();
        assertThat(worker.lastProgress(run).getStatus()).isEqualTo(RunStatus.failed);
        assertThat(worker.lastProgress(run).getOutputs()).isEqualTo(1);
    }

    @Test
    void aTimeoutMayHaveHappened() {
        worker.publish(send(run, "order:1")).turn().commit().turn().hang();
        worker.pass(Limits.DEFAULT.taskTimeout().plusSeconds(1)).turn().commit();
        worker.comeBack();
        settleFor(Duration.ofSeconds(10));

        assertThat(worker.effects.getLast().mayHaveHappened()).isTrue();
        assertThat(worker.outputs()).hasSize(1);
    }

    @Test
    void aTaskThatCannotBeMarkedWaits() {
        worker.publish(send(run, "order:1"));
        worker.unanswered.set(1);
        settle();
        worker.pass(Duration.ofSeconds(1));
        settle();
        assertThat(worker.executed()).isEmpty();
        assertThat(worker.lastProgress(run).getThrottledReason()).isEqualTo("polling.effectUnmarked");

        settleFor(Duration.ofSeconds(3));

        assertThat(worker.executed()).hasSize(1);
        assertThat(worker.effects).singleElement().matches(effect -> !effect.mayHaveHappened());
        assertThat(worker.lastProgress(run).getStatus()).isEqualTo(RunStatus.succeeded);
    }

    @ParameterizedTest
    @EnumSource(
            value = Outcome.Kind.class,
            names = {"PERMANENT", "UNAUTHORIZED", "MISCONFIGURED", "TRANSIENT_WITHOUT_EFFECT"})
    void aFailureOfALaterAttemptDoesNotSayHowTheEarlierOneEnded(Outcome.Kind kind) {
        worker.publish(send(run, "order:1")).turn().commit().turn().crash();
        failures.set(3);
        failure = new Outcome.Failed(kind, "test.refused", "It was refused.");

        settleFor(Duration.ofSeconds(20));

        assertThat(worker.deadLetters()).singleElement().satisfies(letter -> {
            assertThat(letter.getErrorCode()).isEqualTo("effects.uncertain");
            assertThat(letter.getMessage()).contains("test.refused");
        });
        worker.publish(replay("order:1"));
        settle();
        assertThat(worker.effects.getLast().begunBy()).isEqualTo(run);
    }

    @Test
    void anUncertainEffectStillEndsItsRunAsItsFailureDoes() {
        worker.publish(send(run, "order:1")).turn().commit().turn().crash();
        failures.set(1);
        failure = new Outcome.Failed(Outcome.Kind.UNAUTHORIZED, "test.expired", "The token expired.");

        settle();

        assertThat(worker.lastProgress(run).getStatus()).isEqualTo(RunStatus.failed);
        assertThat(worker.lastProgress(run).getError())
                .isEqualTo(new RunError("test.expired", "The token expired.", "unauthorized"));
    }

    @Test
    void aLookUpThatFoundNothingSettlesTheEarlierAttempt() {
        worker.publish(send(run, "order:1")).turn().commit().turn().crash();
        failures.set(1);
        failure = new Outcome.Failed(Outcome.Kind.PERMANENT, "test.badNumber", "No such number.").afterLookUp();

        settle();
        assertThat(worker.deadLetters())
                .singleElement()
                .matches(letter -> letter.getErrorCode().equals("test.badNumber"));
        worker.publish(replay("order:1"));
        settle();

        assertThat(worker.effects.getLast().mayHaveHappened()).isFalse();
    }

    @Test
    void aStopInOrderTakesBackTheMarkOfATaskThatHasNotStarted() throws InterruptedException {
        worker.publish(send(run, "order:1")).turn().commit();

        worker.stopWhileExecuting();
        settle();

        assertThat(worker.effects).singleElement().matches(effect -> !effect.mayHaveHappened());
        assertThat(worker.outputs()).hasSize(1);
    }

    @Test
    void aStopInOrderLeavesTheMarkOfAnEarlierExecution() throws InterruptedException {
        worker.publish(send(run, "order:1")).turn().commit().turn().crash();
        worker.turn().commit();

        worker.stopWhileExecuting();
        settle();

        assertThat(worker.effects).singleElement().matches(effect -> run.equals(effect.begunBy()));
    }

    @Test
    void tasksThatAreNoActionsStartAtOnce() {
        worker.publish(HandCrankedWorker.initialTask(account, run)).commit().turn();

        assertThat(worker.startedCount()).isEqualTo(1);
    }

    /** A task with an effect needs a commit before it starts. */
    private void settle() {
        for (int i = 0; i < 5; i++) {
            worker.settle();
        }
    }

    private void settleFor(Duration time) {
        for (long i = 0; i < time.toSeconds(); i++) {
            settle();
            worker.pass(Duration.ofSeconds(1));
        }
        settle();
    }

    private static boolean isUncertain(DeadLetter letter) {
        return letter.getErrorCode().equals("effects.uncertain");
    }

    private Task send(UUID inRun, String key) {
        return task(account, inRun, inRun, null, "send", "{\"key\": \"" + key + "\", \"input\": {\"a\": 1}}");
    }

    private Task replay(String key) {
        return Task.newBuilder(send(UUID.randomUUID(), key))
                .setTrigger(Trigger.replay)
                .build();
    }
}
