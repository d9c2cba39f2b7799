package io.tributary.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** NeverFalselyGreen: a run without progress is flagged with its cause; a run in which tasks failed did not succeed. */
@AfterAStorm
class NeverFalselyGreenIT {

    private static final Duration LONG = Duration.ofMinutes(5);

    @Test
    void runsWithFailedTasksArePartial(Storm.Calm calm) {
        assertThat(calm.evidence().runs())
                .filteredOn(run -> run.failed() > 0)
                .isNotEmpty()
                .allSatisfy(run -> assertThat(run.status()).isEqualTo("partial"));
        assertThat(calm.evidence().runs())
                .filteredOn(run -> run.failed() == 0)
                .isNotEmpty()
                .allSatisfy(run -> assertThat(run.status()).isEqualTo("succeeded"));
    }

    /** Stopped processes keep their connections: only the missing progress shows that something is wrong. */
    @Test
    void runIsFlaggedWhileAllWorkersAreStoppedAndEndsOnceTheyGoOn(Storm.Calm calm) {
        Api api = calm.pipeline().api(new Random(1), false);
        String account = api.connect("versioned", "watched", Map.of(), Map.of());
        String first = api.sync(account, LONG);
        assertThat(api.run(first).hasNonNull("error")).isFalse();

        List<Runnable> stopped =
                List.of(calm.pipeline().pause("worker", 0), calm.pipeline().pause("worker", 1));
        String run;
        try {
            run = api.trigger(account);
            await("flag").atMost(LONG).until(() -> api.run(run).hasNonNull("error"));
            assertThat(api.run(run).get("status").asString()).isIn("queued", "running");
        } finally {
            stopped.forEach(Runnable::run);
        }
        api.awaitEnd(run, LONG);

        assertThat(api.run(run).get("status").asString()).isEqualTo("succeeded");
        assertThat(api.run(run).hasNonNull("error")).isFalse();
    }
}
