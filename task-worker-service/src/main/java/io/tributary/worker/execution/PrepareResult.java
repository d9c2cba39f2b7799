package io.tributary.worker.execution;

import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.Listing;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.TaskResult;
import io.tributary.schemas.DeadLetter;
import io.tributary.schemas.OutputKind;
import io.tributary.schemas.RunError;
import io.tributary.schemas.Task;
import io.tributary.schemas.Topics;
import io.tributary.worker.Json;
import io.tributary.worker.engine.Outcome;
import io.tributary.worker.engine.Wire;
import io.tributary.worker.plugins.Plugin;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks what a plugin returned and encodes it, on the plugin's thread, so that the stream thread has only to pass
 * bytes on and no record can be too large for the broker: one such record would fail the transaction of every task.
 */
public final class PrepareResult {

    private static final Logger LOG = LoggerFactory.getLogger(PrepareResult.class);

    /** Outputs of a task at most. */
    public static final int MAX_OUTPUTS = 10_000;
    /** Follow-up tasks of a task at most. */
    public static final int MAX_FOLLOW_UPS = 10_000;
    /** Listed ids of a task at most. */
    public static final int MAX_LISTED = 10_000;
    /** Payload of a follow-up task at most, bytes of JSON. */
    public static final int MAX_PAYLOAD_BYTES = 64 * 1024;
    /** How long a task waits for a store that is away. */
    private static final Duration STORE_REST = Duration.ofSeconds(5);
    /** All of a task's encoded outputs together at most, bytes. */
    static final int MAX_RESULT_BYTES = 64 * 1024 * 1024;

    private final Wire wire;
    private final @Nullable StoreLargeContent storeLargeContent;
    private final Clock clock;

    /** @param storeLargeContent null: there is no store, and an item that does not fit a record is refused */
    public PrepareResult(Wire wire, @Nullable StoreLargeContent storeLargeContent, Clock clock) {
        this.wire = wire;
        this.storeLargeContent = storeLargeContent;
        this.clock = clock;
    }

    /** @throws InterruptedException when the attempt is to end while content is on its way to the store */
    Outcome prepare(Plugin plugin, Task task, @Nullable TaskResult result) throws InterruptedException {
        if (result == null) {
            return permanent("polling.taskResultInvalid", "The integration returned null instead of a result.");
        }
        if (result.outputs().size() > MAX_OUTPUTS || result.tasks().size() > MAX_FOLLOW_UPS) {
            return permanent(
                    "polling.taskResultTooLarge",
                    "The task returned " + result.outputs().size() + " outputs and "
                            + result.tasks().size() + " follow-up tasks; the most is " + MAX_OUTPUTS + " and "
                            + MAX_FOLLOW_UPS + ". Page instead.");
        }
        if (result.listing().externalIds().size() > MAX_LISTED) {
            return permanent(
                    "polling.taskResultTooLarge",
                    "The task listed " + result.listing().externalIds().size() + " items; the most is " + MAX_LISTED
                            + ". Page instead.");
        }
        try {
            List<Outcome.EncodedTask> followUps = new ArrayList<>(result.tasks().size());
            for (FollowUp followUp : result.tasks()) {
                followUps.add(followUp(plugin, task, followUp, followUps.size()));
            }
            return encode(task, result, followUps);
        } catch (RefusedException e) {
            return permanent(e.code, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return storeIsAway(task, e);
        }
    }

    /** No fault of the task: it waits, with its reason, and keeps its attempts. */
    private static Outcome storeIsAway(Task task, IOException e) throws InterruptedException {
        if (Thread.interrupted()) {
            var interrupted = new InterruptedException();
            interrupted.initCause(e);
            throw interrupted;
        }
        LOG.warn(
                "polling.contentStoreFailed: cannot store large content userIntegrationId={} runId={} taskId={}",
                task.getUserIntegrationId(),
                task.getRunId(),
                task.getTaskId(),
                e);
        return new Outcome.Throttled(
                "polling.contentStoreFailed", "The content store cannot be used: " + e.getMessage(), STORE_REST);
    }

    private Outcome encode(Task task, TaskResult result, List<Outcome.EncodedTask> followUps)
            throws RefusedException, IOException, InterruptedException {
        var outputs = new ArrayList<byte[]>(result.outputs().size());
        var refused = new ArrayList<byte[]>();
        RunError firstRefusal = null;
        long total = 0;
        int index = 0;
        for (Output output : result.outputs()) {
            var message = message(task, output, index++);
            byte[] encoded = wire.encode(wire.topics().output(), message);
            if (encoded.length > Topics.MAX_RECORD_BYTES / 2) {
                // Half: the dead letter that may one day hold it must fit as well.
                RunError refusal = new RunError(
                        "polling.outputTooLarge",
                        "An item of " + encoded.length + " bytes does not fit a record; "
                                + (storeLargeContent == null
                                        ? "set tributary.content.folder or tributary.content.s3 so that large content"
                                                + " goes there."
                                        : "its metadata alone is too large."),
                        Outcome.Kind.PERMANENT.wireName());
                firstRefusal = firstRefusal == null ? refusal : firstRefusal;
                refused.add(refusedItem(message, refusal));
                continue;
            }
            outputs.add(encoded);
            total += encoded.length;
            if (total > MAX_RESULT_BYTES) {
                throw new RefusedException(
                        "polling.taskResultTooLarge",
                        "The outputs of the task exceed " + MAX_RESULT_BYTES + " bytes. Return fewer items a task.");
            }
        }
        return new Outcome.Completed(
                outputs, followUps, result.statePatch(), refused, firstRefusal, listed(task, result.listing()));
    }

    private Outcome.Listed listed(Task task, Listing listing) throws RefusedException {
        List<String> ids = listing.externalIds();
        if (ids.isEmpty()) {
            return new Outcome.Listed(List.of(), 0, listing.everything());
        }
        byte[] encoded = wire.encode(
                wire.topics().output(),
                io.tributary.schemas.Listing.newBuilder()
                        .setRunId(task.getRunId())
                        .setTaskId(task.getTaskId())
                        .setUserIntegrationId(task.getUserIntegrationId())
                        .setExternalIds(ids)
                        .build());
        if (encoded.length > Topics.MAX_RECORD_BYTES / 2) {
            throw new RefusedException(
                    "polling.taskResultTooLarge",
                    "The ids that the task listed exceed " + Topics.MAX_RECORD_BYTES / 2
                            + " bytes. List fewer a task.");
        }
        return new Outcome.Listed(List.of(encoded), ids.size(), listing.everything());
    }

    private io.tributary.schemas.Output message(Task task, Output output, int index)
            throws IOException, InterruptedException {
        String content = output.content();
        URI reference = null;
        if (content != null && storeLargeContent != null) {
            reference = storeLargeContent
                    .store(task.getUserIntegrationId(), content)
                    .orElse(null);
            content = reference == null ? content : null;
        }
        return io.tributary.schemas.Output.newBuilder()
                .setRunId(task.getRunId())
                .setRunSequence(task.getRunSequence())
                .setTaskId(task.getTaskId())
                .setIndex(index)
                .setUserIntegrationId(task.getUserIntegrationId())
                .setDomain(task.getDomain())
                .setKind(kind(output.kind()))
                .setExternalId(output.externalId())
                .setExternalTimestamp(
                        output.externalTimestamp() == null
                                ? null
                                : output.externalTimestamp().truncatedTo(ChronoUnit.MILLIS))
                .setName(output.name())
                .setContent(content)
                .setContentRef(reference == null ? null : reference.toString())
                .setMetadata(Json.write(output.metadata()))
                .build();
    }

    private static OutputKind kind(Output.Kind kind) {
        return switch (kind) {
            case CONTENT -> OutputKind.content;
            case ACTIVITY -> OutputKind.activity;
            case DELETION -> OutputKind.deletion;
        };
    }

    /** The dead letter of an item that is too large: all of it but its content, which is what does not fit. */
    private byte[] refusedItem(io.tributary.schemas.Output output, RunError why) {
        var withoutContent = io.tributary.schemas.Output.newBuilder(output)
                .setContent(null)
                .setMetadata("{}")
                .build();
        return wire.encode(
                wire.topics().deadLetters(),
                DeadLetter.newBuilder()
                        .setOutput(withoutContent)
                        .setErrorCode(why.getCode())
                        .setMessage(why.getMessage())
                        .setAttempts(1)
                        .setAt(clock.instant().truncatedTo(ChronoUnit.MILLIS))
                        .build());
    }

    private Outcome.EncodedTask followUp(Plugin plugin, Task parent, FollowUp followUp, int index)
            throws RefusedException {
        var type = plugin.taskType(followUp.type())
                .orElseThrow(() -> new RefusedException(
                        "polling.invalidTaskType",
                        "The task returned a follow-up of type " + followUp.type()
                                + ", which the manifest does not declare."));
        String payload = Json.write(followUp.payload());
        if (payload.length() > MAX_PAYLOAD_BYTES) {
            throw new RefusedException(
                    "polling.taskPayloadTooLarge",
                    "The payload of a follow-up task has " + payload.length() + " characters; the most is "
                            + MAX_PAYLOAD_BYTES + " bytes. Keep it to ids.");
        }
        var task = Task.newBuilder()
                .setTaskId(FollowUpIds.of(parent.getTaskId(), index))
                .setRunId(parent.getRunId())
                .setRunSequence(parent.getRunSequence())
                .setParentTaskId(parent.getTaskId())
                .setUserIntegrationId(parent.getUserIntegrationId())
                .setUserId(parent.getUserId())
                .setDomain(parent.getDomain())
                .setSyncType(parent.getSyncType())
                .setType(followUp.type())
                .setPayload(payload)
                .setPriority(type.priority())
                .setTrigger(parent.getTrigger())
                .setOptions(parent.getOptions())
                .setCreatedAt(clock.instant().truncatedTo(ChronoUnit.MILLIS))
                .build();
        return new Outcome.EncodedTask(task, wire.encode(wire.topics().tasks(), task));
    }

    private static Outcome permanent(String code, String message) {
        return new Outcome.Failed(Outcome.Kind.PERMANENT, code, message);
    }

    /** The result breaks a rule of the SPI. */
    private static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1;

        private final String code;

        private RefusedException(String code, String message) {
            super(message);
            this.code = code;
        }
    }
}
