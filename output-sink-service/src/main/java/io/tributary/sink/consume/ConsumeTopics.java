package io.tributary.sink.consume;

import io.tributary.sink.consume.Outage.Waiting;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop of one consumer thread: poll, apply the records of each partition, commit what was applied.
 *
 * <p>Offsets are committed after the records are durable, so after a crash or a rebalance records come again, and are
 * found applied. In an outage the thread gives its records back, pauses its partitions and goes on polling, which keeps
 * it in the group however long the outage lasts.
 */
public final class ConsumeTopics implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(ConsumeTopics.class);

    /** Longest wait for records, and so for noticing that the loop is to end. */
    private static final Duration PATIENCE = Duration.ofMillis(250);

    private static final Duration COMMIT_PATIENCE = Duration.ofSeconds(5);

    private final Supplier<Consumer<byte[], byte[]>> connect;
    private final Map<String, ApplyRecords> topics;
    private final Outage outage;
    private final CountDownLatch ending = new CountDownLatch(1);
    /** Whether offsets of records that were applied could not be committed. The loop's thread only. */
    private boolean uncommitted;

    /**
     * @param connect opens a consumer that reads committed records and commits nothing by itself
     * @param topics what to read, and what to do with it
     * @param outage of this thread alone
     */
    public ConsumeTopics(Supplier<Consumer<byte[], byte[]>> connect, Map<String, ApplyRecords> topics, Outage outage) {
        this.connect = connect;
        this.topics = Map.copyOf(topics);
        this.outage = outage;
    }

    /** Consumes until {@link #end} or an interrupt. A consumer that fails is replaced by a new one. */
    @Override
    public void run() {
        while (!isEnding()) {
            try (var consumer = connect.get()) {
                uncommitted = false; // those of a consumer before: its records come again
                consumer.subscribe(topics.keySet());
                while (!isEnding()) {
                    turn(consumer);
                }
            } catch (InterruptException e) {
                Thread.currentThread().interrupt(); // somebody wants this thread to end
            } catch (RuntimeException e) {
                outage.begin("kafka");
                log.error(
                        "sink.consumerFailed: starting a new consumer waitMillis={}",
                        outage.remaining().toMillis(),
                        e);
                rest();
            }
        }
    }

    /** What this consumer waits for, if anything. */
    Optional<Waiting> waiting() {
        return outage.waiting();
    }

    /** Asks the loop to end after the records at hand. */
    public void end() {
        ending.countDown();
    }

    private void turn(Consumer<byte[], byte[]> consumer) {
        boolean waiting = outage.isWaiting();
        if (!waiting) {
            consumer.resume(consumer.paused());
        }
        var polled = consumer.poll(waiting ? shorter(outage.remaining(), PATIENCE) : PATIENCE);
        // Partitions that were assigned while waiting are not paused yet.
        Set<TopicPartition> unapplied = waiting ? polled.partitions() : applied(consumer, polled);
        if (!unapplied.isEmpty()) {
            giveBack(consumer, polled, unapplied);
        }
        if (uncommitted || unapplied.size() < polled.partitions().size()) {
            uncommitted = !commit(consumer);
        }
    }

    /** Applies partition by partition; returns those that have to come again. */
    private Set<TopicPartition> applied(Consumer<byte[], byte[]> consumer, ConsumerRecords<byte[], byte[]> polled) {
        Set<TopicPartition> unapplied = new LinkedHashSet<>(polled.partitions());
        try {
            if (polled.isEmpty()) {
                Heartbeat.require(consumer); // a broker that is away looks like a topic without news
            }
            for (TopicPartition partition : polled.partitions()) {
                applicationOf(partition).apply(polled.records(partition));
                unapplied.remove(partition);
            }
            outage.end();
        } catch (Unavailable e) {
            outage.begin(e.what());
            log.warn(
                    "sink.waiting: keeping the records until it is back waitsFor={} waitMillis={} cause={}",
                    e.what(),
                    outage.remaining().toMillis(),
                    e.getMessage());
        }
        return unapplied;
    }

    private ApplyRecords applicationOf(TopicPartition partition) {
        return Objects.requireNonNull(topics.get(partition.topic()), "only these topics are subscribed to");
    }

    private static void giveBack(
            Consumer<byte[], byte[]> consumer, ConsumerRecords<byte[], byte[]> polled, Set<TopicPartition> unapplied) {
        for (TopicPartition partition : unapplied) {
            consumer.seek(partition, polled.records(partition).getFirst().offset());
        }
        consumer.pause(consumer.assignment());
    }

    /** Returns whether the offsets are committed; if not, the next turn tries again, also when nothing more comes. */
    private static boolean commit(Consumer<byte[], byte[]> consumer) {
        try {
            consumer.commitSync(COMMIT_PATIENCE);
            return true;
        } catch (CommitFailedException | RebalanceInProgressException | RetriableException e) {
            // Partitions on the move, or a broker that is away. At worst the records come again, here or elsewhere, and
            // are found applied.
            log.info("sink.offsetsNotCommitted: records may be read again cause={}", e.toString());
            return false;
        }
    }

    private void rest() {
        try {
            boolean ended = ending.await(outage.remaining().toMillis(), TimeUnit.MILLISECONDS);
            log.debug("rested ended={}", ended);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isEnding() {
        return ending.getCount() == 0 || Thread.currentThread().isInterrupted();
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
