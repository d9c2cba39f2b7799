package io.tributary.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RunSumsTest {

    @Test
    void countsTheInitialTask() {
        assertThat(RunSums.BEGUN.tasks()).isEqualTo(1);
        assertThat(RunSums.BEGUN.pending()).isEqualTo(1);
        assertThat(RunSums.BEGUN.balanced()).isFalse();
    }

    @Test
    void isBalancedWhenEveryTaskEndedAndEveryOutputIsSaved() {
        var sums = RunSums.BEGUN.taskCompleted(2, 3).taskCompleted(0, 1).tasksFailed(1);
        assertThat(sums.pending()).isZero();
        assertThat(sums.unsaved()).isEqualTo(4);
        assertThat(sums.balanced()).isFalse();
        assertThat(new RunSums(2, 2, 1, 4, 4).balanced()).isTrue();
    }

    @Test
    void saysWhatIsMissing() {
        var sums = new RunSums(9, 6, 1, 20, 15);
        assertThat(sums.pending()).isEqualTo(3);
        assertThat(sums.unsaved()).isEqualTo(5);
    }

    @Test
    void isNegativeWhereSomethingWasCountedTwice() {
        var sums = new RunSums(0, 2, 0, 1, 2);
        assertThat(sums.pending()).isEqualTo(-1);
        assertThat(sums.unsaved()).isEqualTo(-1);
        assertThat(sums.balanced()).isFalse();
    }

    @Test
    void joiningTasksArePending() {
        assertThat(RunSums.BEGUN.taskCompleted(0, 0).joined().pending()).isEqualTo(1);
    }
}
