package io.tributary.scheduler.events;

import java.util.List;

/** Gets the events that are published. */
public interface EventReceiver {

    /** Called in the transaction that marks the events as published; it may get an event twice. */
    void receive(List<Event> events);
}
