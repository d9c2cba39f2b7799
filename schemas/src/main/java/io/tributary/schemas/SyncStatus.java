package io.tributary.schemas;

/** The column {@code sync_status} of {@code user_integration}, whose text a constant's name is. */
public enum SyncStatus {

    /** Polled as scheduled. */
    active,

    /** Not polled until a person resumes it. */
    paused,

    /** Not polled until a person corrects its config. */
    error,

    /** Not polled until a person connects the account again. */
    expired
}
