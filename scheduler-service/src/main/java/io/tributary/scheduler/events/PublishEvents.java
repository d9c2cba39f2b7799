package io.tributary.scheduler.events;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.kafka.OrderedOutbox;
import io.tributary.scheduler.kafka.PublishOutbox;
import io.tributary.schemas.Topics;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Publishes events in their order to the topic and to each {@link EventReceiver}. An event that is published twice
 * keeps its id.
 *
 * @param receivers get the published events in the transaction that marks them
 */
@Component
public record PublishEvents(
        JdbcClient jdbc, PublishOutbox publish, Topics topics, List<EventReceiver> receivers, Clock clock)
        implements OrderedOutbox<Event> {

    /** Publishes until nothing waits. A failure is logged; unpublished events wait for the next call. */
    public void run() {
        publish.run(this);
    }

    @Override
    public long lock() {
        return 7_241_905_511L;
    }

    @Override
    public String failureCode() {
        return "events.publishFailed";
    }

    @Override
    public String topic() {
        return topics.events();
    }

    @Override
    public List<Event> next(int batch) {
        return jdbc.sql("""
            select id, sequence, type, user_integration_id, user_id, integration_domain, run_id, code,
                   details::text as details, at
            from event_outbox where published_at is null order by sequence limit :batch
            """).param("batch", batch).query(Event.class).list();
    }

    @Override
    public UUID userIntegrationId(Event event) {
        return event.userIntegrationId();
    }

    @Override
    public SpecificRecord message(Event event) {
        return event.message();
    }

    @Override
    public void published(List<Event> events) {
        receivers.forEach(receiver -> receiver.receive(events));
        jdbc.sql("update event_outbox set published_at = :now where id = any (:ids)")
                .param("now", SqlTime.of(clock.instant()))
                .param("ids", events.stream().map(Event::id).toArray(UUID[]::new))
                .update();
    }
}
