package io.tributary.scheduler.events;

import io.tributary.scheduler.SqlTime;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Empties the outbox of events in their order: to the topic, and to whoever wants to deliver them, then marks them. One
 * replica at a time does, or two batches could overtake each other. A crash in between publishes some again, with the
 * same ids.
 */
public final class PublishEvents {

    /** Events that one transaction publishes. */
    static final int BATCH = 500;

    /** How long published events stay. */
    static final Duration KEPT = Duration.ofDays(7);

    /** Number of the lock that one replica has, of all applications on the database: any one of our own. */
    private static final long LOCK = 7_241_905_511L;

    private static final String WAITING = """
        select id, sequence, type, user_integration_id, user_id, integration_domain, run_id, code,
               details::text as details, at
        from event_outbox where published_at is null order by sequence limit :batch
        """;

    private static final Logger log = LoggerFactory.getLogger(PublishEvents.class);

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final Producer<String, SpecificRecord> producer;
    private final String topic;
    private final Deliveries deliveries;
    private final Clock clock;

    /** @param deliveries are told the published events, in the transaction that marks them */
    public PublishEvents(
            JdbcClient jdbc,
            TransactionOperations transaction,
            Producer<String, SpecificRecord> producer,
            String topic,
            Deliveries deliveries,
            Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.producer = producer;
        this.topic = topic;
        this.deliveries = deliveries;
        this.clock = clock;
    }

    /** Publishes until nothing waits. A failure is logged; what was not published waits for the next call. */
    public void run() {
        try {
            int published;
            do {
                published = Objects.requireNonNull(transaction.execute(_ -> publishBatch()));
            } while (published == BATCH && !Thread.currentThread().isInterrupted());
        } catch (DataAccessException | TransactionException | KafkaException e) {
            log.warn("publishing events ended early, the next one goes on code=events.publishFailed", e);
        }
    }

    /** Removes published events that are old, on a timer. */
    public void tidyUp() {
        try {
            jdbc.sql("""
                    delete from event_outbox where id in (
                      select id from event_outbox where published_at < :before limit 10000)
                    """)
                    .param("before", SqlTime.of(clock.instant().minus(KEPT)))
                    .update();
        } catch (DataAccessException e) {
            log.warn("old events are not removed now code=events.tidyUpFailed", e);
        }
    }

    private int publishBatch() {
        boolean ours = jdbc.sql("select pg_try_advisory_xact_lock(:lock)")
                .param("lock", LOCK)
                .query(Boolean.class)
                .single();
        if (!ours) {
            return 0;
        }
        List<Event> waiting = jdbc.sql(WAITING)
                .param("batch", BATCH)
                .query((row, _) -> event(row))
                .list();
        if (waiting.isEmpty()) {
            return 0;
        }
        List<Event> published = waiting.subList(0, send(waiting));
        if (!published.isEmpty()) {
            deliveries.queue(published);
            jdbc.sql("update event_outbox set published_at = :now where id = any (:ids::uuid[])")
                    .param("now", SqlTime.of(clock.instant()))
                    .param(
                            "ids",
                            published.stream()
                                    .map(event -> event.id().toString())
                                    .toArray(String[]::new))
                    .update();
        }
        return published.size();
    }

    /** Returns how many of them, from the first on, are on the topic. */
    private int send(List<Event> events) {
        var sent = new ArrayList<Future<RecordMetadata>>();
        try {
            for (Event event : events) {
                sent.add(producer.send(
                        new ProducerRecord<>(topic, event.userIntegrationId().toString(), event.message())));
            }
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            log.warn("events not published, they are tried again code=events.publishFailed", e);
        }
        producer.flush();
        int arrived = 0;
        for (Future<RecordMetadata> sending : sent) {
            if (!arrived(sending)) {
                break;
            }
            arrived++;
        }
        return arrived;
    }

    private static boolean arrived(Future<RecordMetadata> sending) {
        try {
            sending.get(); // flush() waited already: this does not block
            return true;
        } catch (ExecutionException e) {
            log.warn("event not published, it is tried again code=events.publishFailed", e.getCause());
            return false;
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private static Event event(ResultSet row) throws SQLException {
        return new Event(
                row.getObject("id", UUID.class),
                row.getLong("sequence"),
                row.getString("type"),
                row.getObject("user_integration_id", UUID.class),
                row.getString("user_id"),
                row.getString("integration_domain"),
                row.getObject("run_id", UUID.class),
                row.getString("code"),
                row.getString("details"),
                SqlTime.read(row, "at"));
    }
}
