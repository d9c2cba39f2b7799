package io.tributary.sink.consume;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The loop runs on the test's thread: what happens before each of its polls is scheduled, and after the last it ends. */
@Timeout(30) // seconds: a loop that goes wrong may not end
class ConsumeTopicsTest {

    private static final TopicPartition ONE = new TopicPartition("output", 1);
    private static final TopicPartition TWO = new TopicPartition("output", 2);

    private final SettableClock clock = new SettableClock();
    private final Outage outage = new Outage(clock, new Random(1));
    private final FakeConsumer kafka = new FakeConsumer();
    private final List<String> applied = new ArrayList<>();

    /** What is thrown instead of applying, the next times. */
    private final Deque<RuntimeException> failures = new ArrayDeque<>();

    @Test
    void appliesRecordsByPartitionAndCommitsThem() {
        run(() -> kafka.assign(ONE, TWO), () -> {
            kafka.send(ONE, "a", "b");
            kafka.send(TWO, "c");
        });

        assertThat(applied).containsExactlyInAnyOrder("ab", "c");
        assertThat(kafka.committed(ONE)).isEqualTo(2);
        assertThat(kafka.committed(TWO)).isEqualTo(1);
    }

    @Test
    void keepsItsRecordsInAnOutageAndPollsOn() {
        failures.add(gone());
        run(
                () -> kafka.assign(ONE),
                () -> kafka.send(ONE, "a", "b"),
                () -> {
                    assertThat(applied).isEmpty();
                    assertThat(kafka.paused()).containsExactly(ONE);
                    assertThat(outage.waiting()).isPresent();
                },
                () -> clock.forward(Duration.ofSeconds(1)),
                () -> {});

        assertThat(applied).containsExactly("ab");
        assertThat(kafka.committed(ONE)).isEqualTo(2);
        assertThat(outage.waiting()).isEmpty();
    }

    @Test
    void commitsWhatWasAppliedBeforeTheOutage() {
        var loop = new ConsumeTopics(
                () -> kafka,
                Map.of("output", records -> {
                    if (!applied.isEmpty()) {
                        throw gone();
                    }
                    applied.add(text(records));
                }),
                outage);
        run(loop, () -> kafka.assign(ONE, TWO), () -> {
            kafka.send(ONE, "a");
            kafka.send(TWO, "b");
        });

        TopicPartition first = applied.getFirst().equals("a") ? ONE : TWO;
        assertThat(kafka.committed(first)).isEqualTo(1);
        assertThat(kafka.committed(first.equals(ONE) ? TWO : ONE)).isZero();
    }

    @Test
    void givesBackRecordsOfPartitionsThatCameDuringAnOutage() {
        outage.begin("postgres");
        run(
                () -> kafka.assign(ONE),
                () -> kafka.send(ONE, "a"),
                () -> assertThat(applied).isEmpty(),
                () -> clock.forward(Duration.ofSeconds(1)),
                () -> {});

        assertThat(applied).containsExactly("a");
    }

    static Stream<KafkaException> passingFailuresOfCommits() {
        return Stream.of(
                new CommitFailedException(), new RebalanceInProgressException(), new TimeoutException("broker away"));
    }

    @ParameterizedTest
    @MethodSource("passingFailuresOfCommits")
    void goesOnWithItsConsumerWhenOffsetsCannotBeCommitted(KafkaException failure) {
        Deque<Consumer<byte[], byte[]>> onlyOne = new ArrayDeque<>(List.of(kafka));
        run(
                loop(onlyOne::remove),
                () -> kafka.assign(ONE),
                () -> {
                    kafka.failCommits(failure);
                    kafka.send(ONE, "a");
                },
                () -> {
                    kafka.failCommits(null);
                    kafka.send(ONE, "b");
                });

        assertThat(applied).containsExactly("a", "b");
        assertThat(kafka.committed(ONE)).isEqualTo(2);
    }

    @Test
    void commitsInTheEndWhatItCouldNotCommitAlthoughNothingMoreComes() {
        run(
                () -> kafka.assign(ONE),
                () -> {
                    kafka.failCommits(new RebalanceInProgressException());
                    kafka.send(ONE, "a");
                },
                () -> kafka.failCommits(null),
                () -> {});

        assertThat(applied).containsExactly("a");
        assertThat(kafka.committed(ONE)).isEqualTo(1);
    }

    @Test
    void replacesAConsumerThatFailed() {
        var broken = new FakeConsumer();
        broken.setPollException(new KafkaException("broken"));
        Deque<Consumer<byte[], byte[]>> consumers = new ArrayDeque<>(List.of(broken, kafka));

        run(
                loop(consumers::remove),
                () -> kafka.assign(ONE),
                () -> clock.forward(Duration.ofSeconds(1)),
                () -> kafka.send(ONE, "a"));

        assertThat(broken.closed()).isTrue();
        assertThat(applied).containsExactly("a");
    }

    @Test
    void endsOnAnInterrupt() {
        Thread.currentThread().interrupt();

        loop(() -> kafka).run();

        assertThat(Thread.interrupted()).isTrue();
    }

    private void run(Runnable... beforePolls) {
        run(loop(() -> kafka), beforePolls);
    }

    private void run(ConsumeTopics loop, Runnable... beforePolls) {
        for (Runnable beforePoll : beforePolls) {
            kafka.schedulePollTask(beforePoll);
        }
        kafka.schedulePollTask(loop::end);
        loop.run();
    }

    private ConsumeTopics loop(Supplier<Consumer<byte[], byte[]>> consumers) {
        return new ConsumeTopics(consumers, Map.of("output", this::apply), outage);
    }

    private void apply(List<ConsumerRecord<byte[], byte[]>> records) {
        if (!failures.isEmpty()) {
            throw failures.remove();
        }
        applied.add(text(records));
    }

    private static Unavailable gone() {
        return new Unavailable("postgres", "gone", new RuntimeException());
    }

    private static String text(List<ConsumerRecord<byte[], byte[]>> records) {
        var text = new StringBuilder();
        records.forEach(record -> text.append((char) record.value()[0]));
        return text.toString();
    }
}
