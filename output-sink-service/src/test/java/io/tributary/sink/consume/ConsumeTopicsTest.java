package io.tributary.sink.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tributary.sink.outage.Outages;
import io.tributary.sink.outage.Outages.Outage;
import io.tributary.sink.outage.Unavailable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;

/** The listener container as the sink sets it up, on Kafka's own fake consumer. */
@Timeout(60) // seconds: a container that goes wrong polls for ever
class ConsumeTopicsTest {

    private static final TopicPartition ONE = new TopicPartition("output", 1);
    private static final TopicPartition TWO = new TopicPartition("output", 2);

    private final Outages outages = new Outages(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
    private final FakeConsumer kafka = new FakeConsumer();
    private final List<String> applied = new CopyOnWriteArrayList<>();

    /** The outage at each attempt to apply records. */
    private final List<Optional<Outage>> attempts = new CopyOnWriteArrayList<>();

    /** Thrown instead of applying, the next times. */
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final AtomicInteger broken = new AtomicInteger();

    private final Consumers consumers = new Consumers(
            Consumers.container(
                    new FakeFactory(),
                    List.of("output"),
                    1,
                    new ConsumeTopics(
                            Map.of("output", this::apply),
                            PlaceRecords.AS_THEY_ARE,
                            new TopicMetrics(List.of("output"), meters, Clock.systemUTC()),
                            new SinkProgress(System::nanoTime),
                            outages)),
            () -> {},
            outages,
            broken::incrementAndGet);

    private final class FakeFactory extends DefaultKafkaConsumerFactory<byte[], byte[]> {

        FakeFactory() {
            super(Map.of("group.id", "sink", "enable.auto.commit", false));
        }

        @Override
        protected Consumer<byte[], byte[]> createRawConsumer(Map<String, Object> settings) {
            return kafka;
        }
    }

    @AfterEach
    void stop() {
        consumers.end();
    }

    @Test
    void replacesAConsumerThatReadsNothingThoughThereAreRecords() {
        start(ONE, TWO);
        await().until(() -> kafka.assignment().contains(TWO));
        kafka.updateEndOffsets(Map.of(ONE, kafka.position(ONE), TWO, kafka.position(TWO) + 1));

        consumers.idle(ONE, Consumers.STALLED, kafka);
        consumers.idle(TWO, Consumers.STALLED.minusMillis(1), kafka);
        assertThat(consumers.isRunning()).isTrue();

        consumers.idle(TWO, Consumers.STALLED, kafka);
        await().until(kafka::closed);
        assertThat(consumers.isRunning()).isFalse();
    }

    @Test
    void appliesRecordsByPartitionAndCommitsThem() {
        start(ONE, TWO);
        kafka.schedulePollTask(() -> {
            kafka.send(ONE, "a", "b");
            kafka.send(TWO, "c");
        });

        awaitCommitted(ONE, 2);
        awaitCommitted(TWO, 1);
        assertThat(applied).containsExactlyInAnyOrder("ab", "c");
    }

    @Test
    void hasNoLagOnceNothingButAMarkerWasLeft() {
        start(ONE);
        kafka.schedulePollTask(() -> {
            kafka.send(ONE, "a");
            kafka.updateEndOffsets(Map.of(ONE, 2L));
        });
        awaitCommitted(ONE, 1);
        assertThat(lag()).isOne();

        kafka.schedulePollTask(() -> kafka.updateEndOffsets(Map.of(ONE, 1L)));

        await().atMost(Duration.ofMinutes(1)).until(() -> lag() == 0);
    }

    private double lag() {
        return meters.get("tributary.sink.lag.records").gauge().value();
    }

    @Test
    void pollsRecordsAgainUntilTheOutageIsOver() {
        failures.addAll(List.of(gone(), gone()));
        start(ONE);
        kafka.schedulePollTask(() -> kafka.send(ONE, "a", "b"));

        awaitCommitted(ONE, 2);
        assertThat(applied).containsExactly("ab");
        assertThat(attempts)
                .extracting(outage -> outage.map(Outage::attempts).orElse(0))
                .containsExactly(0, 1, 2);
        assertThat(outages.longest()).isEmpty();
    }

    @Test
    void pollsRecordsAgainAfterABugForNoRecordMayBePassedOver() {
        failures.addAll(List.of(new IllegalStateException("a bug"), new ClassCastException("another")));
        start(ONE);
        kafka.schedulePollTask(() -> kafka.send(ONE, "a"));

        awaitCommitted(ONE, 1);
        assertThat(applied).containsExactly("a");
    }

    @Test
    void commitsTheRecordsThatWereAppliedBeforeTheOutage() {
        failures.addAll(List.of(new Applied(), gone(), new Applied(), gone()));
        start(ONE, TWO);
        kafka.schedulePollTask(() -> {
            kafka.send(ONE, "a");
            kafka.send(TWO, "b");
        });

        await().atMost(Duration.ofMinutes(1)).until(() -> kafka.committed(ONE) + kafka.committed(TWO) == 1);
        awaitCommitted(ONE, 1);
        awaitCommitted(TWO, 1);
        assertThat(applied).containsExactlyInAnyOrder("a", "b");
    }

    static Stream<KafkaException> passingFailuresOfCommits() {
        return Stream.of(
                new CommitFailedException(), new RebalanceInProgressException(), new TimeoutException("broker away"));
    }

    @ParameterizedTest
    @MethodSource("passingFailuresOfCommits")
    void goesOnWhenOffsetsCannotBeCommitted(KafkaException failure) {
        start(ONE);
        kafka.schedulePollTask(() -> {
            kafka.failCommits(failure);
            kafka.send(ONE, "a");
        });
        await().atMost(Duration.ofMinutes(1)).until(() -> kafka.failedCommits() > 0);
        kafka.schedulePollTask(() -> {
            kafka.failCommits(null);
            kafka.send(ONE, "b");
        });

        awaitCommitted(ONE, 2);
        assertThat(applied).as("maybe some again").containsOnly("a", "b").endsWith("b");
    }

    @Test
    void commitsAfterARebalanceThatWasInItsWayAlthoughNothingMoreComes() {
        start(ONE);
        kafka.schedulePollTask(() -> {
            kafka.failCommits(new RebalanceInProgressException());
            kafka.send(ONE, "a");
        });
        await().atMost(Duration.ofMinutes(1)).until(() -> kafka.failedCommits() > 0);
        kafka.failCommits(null);
        kafka.schedulePollTask(() -> kafka.rebalance(List.of(ONE)));

        awaitCommitted(ONE, 1);
        assertThat(applied).containsExactly("a");
    }

    @Test
    void goesOnAfterAPollThatFailed() {
        start(ONE);
        kafka.schedulePollTask(() -> kafka.setPollException(new KafkaException("broken")));
        kafka.schedulePollTask(() -> kafka.send(ONE, "a"));

        awaitCommitted(ONE, 1);
        assertThat(applied).containsExactly("a");
    }

    @Test
    void reportsThatAnErrorEndedAConsumer() {
        failures.add(new StackOverflowError("on purpose"));
        start(ONE);
        kafka.schedulePollTask(() -> kafka.send(ONE, "a"));

        await().atMost(Duration.ofMinutes(1)).until(() -> broken.get() == 1);
        assertThat(applied).isEmpty();
    }

    private void start(TopicPartition... partitions) {
        consumers.take(() -> false);
        kafka.schedulePollTask(() -> kafka.assign(partitions));
    }

    private void awaitCommitted(TopicPartition partition, long offset) {
        await().atMost(Duration.ofSeconds(30)).until(() -> kafka.committed(partition) == offset);
    }

    /** Stands for a success among failures. */
    private static final class Applied extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private void apply(List<ConsumerRecord<byte[], byte[]>> records) {
        attempts.add(outages.longest());
        switch (failures.poll()) {
            case Error e -> throw e;
            case Applied e -> applied.add(text(records));
            case RuntimeException e -> throw e;
            case Throwable e -> throw new AssertionError(e);
            case null -> applied.add(text(records));
        }
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
