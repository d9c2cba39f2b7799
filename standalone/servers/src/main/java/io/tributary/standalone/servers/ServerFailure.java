package io.tributary.standalone.servers;

import org.jspecify.annotations.Nullable;

/** A server could not start or go on. The message is one line that says what happened and what to do. */
public final class ServerFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What kind of failure it was. */
    public enum Reason {
        /** Another program listens on the port. */
        PORT_IN_USE("standalone.portInUse"),
        /** Another running instance owns the data folder. */
        FOLDER_IN_USE("standalone.folderInUse"),
        /** The disk has too little room. */
        DISK_FULL("standalone.diskFull"),
        /** The build did not unpack the schema registry yet. */
        REGISTRY_MISSING("standalone.registryMissing"),
        /** There are no PostgreSQL binaries for this operating system and processor. */
        PLATFORM_UNSUPPORTED("standalone.platformUnsupported"),
        /** Anything else; the message names the log to look into. */
        START_FAILED("standalone.startFailed");

        private final String code;

        Reason(String code) {
            this.code = code;
        }

        /** Stable code of the failure, such as {@code standalone.portInUse}. */
        public String code() {
            return code;
        }
    }

    private final Reason reason;

    ServerFailure(Reason reason, String message) {
        this(reason, message, null);
    }

    ServerFailure(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    static ServerFailure interrupted(String whileDoing, InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new ServerFailure(Reason.START_FAILED, "interrupted while " + whileDoing, cause);
    }

    public Reason reason() {
        return reason;
    }
}
