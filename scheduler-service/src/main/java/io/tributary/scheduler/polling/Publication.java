package io.tributary.scheduler.polling;

/** What became of a task that was to be published. */
sealed interface Publication {

    /** It is on the topic, on all in-sync replicas. */
    record Published() implements Publication {}

    /** It can never be: it is too large for the topic, say. */
    record Refused(String reason) implements Publication {}

    /** Not now: the broker or the registry does not answer. It may or may not be on the topic; publish it again. */
    record Postponed(String reason) implements Publication {}
}
