package io.tributary.scheduler.webhooks;

import io.tributary.scheduler.events.Deliveries;
import io.tributary.scheduler.events.Event;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Queues a delivery of each event for each webhook of its user that wants it. Once for each, however often it is told. */
@Component
class QueueDeliveries implements Deliveries {

    private static final String USERS_WITH_WEBHOOKS =
            "select distinct user_id from webhook where user_id = any (:userIds)";

    private static final String QUEUE = """
        insert into webhook_delivery (webhook_id, event_id, event_type, body, next_attempt_at)
        select w.id, e.id, e.type, e.body, now()
        from unnest(:ids::uuid[], :types::text[], :bodies::text[], :userIds::text[], :ats::timestamptz[])
          as e (id, type, body, user_id, at)
        join webhook w on w.user_id = e.user_id
        where (w.event_types is null or e.type = any (w.event_types)) and w.created_at <= e.at
        on conflict (webhook_id, event_id) do nothing
        """;

    private final JdbcClient jdbc;

    QueueDeliveries(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void queue(List<Event> events) {
        Set<String> users = usersWithWebhooks(events);
        var wanted =
                events.stream().filter(event -> users.contains(event.userId())).toList();
        if (!wanted.isEmpty()) {
            queueWanted(wanted);
        }
    }

    private Set<String> usersWithWebhooks(List<Event> events) {
        return jdbc.sql(USERS_WITH_WEBHOOKS)
                .param("userIds", events.stream().map(Event::userId).distinct().toArray(String[]::new))
                .query(String.class)
                .set();
    }

    private void queueWanted(List<Event> events) {
        jdbc.sql(QUEUE)
                .param("ids", texts(events, event -> event.id().toString()))
                .param("types", texts(events, Event::type))
                .param("bodies", texts(events, QueueDeliveries::body))
                .param("userIds", texts(events, Event::userId))
                .param("ats", texts(events, event -> event.at().toString()))
                .update();
    }

    private static String[] texts(List<Event> events, Function<Event, String> text) {
        return events.stream().map(text).toArray(String[]::new);
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
