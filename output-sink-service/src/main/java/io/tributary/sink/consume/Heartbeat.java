package io.tributary.sink.consume;

import java.time.Duration;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.errors.TimeoutException;

/** Whether the broker that leads the consumer's group was heard of lately. */
final class Heartbeat {

    /** Heartbeats go out every few seconds; after this long without one the broker is away. */
    private static final Duration OVERDUE = Duration.ofSeconds(10);

    private static final String METRIC = "last-heartbeat-seconds-ago";

    private Heartbeat() {}

    /** @throws Unavailable it was not; a consumer that has not joined its group yet passes */
    static void require(Consumer<?, ?> consumer) {
        consumer.metrics().forEach((name, metric) -> {
            if (name.name().equals(METRIC)
                    && metric.metricValue() instanceof Number seconds
                    && seconds.doubleValue() > OVERDUE.toSeconds()) {
                throw new Unavailable(
                        "kafka", "no heartbeat for " + seconds + " s", new TimeoutException("no heartbeat"));
            }
        });
    }
}
