package io.tributary.scheduler.events;

import java.util.List;

/** Takes events on to those who want to be told. */
public interface Deliveries {

    /** Called in the transaction that marks the events as published; perhaps again with the same ones. */
    void queue(List<Event> events);
}
