package io.tributary.integrations.workbench.server;

import java.util.concurrent.atomic.AtomicInteger;

/** A fault, and the requests that it has seen. Thread safe. */
record Injected(Fault fault, When when, AtomicInteger seen) {

    Injected(Fault fault, When when) {
        this(fault, when, new AtomicInteger());
    }

    boolean meets(ReceivedRequest request) {
        if (!when.which().test(request)) {
            return false;
        }
        int number = seen.incrementAndGet();
        return number >= when.from() && number - when.from() < when.times();
    }
}
