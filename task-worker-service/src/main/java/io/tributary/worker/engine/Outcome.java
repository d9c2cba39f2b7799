package io.tributary.worker.engine;

import io.tributary.integrations.api.JsonObject;
import io.tributary.schemas.ProviderAccount;
import io.tributary.schemas.RunError;
import io.tributary.schemas.Task;
import io.tributary.worker.codec.BoundedText;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How an attempt at a task ended. */
public sealed interface Outcome {

    /** What an outcome without records takes, bytes. */
    long SMALL_BYTES = 512;

    /** Memory that it takes until it is settled, bytes, roughly. */
    default long bytes() {
        return SMALL_BYTES;
    }

    /**
     * The task returned a result, which is ready to be sent.
     *
     * @param outputs encoded outputs
     * @param followUps follow-up tasks
     * @param statePatch JSON merge patch of the run's state
     * @param rejected rejected items, as encoded dead letters
     * @param firstRejection reason of the first rejection; null: none
     * @param listed the items that the provider listed
     * @param account the account as the provider identified it; null: not identified, or unknown
     */
    record Completed(
            List<byte[]> outputs,
            List<EncodedTask> followUps,
            JsonObject statePatch,
            List<byte[]> rejected,
            @Nullable RunError firstRejection,
            Listed listed,
            @Nullable ProviderAccount account)
            implements Outcome {

        /** A result that does not identify the account. */
        public Completed(
                List<byte[]> outputs,
                List<EncodedTask> followUps,
                JsonObject statePatch,
                List<byte[]> rejected,
                @Nullable RunError firstRejection,
                Listed listed) {
            this(outputs, followUps, statePatch, rejected, firstRejection, listed, null);
        }

        @Override
        public long bytes() {
            long bytes = SMALL_BYTES + sum(outputs) + sum(rejected) + sum(listed.listings());
            for (EncodedTask followUp : followUps) {
                bytes += 2L * followUp.bytes().length + SMALL_BYTES; // the task and its record
            }
            return bytes;
        }

        private static long sum(List<byte[]> records) {
            long bytes = 0;
            for (byte[] encoded : records) {
                bytes += encoded.length;
            }
            return bytes;
        }

        /** The provider identified the account; null: it is unknown. */
        public static Completed identified(@Nullable ProviderAccount account) {
            return new Completed(List.of(), List.of(), JsonObject.EMPTY, List.of(), null, Listed.NONE, account);
        }
    }

    /**
     * The items that the provider listed to a task.
     *
     * @param listings the encoded record with the ids; none or one
     * @param ids how many it has
     * @param everything whether the run's listing is complete
     */
    record Listed(List<byte[]> listings, int ids, boolean everything) {
        public static final Listed NONE = new Listed(List.of(), 0, false);
    }

    /**
     * The task has to wait, at the provider's request, or for a missing part: the database, the registry, a connection.
     * Code and message are cut to bounds.
     */
    record Throttled(String code, String message, Duration after) implements Outcome {
        public Throttled {
            code = BoundedText.cut(code, BoundedText.MAX_CODE_BYTES);
            message = BoundedText.cut(message, BoundedText.MAX_MESSAGE_BYTES);
        }

        /** Whether the code is one of the worker's own. */
        static boolean isByWorker(String code) {
            return code.startsWith("polling.");
        }
    }

    /**
     * The task failed. Code and message are cut to bounds.
     *
     * @param stack stack trace for the dead letter; null: not helpful
     * @param httpStatus the provider's status; null: none
     * @param lookedUp whether a look-up found before this attempt that no earlier one had the effect
     */
    record Failed(
            Kind kind,
            String code,
            String message,
            @Nullable String stack,
            @Nullable Integer httpStatus,
            boolean lookedUp)
            implements Outcome {

        public Failed {
            code = BoundedText.cut(code, BoundedText.MAX_CODE_BYTES);
            message = BoundedText.cut(message, BoundedText.MAX_MESSAGE_BYTES);
        }

        public Failed(Kind kind, String code, String message, @Nullable String stack, @Nullable Integer httpStatus) {
            this(kind, code, message, stack, httpStatus, false);
        }

        public Failed(Kind kind, String code, String message) {
            this(kind, code, message, null, null);
        }

        /** The same, of a task whose integration was not called. */
        public Failed withoutEffect() {
            return kind == Kind.TRANSIENT
                    ? new Failed(Kind.TRANSIENT_WITHOUT_EFFECT, code, message, stack, httpStatus, lookedUp)
                    : this;
        }

        /** The same, of an attempt that began with a look-up, which found nothing. */
        public Failed afterLookUp() {
            return new Failed(kind, code, message, stack, httpStatus, true);
        }

        /** The same as a failure after which nobody knows whether the action had its effect. */
        Failed asUncertain() {
            return code.equals(UNCERTAIN)
                    ? this
                    : new Failed(
                            Kind.PERMANENT,
                            UNCERTAIN,
                            "Nobody knows whether it happened. The last attempt failed (" + code + "): " + message,
                            stack,
                            httpStatus);
        }

        RunError asRunError() {
            return new RunError(code, message, kind.wireName());
        }
    }

    /** An action does not execute before its beginning is marked, which takes the task itself. */
    Throttled UNMARKED = new Throttled(
            "polling.effectUnmarked",
            "The worker cannot read the task of the action yet, so it cannot mark it as begun.",
            Duration.ofSeconds(2));

    /** The code of the dead letter of an effect of which nobody knows whether it happened. */
    String UNCERTAIN = "effects.uncertain";

    /** An execution of the action began, and its end is not known. */
    static Failed interruptedEffect(String why) {
        return new Failed(Kind.PERMANENT, UNCERTAIN, why + " Check at the provider, then redrive it or leave it.");
    }

    /** The state with the task's change exceeds its bound; nothing of the task's result is kept. */
    static Failed stateTooLarge(int maxBytes) {
        return new Failed(
                Kind.PERMANENT,
                "polling.stateTooLarge",
                "The sync state exceeds " + maxBytes
                        + " bytes (tributary.worker.max-state-size). An integration keeps cursors in it, not items.");
    }

    /** The consequence of a failure for the task and its run. */
    enum Kind {
        /** The task is tried again, up to the limit. */
        TRANSIENT("transient"),
        /** The same, of an action that certainly had no effect. */
        TRANSIENT_WITHOUT_EFFECT("transient"),
        /** The task ran too long; it is tried again, up to the limit. */
        TIMED_OUT("timedOut"),
        /** The task is dead-lettered immediately. */
        PERMANENT("permanent"),
        /** Ends the run; the user integration expires. */
        UNAUTHORIZED("unauthorized"),
        /** Ends the run; the user integration stops. */
        MISCONFIGURED("misconfigured");

        private final String wireName;

        Kind(String wireName) {
            this.wireName = wireName;
        }

        /** The text in messages and tables. */
        public String wireName() {
            return wireName;
        }

        boolean isTriedAgain() {
            return this == TRANSIENT || this == TRANSIENT_WITHOUT_EFFECT || this == TIMED_OUT;
        }

        boolean endsTheRun() {
            return this == UNAUTHORIZED || this == MISCONFIGURED;
        }
    }

    /**
     * A task with its codec format.
     *
     * @param afterCommit whether it starts only once the result that it is part of is committed
     */
    record EncodedTask(Task task, byte[] bytes, boolean afterCommit) {

        /** A task that may start before the result is committed. */
        public EncodedTask(Task task, byte[] bytes) {
            this(task, bytes, false);
        }
    }
}
