package io.tributary.sink.consume;

import io.tributary.sink.outage.Outages;
import io.tributary.sink.outage.WorkLoop;
import java.time.Duration;
import java.util.Collection;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.stream.DoubleStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.event.ConsumerStoppedEvent;
import org.springframework.kafka.event.ListenerContainerPartitionIdleEvent;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;

/**
 * The sink's consumers, each on its own thread. They start as soon as Kafka is available, restart if they end, and
 * finish their current records before the application ends.
 */
public final class Consumers implements WorkLoop.Step {

    private static final Duration STOP = Duration.ofSeconds(19);
    private static final Duration COMMIT_PATIENCE = Duration.ofSeconds(5);
    private static final Duration AUTHORIZATION_PAUSE = Duration.ofSeconds(5);
    private static final Duration IDLE = Duration.ofSeconds(2);
    /** A consumer that reads nothing for so long from a partition that has records does not come to itself. */
    static final Duration STALLED = Duration.ofMinutes(2);

    /** Records, and a stop, end it at once. */
    private static final int POLL_MILLIS = 1_000;

    private static final Logger log = LoggerFactory.getLogger(Consumers.class);

    private static final String HEARTBEAT_METRIC = "last-heartbeat-seconds-ago";

    private final ConcurrentMessageListenerContainer<byte[], byte[]> container;
    private final Runnable createTopics;
    private final Outages outages;
    /** Whether the consumers stop to be replaced. */
    private volatile boolean stopping;

    /**
     * @param createTopics creates missing topics
     * @param whenBroken called when a thread dies of an error: the process has to be replaced
     */
    public Consumers(
            ConcurrentMessageListenerContainer<byte[], byte[]> container,
            Runnable createTopics,
            Outages outages,
            Runnable whenBroken) {
        this.container = container;
        this.createTopics = createTopics;
        this.outages = outages;
        container.setApplicationEventPublisher(event -> {
            if (event instanceof ConsumerStoppedEvent stopped
                    && stopped.getReason() == ConsumerStoppedEvent.Reason.ERROR) {
                whenBroken.run();
            } else if (event instanceof ListenerContainerPartitionIdleEvent idle) {
                idle(idle.getTopicPartition(), Duration.ofMillis(idle.getIdleTime()), idle.getConsumer());
            }
        });
    }

    /**
     * A consumer has read nothing from a partition for a while. It is replaced when records are there, or when it still
     * does not know where to read: the consumers of Kafka have been seen in this state after a pause of their process
     * in an outage, while they were healthy members of their group.
     */
    void idle(TopicPartition partition, Duration since, Consumer<?, ?> consumer) {
        if (container.getContainerProperties().getMessageListener() instanceof ConsumeTopics listener) {
            listener.metrics().idle(partition, consumer);
        }
        if (since.compareTo(STALLED) < 0) {
            return;
        }
        OptionalLong lag = consumer.currentLag(partition);
        if (lag.orElse(1) > 0 && !stopping) {
            log.error(
                    "sink.consumerStalled: a consumer reads nothing of a partition, the consumers are replaced topic={}"
                            + " partition={} seconds={} lag={}",
                    partition.topic(),
                    partition.partition(),
                    since.toSeconds(),
                    lag.isPresent() ? lag.getAsLong() : "unknown");
            stopping = true;
            container.stop(() -> stopping = false);
        }
    }

    public static ConcurrentMessageListenerContainer<byte[], byte[]> container(
            ConsumerFactory<byte[], byte[]> factory, Collection<String> topics, int threads, ConsumeTopics listener) {
        var properties = new ContainerProperties(topics.toArray(String[]::new));
        properties.setMessageListener(listener);
        properties.setConsumerRebalanceListener(listener.rebalanceListener());
        properties.setPollTimeout(POLL_MILLIS);
        properties.setSyncCommitTimeout(COMMIT_PATIENCE);
        properties.setShutdownTimeout(STOP.toMillis());
        properties.setAuthExceptionRetryInterval(AUTHORIZATION_PAUSE);
        properties.setIdlePartitionEventInterval(IDLE.toMillis());
        var container = new ConcurrentMessageListenerContainer<>(factory, properties);
        container.setBeanName("sink");
        container.setConcurrency(threads);
        container.setCommonErrorHandler(new TryAgainLater());
        return container;
    }

    @Override
    public boolean take(BooleanSupplier ending) {
        if (!container.isRunning() && !stopping) {
            try {
                createTopics.run();
                container.start();
                outages.over();
            } catch (KafkaException e) {
                outages.failed("kafka");
                throw e;
            }
        }
        return false;
    }

    @Override
    public void end() {
        container.stop();
    }

    boolean isRunning() {
        return container.isRunning();
    }

    /** Longest time since a heartbeat of the group's broker; zero before a consumer has joined its group. */
    Duration sinceHeartbeat() {
        double seconds = container.metrics().values().stream()
                .flatMap(metrics -> metrics.entrySet().stream())
                .filter(metric -> metric.getKey().name().equals(HEARTBEAT_METRIC))
                .flatMapToDouble(metric -> metric.getValue().metricValue() instanceof Number number
                        ? DoubleStream.of(number.doubleValue())
                        : DoubleStream.empty())
                .max()
                .orElse(0);
        return Duration.ofSeconds(Math.max(0, (long) seconds));
    }
}
