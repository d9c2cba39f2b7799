package io.tributary.sink.replay;

import io.tributary.sink.consume.ReadMessage;
import io.tributary.sink.consume.Unavailable;
import io.tributary.sink.consume.Unreadable;
import io.tributary.sink.postgres.Isolate;
import io.tributary.sink.postgres.Refused;
import io.tributary.sink.replay.Positions.Span;
import io.tributary.sink.replay.Reapply.Read;
import io.tributary.sink.replay.ReplayTable.Advance;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a topic again from where a replay begins, or was left, to where the topic ended when it began. Its consumer
 * belongs to no group: the positions are the replay's own, and move in the transactions that write what was read.
 *
 * @param <T> the messages it is about
 */
public final class RunReplay<T extends SpecificRecord> {

    private static final Logger log = LoggerFactory.getLogger(RunReplay.class);

    private static final Duration PATIENCE = Duration.ofMillis(250);

    private final Supplier<Consumer<byte[], byte[]>> connect;
    private final ReadMessage readMessage;
    private final ReplayTable table;
    private final Reapply<T> reapply;

    /** @param connect opens a consumer that reads committed records, is in no group and commits nothing */
    public RunReplay(
            Supplier<Consumer<byte[], byte[]>> connect,
            ReadMessage readMessage,
            ReplayTable table,
            Reapply<T> reapply) {
        this.connect = connect;
        this.readMessage = readMessage;
        this.table = table;
        this.reapply = reapply;
    }

    /**
     * Returns when the replay is over, or not this sink's any more.
     *
     * @param ending whether to leave it to another sink, or a later start; asked after each batch
     * @throws io.tributary.sink.consume.Unavailable Postgres or the schema registry is away: claim it again later
     * @throws org.apache.kafka.common.KafkaException the same of Kafka
     */
    void run(Replay replay, BooleanSupplier ending) {
        table.openTarget(replay);
        try (var consumer = connect.get()) {
            var known = table.positions(replay);
            Positions positions = known.isPresent() ? known.get() : plan(consumer, replay);
            boolean held = known.isPresent() || table.begin(replay, positions, reapply::begin);
            var passage = new Passage(replay, consumer, positions);
            passage.assign();
            while (held && !positions.areDone() && !ending.getAsBoolean()) {
                held = passage.turn();
            }
            if (held && positions.areDone()) {
                table.succeed(replay);
                log.info("replay ended replayId={} topic={}", replay.id(), reapply.topic());
            } else if (held) {
                table.release(replay);
            }
        }
    }

    private Positions plan(Consumer<byte[], byte[]> consumer, Replay replay) {
        List<TopicPartition> partitions = consumer.partitionsFor(reapply.topic()).stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Map<TopicPartition, Long> starts = starts(consumer, replay, partitions, ends);
        Map<Integer, Span> spans = new HashMap<>();
        ends.forEach((partition, end) -> {
            long start = Math.min(starts.getOrDefault(partition, end), end);
            spans.put(partition.partition(), new Span(start, end));
        });
        return new Positions(spans);
    }

    private static Map<TopicPartition, Long> starts(
            Consumer<byte[], byte[]> consumer,
            Replay replay,
            List<TopicPartition> partitions,
            Map<TopicPartition, Long> ends) {
        Map<TopicPartition, Long> starts = new HashMap<>(consumer.beginningOffsets(partitions));
        if (replay.fromTime() != null) {
            long from = replay.fromTime().toEpochMilli();
            consumer.offsetsForTimes(partitions.stream().collect(Collectors.toMap(p -> p, p -> from)))
                    .forEach((partition, found) ->
                            starts.put(partition, found == null ? ends.getOrDefault(partition, 0L) : found.offset()));
        } else if (replay.fromOffset() != null) {
            long from = replay.fromOffset();
            starts.replaceAll((partition, start) -> Math.max(start, from));
        }
        return starts;
    }

    /** One replay, on one consumer. */
    private final class Passage {

        private final Replay replay;
        private final Consumer<byte[], byte[]> consumer;
        private final Positions positions;
        private final byte @Nullable [] key;

        private Passage(Replay replay, Consumer<byte[], byte[]> consumer, Positions positions) {
            this.replay = replay;
            this.consumer = consumer;
            this.positions = positions;
            this.key = keyOf(replay.userIntegrationId());
        }

        void assign() {
            List<TopicPartition> open = positions.partitions().stream()
                    .filter(partition -> !positions.of(partition).isDone())
                    .map(partition -> new TopicPartition(reapply.topic(), partition))
                    .toList();
            consumer.assign(open);
            open.forEach(partition ->
                    consumer.seek(partition, positions.of(partition.partition()).next()));
        }

        /** Returns false where the replay is not this sink's any more. */
        boolean turn() {
            ConsumerRecords<byte[], byte[]> polled = consumer.poll(PATIENCE);
            boolean held = !polled.isEmpty() || table.renew(replay);
            for (TopicPartition partition : consumer.assignment()) {
                long end = positions.of(partition.partition()).end();
                held = held && replayed(partition, polled.records(partition)) && caughtUp(partition, end);
            }
            leaveDone();
            return held;
        }

        private boolean replayed(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records) {
            var held = new boolean[] {true};
            Isolate.refused(
                    concerned(partition, records),
                    batch -> held[0] = held[0] && applied(partition, batch),
                    (read, refusal) -> held[0] = held[0] && passedOver(partition, read, refusal));
            return held[0];
        }

        private boolean applied(TopicPartition partition, List<Read<T>> batch) {
            Span before = positions.of(partition.partition());
            long next = batch.getLast().source().offset() + 1;
            var after = new Span[] {before};
            boolean held = table.advance(replay, partition.partition(), () -> {
                Tally tally = reapply.apply(replay, batch);
                after[0] = new Span(next, reach(partition, before, tally));
                return new Advance(after[0], tally);
            });
            positions.set(partition.partition(), after[0]);
            return held;
        }

        /**
         * Live sinks may have applied later outputs of the same runs already, which do not outrank earlier ones of their
         * own run: so the replay reads up to there, and they have the last word again.
         */
        private long reach(TopicPartition partition, Span before, Tally tally) {
            if (tally.reach() <= before.end()) {
                return before.end();
            }
            try {
                long last = consumer.endOffsets(Set.of(partition)).getOrDefault(partition, before.end());
                return Math.max(before.end(), Math.min(tally.reach(), last));
            } catch (KafkaException e) {
                throw new Unavailable("kafka", String.valueOf(e.getMessage()), e); // says nothing about the records
            }
        }

        private boolean passedOver(TopicPartition partition, Read<T> read, Refused refusal) {
            log.warn(
                    "sink.replayRefused: passed over a record that cannot be applied sqlState={} replayId={} topic={}"
                            + " partition={} offset={}",
                    refusal.sqlState(),
                    replay.id(),
                    partition.topic(),
                    partition.partition(),
                    read.source().offset());
            var after = new Span(
                    read.source().offset() + 1,
                    positions.of(partition.partition()).end());
            positions.set(partition.partition(), after);
            return table.advance(replay, partition.partition(), () -> new Advance(after, Tally.REFUSED));
        }

        /** Notes the position behind records that were of no concern, and behind the marks of transactions. */
        private boolean caughtUp(TopicPartition partition, long plannedEnd) {
            Span before = positions.of(partition.partition());
            if (before.end() > plannedEnd) {
                consumer.seek(partition, before.next()); // what was polled beyond the planned end was not looked at
                return true;
            }
            long read = Math.min(consumer.position(partition), before.end());
            if (read <= before.next()) {
                return true;
            }
            var after = new Span(read, before.end());
            positions.set(partition.partition(), after);
            return table.advance(replay, partition.partition(), () -> new Advance(after, Tally.NONE));
        }

        private void leaveDone() {
            Set<TopicPartition> done = consumer.assignment().stream()
                    .filter(partition -> positions.of(partition.partition()).isDone())
                    .collect(Collectors.toSet());
            consumer.pause(done);
        }

        /** What cannot be read was set aside in its time, and is passed over. */
        private List<Read<T>> concerned(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records) {
            List<Read<T>> concerned = new ArrayList<>(records.size());
            long end = positions.of(partition.partition()).end();
            for (var source : records) {
                if (source.offset() < end && (key == null || Arrays.equals(key, source.key()))) {
                    try {
                        reapply.of(replay, readMessage.of(source))
                                .ifPresent(message -> concerned.add(new Read<>(source, message)));
                    } catch (Unreadable e) {
                        log.debug("passed over an unreadable record offset={}", source.offset(), e);
                    }
                }
            }
            return concerned;
        }
    }

    private static byte @Nullable [] keyOf(@Nullable UUID userIntegrationId) {
        return userIntegrationId == null
                ? null
                : Objects.toString(userIntegrationId).getBytes(StandardCharsets.UTF_8);
    }
}
