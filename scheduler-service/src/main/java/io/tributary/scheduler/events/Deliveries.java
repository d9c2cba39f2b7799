package io.tributary.scheduler.events;

import java.util.List;

/** Queues events for their receivers. */
public interface Deliveries {

    /** Called in the transaction that marks the events as published; it may get an event twice. */
    void queue(List<Event> events);
}
