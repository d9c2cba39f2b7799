package io.tributary.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExecutionJournalTest {

    @TempDir
    private Path folder;

    private final UUID task = UUID.randomUUID();
    private final UUID neighbour = UUID.randomUUID();

    @Test
    void countsTheDeathsAtWhichATaskWasExecuting() throws IOException {
        for (int deaths = 0; deaths < 4; deaths++) {
            var journal = open();
            assertThat(journal.deathsOf(task)).isEqualTo(deaths);
            journal.begin(task);
            int slot = journal.begin(neighbour);
            journal.end(neighbour, slot);
        }
        assertThat(open().deathsOf(neighbour)).isZero();
    }

    @Test
    void forgetsATaskThatCameToAnEnd() throws IOException {
        open().begin(task);
        var journal = open();

        journal.end(task, journal.begin(task));

        assertThat(journal.deathsOf(task)).isZero();
        assertThat(open().deathsOf(task)).isZero();
    }

    @Test
    void executesAllSuspectsAloneOnceOneOfThemWasExecutingAtTwoDeaths() throws IOException {
        open().begin(task);
        var journal = open();
        assertThat(journal.isExecutedAlone(journal.deathsOf(task))).isFalse();
        journal.begin(task);
        journal.begin(neighbour);

        journal = open();

        assertThat(journal.isExecutedAlone(journal.deathsOf(task))).isTrue();
        assertThat(journal.isExecutedAlone(journal.deathsOf(neighbour)))
                .as("it may be the one that kills")
                .isTrue();
        assertThat(journal.isExecutedAlone(journal.deathsOf(UUID.randomUUID()))).isFalse();

        journal.end(task, journal.begin(task));

        assertThat(journal.isExecutedAlone(journal.deathsOf(neighbour))).isFalse();
    }

    @Test
    void blamesNoTaskForAStopInOrder() throws IOException {
        open().begin(neighbour);
        var journal = open();
        journal.begin(task);
        journal.begin(neighbour);

        journal.stop();

        assertThat(open().deathsOf(task)).isZero();
        assertThat(open().deathsOf(neighbour))
                .as("the death before still counts")
                .isEqualTo(1);
    }

    @Test
    void blamesOthersWhenATaskThatWasGivenUpStillExecutes() throws IOException {
        open().begin(task);
        var journal = open();
        int slot = journal.begin(task);
        int another = journal.begin(neighbour);

        journal.giveUp(slot, Thread.currentThread());
        journal.giveUp(another, Thread.currentThread());

        assertThat(open().deathsOf(task)).as("the death before still counts").isEqualTo(1);
        assertThat(open().deathsOf(neighbour)).isZero();
    }

    @Test
    void leavesASlotThatIsAnothersByNow() throws IOException {
        var journal = open();
        int slot = journal.begin(task);
        journal.giveUp(slot, Thread.currentThread());

        journal.giveUp(journal.begin(neighbour), new Thread());

        assertThat(open().deathsOf(neighbour)).isEqualTo(1);
    }

    @Test
    void goesOnWithoutNotesWhenAllSlotsAreTaken() throws IOException {
        var journal = open();
        for (int i = 0; i < 16_384; i++) {
            assertThat(journal.begin(new UUID(1, i))).isNotNegative();
        }

        int slot = journal.begin(task);
        journal.end(task, slot);

        assertThat(slot).isEqualTo(-1);
        assertThat(open().deathsOf(new UUID(1, 16_383))).isEqualTo(1);
    }

    private ExecutionJournal open() throws IOException {
        return ExecutionJournal.open(folder.resolve("executing"));
    }

    @Test
    void knowsAFolderThatMayNotOutliveTheProcess() {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));

        assertThat(ExecutionJournal.isTemporary(temporary.resolve("tributary-state/executing")))
                .isTrue();
        assertThat(ExecutionJournal.isTemporary(temporary.resolve("../var/lib/tributary/executing")))
                .isFalse();
    }
}
