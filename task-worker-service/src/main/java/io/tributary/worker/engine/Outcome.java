package io.tributary.worker.engine;

import io.tributary.integrations.api.JsonObject;
import io.tributary.schemas.ProviderAccount;
import io.tributary.schemas.RunError;
import io.tributary.schemas.Task;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How an attempt at a task ended. */
public sealed interface Outcome {

    /**
     * It returned a result, ready to be sent.
     *
     * @param outputs encoded outputs
     * @param followUps follow-up tasks
     * @param statePatch JSON merge patch of the run's state
     * @param refused items that could not be taken, as encoded dead letters
     * @param firstRefusal why the first of them could not; null: none was refused
     * @param listed what lists at the provider showed
     * @param account whose account it is, as the provider said; null: it was not asked, or nobody knows
     */
    record Completed(
            List<byte[]> outputs,
            List<EncodedTask> followUps,
            JsonObject statePatch,
            List<byte[]> refused,
            @Nullable RunError firstRefusal,
            Listed listed,
            @Nullable ProviderAccount account)
            implements Outcome {

        /** A result that says nothing of lists. */
        public Completed(
                List<byte[]> outputs,
                List<EncodedTask> followUps,
                JsonObject statePatch,
                List<byte[]> refused,
                @Nullable RunError firstRefusal) {
            this(outputs, followUps, statePatch, refused, firstRefusal, Listed.NONE);
        }

        /** A result that says nothing of the account. */
        public Completed(
                List<byte[]> outputs,
                List<EncodedTask> followUps,
                JsonObject statePatch,
                List<byte[]> refused,
                @Nullable RunError firstRefusal,
                Listed listed) {
            this(outputs, followUps, statePatch, refused, firstRefusal, listed, null);
        }

        /** What came of asking the provider whose account it is; null: nobody knows. */
        public static Completed connected(@Nullable ProviderAccount account) {
            return new Completed(List.of(), List.of(), JsonObject.EMPTY, List.of(), null, Listed.NONE, account);
        }
    }

    /**
     * What lists showed.
     *
     * @param listings the encoded record with the ids; none or one
     * @param ids how many it has
     * @param everything whether the run's lists name everything there is
     */
    record Listed(List<byte[]> listings, int ids, boolean everything) {
        public static final Listed NONE = new Listed(List.of(), 0, false);
    }

    /** The provider asked to wait. */
    record Throttled(String code, String message, Duration after) implements Outcome {}

    /**
     * It failed.
     *
     * @param stack stack trace for the dead letter; null: it would say nothing
     * @param httpStatus the provider's status; null: there was none
     */
    record Failed(
            Kind kind,
            String code,
            String message,
            @Nullable String stack,
            @Nullable Integer httpStatus) implements Outcome {

        public Failed(Kind kind, String code, String message) {
            this(kind, code, message, null, null);
        }

        RunError asRunError() {
            return new RunError(code, message, kind.wireName());
        }
    }

    /** What a failure means for the task and its run. */
    enum Kind {
        /** Tried again, up to the limit. */
        TRANSIENT("transient"),
        /** It ran too long; tried again, up to the limit. */
        TIMED_OUT("timedOut"),
        /** Set aside at once. */
        PERMANENT("permanent"),
        /** Ends the run; the user integration expires. */
        UNAUTHORIZED("unauthorized"),
        /** Ends the run; the user integration stops. */
        MISCONFIGURED("misconfigured");

        private final String wireName;

        Kind(String wireName) {
            this.wireName = wireName;
        }

        /** As it stands in messages and tables. */
        public String wireName() {
            return wireName;
        }

        boolean isTriedAgain() {
            return this == TRANSIENT || this == TIMED_OUT;
        }

        boolean endsTheRun() {
            return this == UNAUTHORIZED || this == MISCONFIGURED;
        }
    }

    /** A task with its wire format. */
    record EncodedTask(Task task, byte[] bytes) {}
}
