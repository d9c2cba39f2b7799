package io.tributary.scheduler.actions;

import java.util.List;

/** What the business keys of the system's own effects begin with. No user may request an effect with such a key. */
public final class SystemKeys {

    /** The id of a delivery follows. */
    public static final String NOTIFICATION = "notification:";

    /** The id of an invoice follows. */
    public static final String INVOICE = "invoice:";

    private static final List<String> ALL = List.of(NOTIFICATION, INVOICE);

    private SystemKeys() {}

    static boolean isOne(String key) {
        return ALL.stream().anyMatch(key::startsWith);
    }
}
