package io.tributary.scheduler.runs;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.runs.RunProof.RowCounts;
import io.tributary.scheduler.runs.RunProof.Sums;
import io.tributary.schemas.RunSums;
import org.junit.jupiter.api.Test;

class RunProofTest {

    @Test
    void isBalancedWhenEveryTaskEndedAndEveryOutputWasSaved() {
        var proof = RunProof.of(
                new Sums("partial", true, new RunSums(10, 9, 2, 40, 40), 0, new RowCounts(30, 6, 4, 0)), 36);

        assertThat(proof.balanced()).isTrue();
        assertThat(proof.missing()).isEmpty();
        assertThat(proof.rows()).isEqualTo(40);
    }

    @Test
    void isNotBalancedBeforeTheRunIsOver() {
        var proof = RunProof.of(
                new Sums("running", false, new RunSums(10, 4, 0, 40, 30), 0, new RowCounts(30, 0, 0, 0)), 30);

        assertThat(proof.balanced()).isFalse();
        assertThat(proof.missing())
                .containsExactly(
                        "The run is not over: it is running.",
                        "7 of 11 tasks neither completed nor failed yet.",
                        "10 of 40 outputs are not saved yet.");
    }

    @Test
    void isNotBalancedWhileTheLastProgressIsStillToCome() {
        var proof =
                RunProof.of(new Sums("running", false, new RunSums(1, 2, 0, 5, 5), 0, new RowCounts(5, 0, 0, 0)), 5);

        assertThat(proof.balanced()).isFalse();
    }

    @Test
    void tellsWhatACancelledRunDropped() {
        var proof =
                RunProof.of(new Sums("cancelled", true, new RunSums(10, 4, 1, 4, 4), 0, new RowCounts(4, 0, 0, 0)), 4);

        assertThat(proof.balanced()).isFalse();
        assertThat(proof.missing())
                .containsExactly(
                        "6 of 11 tasks neither completed nor failed: they were dropped when the run was cancelled.");
    }

    @Test
    void tellsLostOutputs() {
        var proof =
                RunProof.of(new Sums("succeeded", true, new RunSums(0, 1, 0, 5, 4), 0, new RowCounts(4, 0, 0, 0)), 4);

        assertThat(proof.missing()).containsExactly("1 of 5 outputs are not saved: see the dead letters.");
    }

    @Test
    void tellsHowManyOutputsWereSetAsideApartFromThoseThatAreMissing() {
        var proof = RunProof.of(new Sums("partial", true, new RunSums(0, 1, 0, 5, 2), 2, new RowCounts(2, 0, 0, 3)), 2);

        assertThat(proof.balanced()).isFalse();
        assertThat(proof.outputsSetAside()).isEqualTo(2);
        assertThat(proof.rowCounts().rowsDeleted()).isEqualTo(3);
        assertThat(proof.missing())
                .containsExactly(
                        "2 of 5 outputs were dead-lettered: see the dead letters.",
                        "1 of 5 outputs are not saved: see the dead letters.");
    }

    @Test
    void tellsWhatWasCountedTwice() {
        assertThat(RunProof.of(new Sums("succeeded", true, new RunSums(0, 2, 0, 5, 6), 0, new RowCounts(6, 0, 0, 0)), 6)
                        .missing())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).contains("counted twice"));
    }
}
