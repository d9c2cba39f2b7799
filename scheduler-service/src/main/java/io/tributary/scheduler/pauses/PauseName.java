package io.tributary.scheduler.pauses;

import java.util.UUID;

/** The target of a pause. */
sealed interface PauseName {

    /** The name of {@link Everything} in paths and in the table. */
    String ALL = "all";

    /** All integrations. */
    record Everything() implements PauseName {}

    /** All user integrations of an integration. */
    record Platform(String domain) implements PauseName {}

    /** One user integration. */
    record One(UUID id) implements PauseName {}

    static PauseName parse(String name) {
        if (name.equals(ALL)) {
            return new Everything();
        }
        try {
            return new One(UUID.fromString(name));
        } catch (IllegalArgumentException _) {
            return new Platform(name);
        }
    }
}
