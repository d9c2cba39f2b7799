package io.tributary.sink.consume;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A consumer whose polls are bounded by records, by decoded bytes and by time. Kafka bounds the compressed bytes of a
 * response and the records of a poll; neither bounds memory, since a record of a few kilobytes may hold a megabyte.
 *
 * <p>A poll collects several small polls of the consumer: {@link #PART} records each, so that little is decompressed in
 * vain when the bytes are used up. The position then goes back to the first record that was left out.
 */
final class BoundedPolls implements InvocationHandler {

    /** Records that the consumer returns at a time. */
    static final int PART = 100;

    /** A poll collects no more after this time. */
    private static final Duration LONGEST = Duration.ofSeconds(1);

    private final Consumer<byte[], byte[]> consumer;
    private final ByteBudget budget;
    private final int records;

    /** Of a poll that had collected records before: they are returned first, since the position is behind them. */
    private @Nullable RuntimeException failure;

    private BoundedPolls(Consumer<byte[], byte[]> consumer, ByteBudget budget, int records) {
        this.consumer = consumer;
        this.budget = budget;
        this.records = records;
    }

    /**
     * @param consumer deserializes its values with the budget
     * @param records most records of a poll
     */
    @SuppressWarnings("unchecked")
    static Consumer<byte[], byte[]> of(Consumer<byte[], byte[]> consumer, ByteBudget budget, int records) {
        return (Consumer<byte[], byte[]>) Proxy.newProxyInstance(
                BoundedPolls.class.getClassLoader(),
                new Class<?>[] {Consumer.class},
                new BoundedPolls(consumer, budget, records));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        if (method.getName().equals("poll") && arguments != null && arguments[0] instanceof Duration timeout) {
            return poll(timeout);
        }
        try {
            return method.invoke(consumer, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        if (failure != null) {
            RuntimeException thrown = failure;
            failure = null;
            throw thrown;
        }
        budget.renew();
        var collected = new Collected();
        ConsumerRecords<byte[], byte[]> part = consumer.poll(timeout);
        long end = System.nanoTime() + LONGEST.toNanos();
        while (!part.isEmpty()) {
            collected.add(part);
            if (budget.isExhausted() || collected.count + PART > records || System.nanoTime() >= end) {
                break;
            }
            try {
                part = consumer.poll(Duration.ZERO);
            } catch (RuntimeException e) {
                failure = e;
                break;
            }
        }
        return collected.result(consumer.assignment());
    }

    private final class Collected {

        private final Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records = new HashMap<>();
        private final Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
        private final Map<TopicPartition, Long> leftOut = new HashMap<>();
        private int count;

        void add(ConsumerRecords<byte[], byte[]> part) {
            next.putAll(part.nextOffsets());
            for (TopicPartition partition : part.partitions()) {
                for (var record : part.records(partition)) {
                    if (record.value() == ByteBudget.BEYOND) {
                        leftOut.putIfAbsent(partition, record.offset());
                    } else {
                        records.computeIfAbsent(partition, it -> new ArrayList<>())
                                .add(record);
                        count++;
                    }
                }
            }
        }

        /** Without the partitions that were revoked meanwhile: their new owner reads these records. */
        ConsumerRecords<byte[], byte[]> result(Set<TopicPartition> assigned) {
            records.keySet().retainAll(assigned);
            next.keySet().retainAll(assigned);
            leftOut.forEach((partition, offset) -> {
                if (assigned.contains(partition)) {
                    consumer.seek(partition, offset);
                    next.put(partition, new OffsetAndMetadata(offset));
                }
            });
            return new ConsumerRecords<>(records, next);
        }
    }
}
