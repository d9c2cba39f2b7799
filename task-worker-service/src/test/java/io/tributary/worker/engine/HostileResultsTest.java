package io.tributary.worker.engine;

import static io.tributary.worker.engine.HandCrankedWorker.completed;
import static io.tributary.worker.engine.HandCrankedWorker.followUps;
import static io.tributary.worker.engine.HandCrankedWorker.initialTask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.integrations.api.JsonObject;
import io.tributary.schemas.RunStatus;
import java.util.AbstractList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;

/** Results that are large, or that the worker cannot settle, delay and stop nobody else. */
class HostileResultsTest {

    private static final int MEGABYTE = 1024 * 1024;

    private final UUID account = UUID.randomUUID();
    private final UUID run = UUID.randomUUID();

    private static Outcome.Completed withOutputs(List<byte[]> outputs) {
        return new Outcome.Completed(outputs, List.of(), JsonObject.EMPTY, List.of(), null, Outcome.Listed.NONE);
    }

    @Test
    void endsATurnAfterSoManyBytes() {
        var large = Collections.nCopies(40, new byte[MEGABYTE]);
        var worker = new HandCrankedWorker((task, state) -> task.getType().equals("list")
                ? completed(task, 0, followUps(task, "download", 4), JsonObject.EMPTY)
                : withOutputs(large));
        worker.publish(initialTask(account, run)).turn().execute().turn().execute();
        assertThat(worker.waitingBytes()).isGreaterThan(160L * MEGABYTE);

        for (int left = 3; left >= 0; left--) {
            worker.turn();
            assertThat(worker.waitingBytes() / (40L * MEGABYTE))
                    .as("results left")
                    .isEqualTo(left);
        }
    }

    @Test
    void endsATurnThatTakesLong() {
        TurnBudget budget = TurnBudget.DEFAULT.shared(1);

        assertThat(budget.allowsMore(1, 0, 900_000_000L)).isTrue();
        assertThat(budget.allowsMore(1, 0, 1_000_000_000L)).isFalse();
        assertThat(TurnBudget.DEFAULT.shared(20).allowsMore(1, 0, 100_000_000L))
                .as("twenty partitions on one thread")
                .isFalse();
    }

    @Test
    void deadLettersATaskWhoseResultStopsTheThreadTwice() {
        var worker = new HandCrankedWorker((task, state) -> task.getType().equals("list")
                ? completed(task, 1, followUps(task, "download", 1), JsonObject.EMPTY)
                : withOutputs(new Unsettleable(new IllegalStateException("a bug"))));
        worker.publish(initialTask(account, run)).turn().execute().turn().commit();

        for (int i = 0; i < FatalResults.MOST; i++) {
            worker.execute();
            assertThatThrownBy(worker::turn).hasMessage("a bug");
            worker.crash().turn();
        }
        worker.settle();

        assertThat(worker.deadLetters())
                .singleElement()
                .satisfies(letter -> assertThat(letter.getErrorCode()).isEqualTo("polling.resultStopsWorker"));
        assertThat(worker.lastProgress(run).getStatus()).isEqualTo(RunStatus.partial);
    }

    @Test
    void blamesNoTaskForTheBroker() {
        var away = new StreamsException("cannot send", new TimeoutException("the broker is away"));
        var outages = new AtomicInteger(5);
        var worker = new HandCrankedWorker((task, state) ->
                outages.getAndDecrement() > 0 ? withOutputs(new Unsettleable(away)) : withOutputs(List.of()));
        worker.publish(initialTask(account, run)).turn().commit();

        for (int i = 0; i < 5; i++) {
            worker.execute();
            assertThatThrownBy(worker::turn).isSameAs(away);
            worker.crash().turn();
        }
        worker.settle();

        assertThat(worker.deadLetters()).isEmpty();
        assertThat(worker.lastProgress(run).getStatus()).isEqualTo(RunStatus.succeeded);
    }

    /** Outputs that can be weighed, and then fail. */
    private static final class Unsettleable extends AbstractList<byte[]> {
        private final RuntimeException failure;
        private boolean weighed;

        private Unsettleable(RuntimeException failure) {
            this.failure = failure;
        }

        @Override
        public Iterator<byte[]> iterator() {
            if (weighed) {
                throw failure;
            }
            weighed = true;
            return Collections.emptyIterator();
        }

        @Override
        public byte[] get(int index) {
            return new byte[0];
        }

        @Override
        public int size() {
            return 1;
        }
    }
}
