package io.tributary.worker.engine;

import static io.tributary.worker.engine.HandCrankedWorker.completed;
import static io.tributary.worker.engine.HandCrankedWorker.initialTask;
import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Limits;
import io.tributary.schemas.RunStatus;
import java.io.IOError;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.ServiceConfigurationError;
import java.util.UUID;
import org.apache.kafka.common.errors.AuthenticationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What an execution throws, whatever it is, ends the attempt at once, and no thread counts as stuck after it. */
class ForeignErrorsTest {

    private static final int CONCURRENCY = 2;

    private final UUID account = UUID.randomUUID();

    static List<Throwable> thrown() {
        return List.of(
                new AssertionError("canary"),
                new ServiceConfigurationError("canary"),
                new IOError(new IOException("canary")),
                new IllegalStateException("canary"),
                new Error("canary"));
    }

    @ParameterizedTest
    @MethodSource("thrown")
    void endsTheAttemptAtOnceAndLeavesTheSlotsOfItsAccount(Throwable thrown) {
        var fails = new boolean[] {true};
        var worker = new HandCrankedWorker(
                Limits.DEFAULT.withConcurrency(CONCURRENCY).withAttempts(1, Duration.ZERO),
                new Random(1),
                (task, state) -> {
                    if (fails[0]) {
                        throw HandCrankedWorker.sneaky(thrown);
                    }
                    return completed(task, 1, List.of(), JsonObject.EMPTY);
                });

        for (int i = 0; i < 3 * CONCURRENCY; i++) {
            UUID run = UUID.randomUUID();
            worker.publish(initialTask(account, run)).settle();
            assertThat(worker.lastProgress(run).getError().getCode()).isEqualTo("polling.taskExecutionFailed");
        }
        fails[0] = false;
        UUID run = UUID.randomUUID();
        worker.publish(initialTask(account, run)).settle();

        assertThat(worker.lastProgress(run).getStatus()).isEqualTo(RunStatus.succeeded);
        assertThat(worker.deadLetters())
                .hasSize(3 * CONCURRENCY)
                .allSatisfy(letter -> assertThat(letter.toString())
                        .contains(thrown.getClass().getName())
                        .doesNotContain("canary"));
    }

    @Test
    void doesNotBlameTheTaskWhenTheRegistryRefusesTheWorker() {
        var refuses = new boolean[] {true};
        var worker = new HandCrankedWorker((task, state) -> {
            if (refuses[0]) {
                throw new AuthenticationException("the schema registry answered 401");
            }
            return completed(task, 1, List.of(), JsonObject.EMPTY);
        });
        UUID run = UUID.randomUUID();

        worker.publish(initialTask(account, run)).settle();
        worker.pass(Duration.ofSeconds(1)).settle();
        assertThat(worker.lastProgress(run).getThrottledReason()).isEqualTo("polling.registryUnavailable");
        refuses[0] = false;
        worker.settleFor(Duration.ofSeconds(5));

        assertThat(worker.lastProgress(run).getStatus()).isEqualTo(RunStatus.succeeded);
        assertThat(worker.deadLetters()).isEmpty();
    }
}
