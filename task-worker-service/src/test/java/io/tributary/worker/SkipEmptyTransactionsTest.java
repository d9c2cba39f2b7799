package io.tributary.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tributary.worker.engine.NextTurns;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class SkipEmptyTransactionsTest {

    private static final TopicPartition PARTITION = new TopicPartition("sync.tasks", 0);

    @SuppressWarnings("removal") // groups of Kafka Streams have no other
    private static final ConsumerGroupMetadata GROUP = new ConsumerGroupMetadata("worker");

    private final MockProducer<byte[], byte[]> kafka =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final NextTurns turns = new NextTurns(() -> 0);
    private final SkipEmptyTransactions producer =
            new SkipEmptyTransactions(kafka, () -> {}, new TransactionTimers(meters), turns);

    SkipEmptyTransactionsTest() {
        producer.initTransactions();
    }

    private void commit(long offset, int records) {
        producer.beginTransaction();
        for (int i = 0; i < records; i++) {
            producer.send(new ProducerRecord<>("sync.output", new byte[] {1}));
        }
        producer.sendOffsetsToTransaction(Map.of(PARTITION, new OffsetAndMetadata(offset)), GROUP);
        producer.commitTransaction();
    }

    @Test
    void commitsNothingWhenNothingWasSentAndNoOffsetMoved() {
        commit(5, 1);
        for (int i = 0; i < 10; i++) {
            commit(5, 0);
        }

        assertThat(kafka.commitCount()).isOne();
    }

    @Test
    void commitsAnOffsetThatMovedWithoutARecord() {
        commit(5, 1);
        commit(6, 0);

        assertThat(kafka.commitCount()).isEqualTo(2);
        assertThat(kafka.consumerGroupOffsetsHistory().getLast().get("worker"))
                .containsEntry(PARTITION, new OffsetAndMetadata(6));
    }

    @Test
    void commitsRecordsWithTheOffsetThatDidNotMove() {
        commit(5, 0);
        commit(5, 2);

        assertThat(kafka.commitCount()).isEqualTo(2);
        assertThat(kafka.history()).hasSize(2);
    }

    @Test
    void commitsAgainWhatWasAborted() {
        producer.beginTransaction();
        producer.sendOffsetsToTransaction(Map.of(PARTITION, new OffsetAndMetadata(5)), GROUP);
        producer.abortTransaction();

        commit(5, 0);

        assertThat(kafka.commitCount()).isOne();
        assertThat(kafka.transactionAborted()).isFalse();
    }

    @Test
    void letsItsThreadWaitForRecordsOnlyWhileNoTransactionIsOpen() {
        var busy = Duration.ofMillis(5);
        turns.after(10_000, "an idle engine");

        producer.beginTransaction();
        assertThat(turns.patience(busy)).isEqualTo(NextTurns.LONGEST_WAIT);
        producer.send(new ProducerRecord<>("sync.output", new byte[] {1}));
        assertThat(turns.patience(busy)).isEqualTo(busy);
        producer.commitTransaction();
        assertThat(turns.patience(busy)).isEqualTo(NextTurns.LONGEST_WAIT);

        producer.beginTransaction();
        producer.send(new ProducerRecord<>("sync.output", new byte[] {1}));
        producer.abortTransaction();
        assertThat(turns.patience(busy)).isEqualTo(NextTurns.LONGEST_WAIT);
    }

    @Test
    void abortsNothingWhenNothingHappened() {
        producer.beginTransaction();
        producer.abortTransaction();

        assertThat(kafka.transactionAborted()).isFalse();
        assertThat(kafka.transactionInFlight()).isFalse();
    }
}
