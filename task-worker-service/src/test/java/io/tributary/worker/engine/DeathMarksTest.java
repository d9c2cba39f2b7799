package io.tributary.worker.engine;

import static io.tributary.worker.engine.HandCrankedWorker.initialTask;
import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.schemas.RunStatus;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A task that kills its worker, where no journal outlives the process. */
class DeathMarksTest {

    private final UUID account = UUID.randomUUID();
    private final UUID run = UUID.randomUUID();
    private final UUID deadly = UUID.randomUUID();
    private final AtomicBoolean dying = new AtomicBoolean();
    private final HandCrankedWorker worker = new HandCrankedWorker((task, state) -> {
                dying.compareAndSet(false, task.getRunId().equals(deadly));
                return TaskEngineTest.listThenDownload(task, state);
            })
            .countCommits();

    @Test
    void deadLettersATaskThatKillsEachProcessThoughTheirJournalsAreLost() {
        worker.publish(initialTask(account, deadly));

        int deaths = liveOn("worker-0");

        assertThat(worker.deadLetters())
                .singleElement()
                .satisfies(letter -> assertThat(letter.getErrorCode()).isEqualTo("polling.taskKilledWorker"));
        assertThat(worker.lastProgress(deadly).getStatus()).isEqualTo(RunStatus.failed);
        assertThat(deaths).isEqualTo(DeathMarks.SUSPICIOUS - 1 + ExecutionJournal.DEATHS_AT_MOST);
    }

    @Test
    void deadLettersItAlsoWhenThePartitionMovesAtEachDeath() {
        worker.publish(initialTask(account, deadly));

        int deaths = liveOn("worker-1", "worker-2", "worker-0");

        assertThat(worker.deadLetters()).hasSize(1);
        assertThat(deaths).isLessThan(20);
    }

    @Test
    void keepsNeighboursOfTheDeadlyTask() {
        List<UUID> runs = IntStream.range(0, 5).mapToObj(_ -> UUID.randomUUID()).toList();
        worker.publish(initialTask(account, deadly));
        runs.forEach(each -> worker.publish(initialTask(UUID.randomUUID(), each)));

        liveOn("worker-0");

        assertThat(worker.deadLetters())
                .singleElement()
                .satisfies(letter -> assertThat(letter.getTask().getRunId()).isEqualTo(deadly));
        assertThat(runs)
                .allSatisfy(each ->
                        assertThat(worker.lastProgress(each).getStatus()).isEqualTo(RunStatus.succeeded));
    }

    /**
     * Lets the deadly task kill each process in which it executes, before anything of the turn is settled.
     *
     * @param successors who takes the partition after each death, in turn
     * @return number of deaths
     */
    private int liveOn(String... successors) {
        worker.turn().commit();
        int deaths = 0;
        for (int turns = 0; turns < 400; turns++) {
            worker.turn().commit().turn().execute();
            if (dying.compareAndSet(true, false)) {
                worker.dieWithoutATrace(successors[deaths % successors.length]);
                deaths++;
            } else {
                worker.turn().commit();
            }
            worker.pass(Duration.ofMillis(250));
        }
        return deaths;
    }

    @Test
    void startsATaskOfARestlessPartitionOnlyOnceItsMarkIsCommitted() {
        worker.publish(initialTask(account, run)).turn().commit();
        moveAway(DeathMarks.SUSPICIOUS);

        worker.turn();
        assertThat(worker.startedCount()).isZero();
        worker.turn();
        assertThat(worker.startedCount()).isZero();

        worker.commit().turn();
        assertThat(worker.startedCount()).isEqualTo(1);
    }

    @Test
    void blamesNoTaskWhenThePartitionMovesBetweenWorkersThatLive() {
        worker.publish(initialTask(account, run)).turn().commit();
        moveAway(DeathMarks.SUSPICIOUS);
        for (int moves = 0; moves < 10; moves++) {
            worker.turn().commit().turn().commit().turn();
            assertThat(worker.startedCount()).isEqualTo(1);
            worker.hang().crash().commit(); // a stream thread that is replaced, or a partition that comes back
        }
        worker.turn();
        settle();

        assertThat(worker.deadLetters()).isEmpty();
        assertThat(worker.lastProgress(run).getStatus()).isEqualTo(RunStatus.succeeded);
    }

    @Test
    void blamesNoTaskForAStopInOrder() throws InterruptedException {
        worker.publish(initialTask(account, run)).turn().commit();
        moveAway(DeathMarks.SUSPICIOUS);
        for (int stops = 0; stops < 10; stops++) {
            worker.turn().commit().turn().commit().turn();
            worker.stopWhileExecuting().commit();
        }
        settle();

        assertThat(worker.deadLetters()).isEmpty();
        assertThat(worker.lastProgress(run).getStatus()).isEqualTo(RunStatus.succeeded);
    }

    @Test
    void marksNoTaskOnceThePartitionIsCalm() {
        worker.publish(initialTask(account, run)).turn().commit();
        moveAway(DeathMarks.SUSPICIOUS);
        worker.turn().commit();

        worker.pass(DeathMarks.CALM).turn().commit();
        worker.publish(initialTask(UUID.randomUUID(), UUID.randomUUID())).turn();

        assertThat(worker.startedCount()).as("without a commit between").isPositive();
    }

    private void moveAway(int times) {
        for (int i = 0; i < times; i++) {
            worker.commit().crash();
        }
        worker.commit();
    }

    private void settle() {
        for (int turns = 0; turns < 200; turns++) {
            worker.turn().commit().turn().execute().pass(Duration.ofMillis(250));
        }
        worker.turn().commit();
    }
}
