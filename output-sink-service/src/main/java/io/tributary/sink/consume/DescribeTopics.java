package io.tributary.sink.consume;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/** Asks the broker about topics, over one connection that opens at the first question. Thread safe. */
public final class DescribeTopics implements AutoCloseable {

    private final Supplier<Admin> connect;
    private @Nullable Admin admin;

    public DescribeTopics(Supplier<Admin> connect) {
        this.connect = connect;
    }

    /**
     * @param id differs from that of an earlier topic of the same name
     * @param partitions 1 and up
     */
    public record Description(String id, int partitions) {}

    /** @throws KafkaException Kafka cannot be reached, or there is no such topic: try again */
    public Description of(String topic) {
        try {
            var found = admin().describeTopics(List.of(topic))
                    .topicNameValues()
                    .values()
                    .iterator()
                    .next()
                    .get();
            return new Description(
                    found.topicId().toString(), found.partitions().size());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw new KafkaException("cannot describe the topic " + topic, e.getCause());
        }
    }

    private synchronized Admin admin() {
        if (admin == null) {
            admin = connect.get();
        }
        return admin;
    }

    @Override
    public synchronized void close() {
        if (admin != null) {
            admin.close();
        }
    }
}
