package io.tributary.scheduler.kafka;

import io.tributary.scheduler.Drain;
import io.tributary.scheduler.kafka.Publication.Published;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Publishes the rows of an {@link OrderedOutbox}. One replica at a time does it, since two batches could overtake each
 * other. A row that the broker did not take waits for the next call, with all later ones. A crash between the topic and
 * the mark publishes some rows again.
 */
@Component
public record PublishOutbox(JdbcClient jdbc, TransactionOperations transaction, PublishRecords publish) {

    /** Rows that one transaction publishes. */
    static final int BATCH = 500;

    private static final Logger log = LoggerFactory.getLogger(PublishOutbox.class);

    /** Publishes until nothing waits, or another replica publishes. A failure is logged; the next call goes on. */
    public <R> void run(OrderedOutbox<R> outbox) {
        Drain.run(
                BATCH,
                () -> Objects.requireNonNull(transaction.execute(_ -> publishBatch(outbox))),
                log,
                outbox.failureCode());
    }

    private <R> int publishBatch(OrderedOutbox<R> outbox) {
        boolean ours = jdbc.sql("select pg_try_advisory_xact_lock(:lock)")
                .param("lock", outbox.lock())
                .query(Boolean.class)
                .single();
        List<R> waiting = ours ? outbox.next(BATCH) : List.of();
        if (waiting.isEmpty()) {
            return 0;
        }
        List<R> published = waiting.subList(0, publish(outbox, waiting));
        if (!published.isEmpty()) {
            outbox.published(published);
        }
        return published.size();
    }

    /** Returns how many rows, from the first on, are on the topic. */
    private <R> int publish(OrderedOutbox<R> outbox, List<R> rows) {
        var publications = publish.publishInOrder(outbox.topic(), rows, outbox::userIntegrationId, outbox::message);
        for (int i = 0; i < publications.size(); i++) {
            if (!(publications.get(i) instanceof Published)) {
                log.warn(
                        "scheduler.outboxWaits: not published, it is tried again code={} result={}",
                        outbox.failureCode(),
                        publications.get(i));
                return i;
            }
        }
        return rows.size();
    }
}
