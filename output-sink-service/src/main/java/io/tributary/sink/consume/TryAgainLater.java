package io.tributary.sink.consume;

import io.tributary.sink.outage.WorkLoop;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.KafkaException.Level;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.kafka.listener.ListenerUtils;
import org.springframework.kafka.listener.MessageListenerContainer;

/**
 * Has failed records polled again, with a growing pause, without a limit and for every exception. A bad record never
 * gets here: the application of its topic dead-letters it.
 */
final class TryAgainLater extends DefaultErrorHandler {

    private static final Logger log = LoggerFactory.getLogger(TryAgainLater.class);

    /** Pause between two attempts of a consumer that cannot poll or commit. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    TryAgainLater() {
        super(
                (record, e) -> {
                    throw new IllegalStateException("no record is passed over", e);
                },
                WorkLoop.backOff());
        setClassifications(Map.of(), true);
        setLogLevel(Level.DEBUG); // the listener has logged it
    }

    /**
     * Handles a consumer that cannot poll or commit. Records whose offsets were not committed are polled again, and
     * applying them again changes nothing.
     */
    @Override
    public void handleOtherException(
            Exception e, Consumer<?, ?> consumer, MessageListenerContainer container, boolean batchListener) {
        log.error("sink.consumerFailed: cannot poll or commit, trying again", e);
        try {
            ListenerUtils.stoppableSleep(container, PAUSE.toMillis());
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
    }
}
