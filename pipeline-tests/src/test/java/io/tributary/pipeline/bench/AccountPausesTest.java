package io.tributary.pipeline.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.schemas.Output;
import io.tributary.schemas.OutputKind;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AccountPausesTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final AccountPauses pauses = new AccountPauses();
    private final UUID account = UUID.randomUUID();
    private final long now = System.nanoTime();

    @Test
    void findsTheLongestPauseOfAnAccount() {
        pauses.read(output(UUID.randomUUID()), now - 9 * SECOND);
        pauses.read(output(UUID.randomUUID()), now - 4 * SECOND);
        pauses.read(output(UUID.randomUUID()), now);

        assertThat(pauses.longestMillis()).containsExactly(5_000.0);
    }

    @Test
    void countsAPauseThatBeganBeforeAndGoesOn() {
        pauses.read(output(UUID.randomUUID()), now - 7 * SECOND);
        pauses.begin();

        assertThat(pauses.longestMillis())
                .singleElement()
                .satisfies(pause -> assertThat(pause).isGreaterThanOrEqualTo(7_000));
    }

    @Test
    void tellsTasksThatWereCompletedTwice() {
        UUID task = UUID.randomUUID();
        pauses.read(output(task), now);
        pauses.read(output(UUID.randomUUID()), now);
        pauses.read(output(task), now);

        assertThat(pauses.doubled()).isEqualTo(1);
    }

    private Output output(UUID task) {
        return Output.newBuilder()
                .setRunId(account)
                .setTaskId(task)
                .setIndex(0)
                .setUserIntegrationId(account)
                .setDomain("bench")
                .setKind(OutputKind.content)
                .setMetadata("{}")
                .build();
    }
}
