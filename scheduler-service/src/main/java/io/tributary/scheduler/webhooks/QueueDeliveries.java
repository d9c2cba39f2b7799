package io.tributary.scheduler.webhooks;

import io.tributary.scheduler.events.Event;
import io.tributary.scheduler.events.EventReceiver;
import io.tributary.scheduler.webhooks.DeliveryTable.NewDelivery;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Queues a delivery of each event for each subscribed webhook of its user, once, even if it gets the event twice. */
@Component
record QueueDeliveries(WebhookTable webhooks, DeliveryTable deliveries) implements EventReceiver {

    @Override
    public void receive(List<Event> events) {
        Set<String> users = webhooks.usersAmong(
                events.stream().map(Event::userId).distinct().toList());
        var wanted =
                events.stream().filter(event -> users.contains(event.userId())).toList();
        if (!wanted.isEmpty()) {
            deliveries.queue(wanted.stream().map(QueueDeliveries::delivery).toList());
        }
    }

    private static NewDelivery delivery(Event event) {
        return new NewDelivery(event.id(), event.type(), body(event), event.userId(), event.at());
    }

    private static String body(Event event) {
        var json = JsonMapper.shared();
        var data = new LinkedHashMap<String, Object>();
        if (!event.type().equals(Webhooks.DISABLED)) { // it is about a webhook, and has no user integration
            data.put("userIntegrationId", event.userIntegrationId());
            data.put("integrationDomain", event.integrationDomain());
        }
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
