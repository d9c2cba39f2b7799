package io.tributary.scheduler.webhooks;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.events.Deliveries;
import io.tributary.scheduler.events.Event;
import java.util.LinkedHashMap;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Queues a delivery of each event for each webhook of its user that wants it. Once for each, however often it is told. */
@Component
class QueueDeliveries implements Deliveries {

    private static final String QUEUE = """
        insert into webhook_delivery (webhook_id, event_id, event_type, body, next_attempt_at)
        select w.id, :eventId, :type, :body, now() from webhook w
        where w.user_id = :userId and (w.event_types is null or :type = any (w.event_types))
          and w.created_at <= :at
        on conflict (webhook_id, event_id) do nothing
        """;

    private final JdbcClient jdbc;

    QueueDeliveries(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void queue(List<Event> events) {
        for (Event event : events) {
            jdbc.sql(QUEUE)
                    .param("eventId", event.id())
                    .param("type", event.type())
                    .param("body", body(event))
                    .param("userId", event.userId())
                    .param("at", SqlTime.of(event.at()))
                    .update();
        }
    }

    private static String body(Event event) {
        var json = JsonMapper.shared();
        var data = new LinkedHashMap<String, Object>();
        data.put("userIntegrationId", event.userIntegrationId());
        data.put("integrationDomain", event.domain());
        if (event.runId() != null) {
            data.put("runId", event.runId());
        }
        if (event.code() != null) {
            data.put("code", event.code());
        }
        data.put("details", json.readTree(event.details()));
        var body = new LinkedHashMap<String, Object>();
        body.put("type", event.type());
        body.put("timestamp", event.at());
        body.put("data", data);
        return json.writeValueAsString(body);
    }
}
