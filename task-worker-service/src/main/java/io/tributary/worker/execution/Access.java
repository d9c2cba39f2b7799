package io.tributary.worker.execution;

import io.tributary.worker.engine.Outcome;
import java.time.Duration;

/** The access to a user integration that a task is executed with. */
sealed interface Access {

    record Given(Account account) implements Access {}

    /** The task cannot be executed now, or at all. */
    record Withheld(Outcome outcome) implements Access {}

    /** Not now; try again after this time. It does not count as a failure. */
    static Access notNow(String code, String message, Duration after) {
        return new Withheld(new Outcome.Throttled(code, message, after));
    }

    /** Not until a person acts; or, of kind transient, maybe later. */
    static Access failed(Outcome.Kind kind, String code, String message) {
        return new Withheld(new Outcome.Failed(kind, code, message));
    }
}
