package io.tributary.scheduler.kafka;

/** The result of publishing one record. */
public sealed interface Publication {

    /** The record is on the topic, on all in-sync replicas. */
    record Published() implements Publication {}

    /** The topic can never take the record: it is too large, say. */
    record Refused(String reason) implements Publication {}

    /** The broker or the registry does not answer. The record may or may not be on the topic; publish it again. */
    record Postponed(String reason) implements Publication {}
}
