package io.tributary.worker.codec;

import io.tributary.schemas.DeadLetter;
import io.tributary.schemas.Output;
import io.tributary.schemas.RunError;
import io.tributary.schemas.RunProgress;
import io.tributary.schemas.Topics;
import java.nio.ByteBuffer;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Bounds what the worker sends, whatever a task or a record from outside had in it: one record that the broker refuses
 * fails the transaction of all tasks, and again after each restart.
 */
final class BoundedMessage {

    /** Largest value of a record, bytes: with its key and headers it stays below what a broker accepts. */
    static final int MAX_BYTES = Topics.MAX_RECORD_BYTES - 64 * 1024;

    /** Largest name of an item, bytes. */
    static final int MAX_NAME_BYTES = 8_000;

    /** Beginning of a record that is too large to be kept whole in a dead letter, bytes. */
    static final int MAX_SAMPLE_BYTES = 64 * 1024;

    private static final int MAX_REASON_BYTES = 500;

    private BoundedMessage() {}

    /** The message with its texts cut; the same object when all are short enough. */
    static SpecificRecord cut(SpecificRecord message) {
        return switch (message) {
            case DeadLetter letter
            when mustBeCut(letter) ->
                DeadLetter.newBuilder(letter)
                        .setErrorCode(BoundedText.cut(letter.getErrorCode(), BoundedText.MAX_CODE_BYTES))
                        .setMessage(BoundedText.cut(letter.getMessage(), BoundedText.MAX_MESSAGE_BYTES))
                        .setStack(cut(letter.getStack(), StackText.MAX_CHARACTERS))
                        .setOutput(letter.getOutput() == null ? null : (Output) cut(letter.getOutput()))
                        .build();
            case RunProgress progress
            when isLong(progress.getThrottledReason(), MAX_REASON_BYTES) || mustBeCut(progress.getError()) ->
                RunProgress.newBuilder(progress)
                        .setError(cut(progress.getError()))
                        .setThrottledReason(cut(progress.getThrottledReason(), MAX_REASON_BYTES))
                        .build();
            case Output output
            when isLong(output.getName(), MAX_NAME_BYTES) ->
                Output.newBuilder(output)
                        .setName(BoundedText.cut(output.getName(), MAX_NAME_BYTES))
                        .build();
            default -> message;
        };
    }

    private static boolean mustBeCut(DeadLetter letter) {
        Output output = letter.getOutput();
        return isLong(letter.getErrorCode(), BoundedText.MAX_CODE_BYTES)
                || isLong(letter.getMessage(), BoundedText.MAX_MESSAGE_BYTES)
                || isLong(letter.getStack(), StackText.MAX_CHARACTERS)
                || output != null && isLong(output.getName(), MAX_NAME_BYTES);
    }

    private static boolean mustBeCut(@Nullable RunError error) {
        return error != null
                && (isLong(error.getCode(), BoundedText.MAX_CODE_BYTES)
                        || isLong(error.getMessage(), BoundedText.MAX_MESSAGE_BYTES));
    }

    /** Whether a text may have more bytes. */
    private static boolean isLong(@Nullable String text, int maxBytes) {
        return text != null && text.length() > maxBytes / 3;
    }

    private static @Nullable RunError cut(@Nullable RunError error) {
        return error == null
                ? null
                : new RunError(
                        BoundedText.cut(error.getCode(), BoundedText.MAX_CODE_BYTES),
                        BoundedText.cut(error.getMessage(), BoundedText.MAX_MESSAGE_BYTES),
                        error.getKind());
    }

    private static @Nullable String cut(@Nullable String text, int maxBytes) {
        return text == null ? null : BoundedText.cut(text, maxBytes);
    }

    /** Whether {@link #reduced} makes the message smaller. */
    static boolean isReducible(SpecificRecord message) {
        return message instanceof DeadLetter || message instanceof RunProgress;
    }

    /** A message that is too large as it is, without its large parts. */
    static SpecificRecord reduced(SpecificRecord message, byte[] encoded) {
        return switch (message) {
            case DeadLetter letter ->
                DeadLetter.newBuilder(letter)
                        .setTask(null)
                        .setOutput(null)
                        .setRaw(sample(letter.getRaw() == null ? ByteBuffer.wrap(encoded) : letter.getRaw()))
                        .setMessage(letter.getMessage() + " (only the first " + MAX_SAMPLE_BYTES
                                + " bytes of the record are kept)")
                        .build();
            case RunProgress progress ->
                RunProgress.newBuilder(progress)
                        .setSyncState(null)
                        .setError(
                                progress.getError() != null
                                        ? progress.getError()
                                        : new RunError(
                                                "polling.stateTooLarge",
                                                "The sync state of the run does not fit a record, and was dropped.",
                                                "permanent"))
                        .build();
            default -> message;
        };
    }

    private static ByteBuffer sample(ByteBuffer raw) {
        return raw.slice(raw.position(), Math.min(raw.remaining(), MAX_SAMPLE_BYTES));
    }
}
