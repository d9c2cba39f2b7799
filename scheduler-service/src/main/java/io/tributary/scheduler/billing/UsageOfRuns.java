package io.tributary.scheduler.billing;

import io.tributary.scheduler.events.Event;
import io.tributary.scheduler.events.EventReceiver;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.springframework.stereotype.Component;

/**
 * Adds what ended runs used to the usage of billed organisations: the meters {@code runs}, {@code items} (stored items)
 * and {@code tasks}, where the plan has a price for them.
 */
@Component
record UsageOfRuns(UsageTable usage) implements EventReceiver {

    @Override
    public void receive(List<Event> events) {
        List<UUID> runs = events.stream()
                .filter(event -> event.type().startsWith("run."))
                .map(Event::runId)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        if (!runs.isEmpty()) {
            usage.insertOfRuns(runs);
        }
    }
}
