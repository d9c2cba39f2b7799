package io.tributary.worker.execution;

import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Listing;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import io.tributary.schemas.DeadLetter;
import io.tributary.schemas.OutputKind;
import io.tributary.schemas.RunError;
import io.tributary.schemas.Task;
import io.tributary.schemas.Topics;
import io.tributary.telemetry.Traceparent;
import io.tributary.worker.codec.Json;
import io.tributary.worker.codec.MessageCodec;
import io.tributary.worker.engine.Outcome;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks and encodes the result of a plugin, on the plugin's thread, so that the stream thread only passes bytes on. It
 * rejects records that are too large for the broker: one such record would fail the transaction of all tasks. It keeps
 * credential values out of all of the result.
 *
 * @param storeLargeContent null: there is no store, and an item that does not fit a record is rejected
 * @param maxStateBytes largest change of the sync state by one task, bytes of its JSON, 1 and up
 */
public record PrepareResult(
        MessageCodec codec, @Nullable StoreLargeContent storeLargeContent, int maxStateBytes, Clock clock) {

    private static final Logger log = LoggerFactory.getLogger(PrepareResult.class);

    /** Half of a record, since a dead letter with the record must fit as well. */
    private static final int MAX_ENCODED_BYTES = Topics.MAX_RECORD_BYTES / 2;

    /** The wait of a task during an outage of the store. */
    private static final Duration STORE_WAIT = Duration.ofSeconds(5);

    /**
     * Prepares a result.
     *
     * @param secrets the credential values that must not be in it
     * @throws InterruptedException when the attempt is to end while content is on its way to the store
     */
    Outcome prepare(Manifest manifest, Task task, @Nullable TaskResult returned, Secrets secrets)
            throws InterruptedException {
        try {
            TaskResult result = TaskResult.check(returned, manifest);
            if (!result.statePatch().isEmpty() && result.statePatch().jsonBytes() > maxStateBytes) {
                return Outcome.stateTooLarge(maxStateBytes);
            }
            return new Preparation(manifest, task, secrets).of(result);
        } catch (TaskFailure.Permanent e) {
            return Outcomes.of(e);
        } catch (IOException e) {
            return storeIsAway(task, e);
        }
    }

    /** Not a failure of the task: it waits, with its reason, and keeps its attempts. */
    private static Outcome storeIsAway(Task task, IOException e) throws InterruptedException {
        if (Thread.interrupted()) {
            throw Outcomes.interrupted(e);
        }
        log.warn(
                "polling.contentStoreFailed: cannot store large content userIntegrationId={} runId={} taskId={}",
                task.getUserIntegrationId(),
                task.getRunId(),
                task.getTaskId(),
                e);
        return new Outcome.Throttled(
                "polling.contentStoreFailed", "The content store cannot be used: " + e.getMessage(), STORE_WAIT);
    }

    private static TaskFailure.Permanent tooLarge(String message) {
        return new TaskFailure.Permanent("polling.taskResultTooLarge", message, null);
    }

    /** The preparation of one result. */
    private final class Preparation {

        private final Manifest manifest;
        private final Task task;
        private final Secrets secrets;
        private final @Nullable String traceparent;
        private final List<byte[]> outputs = new ArrayList<>();
        private final List<byte[]> rejected = new ArrayList<>();
        private @Nullable RunError firstRejection;
        private long bytes;

        Preparation(Manifest manifest, Task task, Secrets secrets) {
            this.manifest = manifest;
            this.task = task;
            this.secrets = secrets;
            this.traceparent = Traceparent.valid(task.getTraceparent());
        }

        Outcome of(TaskResult result) throws TaskFailure.Permanent, IOException, InterruptedException {
            JsonObject statePatch = secrets.hideIn(result.statePatch());
            var followUps = new ArrayList<Outcome.EncodedTask>(result.tasks().size());
            for (FollowUp followUp : result.tasks()) {
                followUps.add(encode(followUp, followUps.size()));
            }
            int index = 0;
            for (Output output : result.outputs()) {
                add(message(output, index++));
            }
            return new Outcome.Completed(
                    outputs, followUps, statePatch, rejected, firstRejection, encode(result.listing()));
        }

        private void add(io.tributary.schemas.Output message) throws TaskFailure.Permanent {
            byte[] encoded = codec.encode(codec.topics().output(), message);
            if (encoded.length > MAX_ENCODED_BYTES) {
                RunError rejection = tooLarge(encoded.length);
                firstRejection = firstRejection == null ? rejection : firstRejection;
                byte[] letter = deadLetter(message, rejection);
                rejected.add(letter);
                count(letter);
            } else {
                outputs.add(encoded);
                count(encoded);
            }
        }

        private void count(byte[] encoded) throws TaskFailure.Permanent {
            bytes += encoded.length;
            if (bytes > TaskResult.MAX_RESULT_BYTES) {
                throw tooLarge("The outputs and follow-up tasks of the task exceed " + TaskResult.MAX_RESULT_BYTES
                        + " bytes. Return fewer items a task.");
            }
        }

        private Outcome.Listed encode(Listing listing) throws TaskFailure.Permanent {
            List<String> ids =
                    listing.externalIds().stream().map(secrets::cutFrom).toList();
            if (ids.isEmpty()) {
                return listing.everything() ? new Outcome.Listed(List.of(), 0, true) : Outcome.Listed.NONE;
            }
            byte[] encoded = codec.encode(
                    codec.topics().output(),
                    io.tributary.schemas.Listing.newBuilder()
                            .setRunId(task.getRunId())
                            .setTaskId(task.getTaskId())
                            .setUserIntegrationId(task.getUserIntegrationId())
                            .setExternalIds(ids)
                            .build());
            if (encoded.length > MAX_ENCODED_BYTES) {
                throw tooLarge(
                        "The ids that the task listed exceed " + MAX_ENCODED_BYTES + " bytes. List fewer a task.");
            }
            return new Outcome.Listed(List.of(encoded), ids.size(), listing.everything());
        }

        private io.tributary.schemas.Output message(Output output, int index) throws IOException, InterruptedException {
            String content = output.kind() == Output.Kind.EFFECT
                    ? task.getType() // the action
                    : output.content() == null ? null : secrets.cutFrom(output.content());
            URI reference = null;
            if (content != null && storeLargeContent != null) {
                reference = storeLargeContent
                        .store(task.getUserIntegrationId(), content)
                        .orElse(null);
                content = reference == null ? content : null;
            }
            String externalId = output.externalId();
            return io.tributary.schemas.Output.newBuilder()
                    .setRunId(task.getRunId())
                    .setRunSequence(task.getRunSequence())
                    .setTaskId(task.getTaskId())
                    .setIndex(index)
                    .setUserIntegrationId(task.getUserIntegrationId())
                    .setDomain(task.getDomain())
                    .setKind(kind(output.kind()))
                    .setExternalId(externalId == null ? null : secrets.cutFrom(externalId))
                    .setExternalTimestamp(
                            output.externalTimestamp() == null
                                    ? null
                                    : output.externalTimestamp().truncatedTo(ChronoUnit.MILLIS))
                    .setName(secrets.cutFrom(output.name()))
                    .setContent(content)
                    .setContentRef(reference == null ? null : reference.toString())
                    .setMetadata(Json.write(secrets.cutFrom(output.metadata())))
                    .setUnified(
                            output.unified() == null
                                    ? null
                                    : Json.write(
                                            secrets.cutFrom(output.unified().toJson())))
                    .setTraceparent(Traceparent.isSampled(traceparent) ? traceparent : null)
                    .build();
        }

        private Outcome.EncodedTask encode(FollowUp followUp, int index) throws TaskFailure.Permanent {
            var next = Task.newBuilder()
                    .setTaskId(followUpId(task.getTaskId(), index))
                    .setRunId(task.getRunId())
                    .setRunSequence(task.getRunSequence())
                    .setParentTaskId(task.getTaskId())
                    .setUserIntegrationId(task.getUserIntegrationId())
                    .setUserId(task.getUserId())
                    .setOrgId(task.getOrgId())
                    .setDomain(task.getDomain())
                    .setSyncType(task.getSyncType())
                    .setType(followUp.type())
                    .setPayload(Json.write(secrets.hideIn(followUp.payload())))
                    .setPriority(
                            manifest.taskType(followUp.type()).orElseThrow().priority())
                    .setTrigger(task.getTrigger())
                    .setOptions(task.getOptions())
                    .setCreatedAt(clock.instant().truncatedTo(ChronoUnit.MILLIS))
                    .setTraceparent(traceparent)
                    .build();
            byte[] encoded = codec.encode(codec.topics().tasks(), next);
            count(encoded);
            if (bytes > TaskResult.MAX_TASKS_BYTES) {
                throw tooLarge("The follow-up tasks of the task exceed " + TaskResult.MAX_TASKS_BYTES
                        + " bytes. Return fewer a task, or keep their payloads to ids.");
            }
            return new Outcome.EncodedTask(next, encoded, followUp.startsAfterCommit());
        }
    }

    private static OutputKind kind(Output.Kind kind) {
        return switch (kind) {
            case CONTENT -> OutputKind.content;
            case ACTIVITY -> OutputKind.activity;
            case DELETION -> OutputKind.deletion;
            case POST -> OutputKind.post;
            case COMMENT -> OutputKind.comment;
            case MESSAGE -> OutputKind.message;
            case PERSON -> OutputKind.person;
            case METRIC -> OutputKind.metric;
            case EFFECT -> OutputKind.effect;
        };
    }

    private RunError tooLarge(int bytes) {
        String why = storeLargeContent == null
                ? "set tributary.content.folder or tributary.content.s3 so that large content goes there."
                : "its metadata alone is too large.";
        return new RunError(
                "polling.outputTooLarge",
                "An item of " + bytes + " bytes does not fit a record; " + why,
                Outcome.Kind.PERMANENT.wireName());
    }

    /** The dead letter of an item that is too large: the item without its content and metadata, which do not fit. */
    private byte[] deadLetter(io.tributary.schemas.Output output, RunError why) {
        var withoutContent = io.tributary.schemas.Output.newBuilder(output)
                .setContent(null)
                .setMetadata("{}")
                .setUnified(null)
                .build();
        return codec.encode(
                codec.topics().deadLetters(),
                DeadLetter.newBuilder()
                        .setOutput(withoutContent)
                        .setErrorCode(why.getCode())
                        .setMessage(why.getMessage())
                        .setAttempts(1)
                        .setAt(clock.instant().truncatedTo(ChronoUnit.MILLIS))
                        .build());
    }

    /** A name-based UUID of the parent's id and the index: the same at each execution. */
    private static UUID followUpId(UUID parent, int index) {
        return UUID.nameUUIDFromBytes(ByteBuffer.allocate(20)
                .putLong(parent.getMostSignificantBits())
                .putLong(parent.getLeastSignificantBits())
                .putInt(index)
                .array());
    }
}
