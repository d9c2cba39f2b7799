package io.tributary.integrations.imap;

import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Options;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import io.tributary.integrations.imap.ImapConnection.Extent;
import io.tributary.integrations.sockets.KeptConnections;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Downloads a batch of messages. Bounded by count and by bytes, so that a task takes little memory and returns little
 * at once; a message over {@link #MAX_MESSAGE_BYTES} is not downloaded, it becomes an output with its header only.
 */
record DownloadMessages(Batch batch, ImapConfig config) implements KeptConnections.Use<ImapConnection, TaskResult> {

    static final String TYPE = "downloadMessages";

    /** Most messages of a batch. */
    static final int BATCH_MESSAGES = 50;

    /** Most bytes of a batch, unless a single message has more. */
    static final long BATCH_BYTES = 4L * 1024 * 1024;

    /** Largest message that is downloaded whole, bytes: the limit of the large providers. */
    static final long MAX_MESSAGE_BYTES = 25L * 1024 * 1024;

    /** A batch of messages, of the folder while it had that UIDVALIDITY. */
    private record Batch(long uidValidity, UidSet uids, Extent extent) {

        static Batch of(JsonObject payload) {
            return new Batch(
                    payload.requireInteger("uidValidity"),
                    UidSet.parse(payload.requireText("uids")),
                    payload.bool("headerOnly").orElse(false) ? Extent.HEADER : Extent.WHOLE);
        }

        FollowUp followUp() {
            var payload = JsonObject.of("uidValidity", uidValidity).with("uids", uids.toString());
            return new FollowUp(TYPE, extent == Extent.HEADER ? payload.with("headerOnly", true) : payload);
        }
    }

    /** The tasks that download these messages, as far as they are within the dates of the run. */
    static List<FollowUp> plan(long uidValidity, UidSet uids, Map<Long, Listed> listed, Options options) {
        var tasks = new ArrayList<FollowUp>();
        var open = new ArrayList<Long>();
        long openBytes = 0;
        for (long uid : uids.list()) {
            Listed message = listed.getOrDefault(uid, new Listed(uid, -1, null));
            if (!options.includes(message.internalDate())) {
                continue;
            }
            // A message that the server gave no size for may be large, or gone: alone it holds up no other.
            boolean alone = message.size() < 0 || message.size() > BATCH_BYTES;
            if (alone) {
                Extent extent = message.size() > MAX_MESSAGE_BYTES ? Extent.HEADER : Extent.WHOLE;
                tasks.add(new Batch(uidValidity, UidSet.of(List.of(uid)), extent).followUp());
                continue;
            }
            if (open.size() == BATCH_MESSAGES || openBytes + message.size() > BATCH_BYTES) {
                tasks.add(new Batch(uidValidity, UidSet.of(open), Extent.WHOLE).followUp());
                open.clear();
                openBytes = 0;
            }
            open.add(uid);
            openBytes += message.size();
        }
        if (!open.isEmpty()) {
            tasks.add(new Batch(uidValidity, UidSet.of(open), Extent.WHOLE).followUp());
        }
        return tasks;
    }

    /** @throws IllegalArgumentException when the payload is not that of a batch */
    DownloadMessages(JsonObject payload, ImapConfig config) {
        this(Batch.of(payload), config);
    }

    @Override
    public TaskResult apply(ImapConnection connection) throws TaskFailure, InterruptedException {
        // A kept connection may have opened the folder before it was replaced: only a new look decides.
        if (connection.examined(config.folder()).uidValidity() != batch.uidValidity
                && connection.examine(config.folder()).uidValidity() != batch.uidValidity) {
            // These messages do not exist any more; the next run lists the folder again.
            return TaskResult.nothing();
        }
        try {
            return fetch(connection);
        } catch (TaskFailure.Permanent refusal) {
            if (batch.uids.size() > 1) {
                return TaskResult.ofTasks(apart(batch.uids));
            }
            if (connection.present(batch.uids).isEmpty()) {
                return TaskResult.nothing();
            }
            throw refusal;
        }
    }

    /**
     * Asks again for messages that the server left out, lest one is lost. It leaves out a message that is gone, or when
     * this connection opened the folder before the message came, or when Angus Mail cannot read one of the answers
     * about it, such as an INTERNALDATE that is none. Only a message that is gone may stay without output.
     */
    private TaskResult fetch(ImapConnection connection) throws TaskFailure, InterruptedException {
        var messages = new ArrayList<>(connection.fetch(batch.uids, batch.extent));
        UidSet missing = without(batch.uids, messages);
        UidSet silent = UidSet.of(List.of());
        if (!missing.isEmpty() && connection.examine(config.folder()).uidValidity() == batch.uidValidity) {
            messages.addAll(connection.fetchBare(missing, batch.extent));
            silent = connection.present(without(missing, messages));
        }
        if (!silent.isEmpty() && messages.isEmpty()) {
            throw new Failures(config).noAnswer(silent);
        }
        var output = new MessageOutput(config.folder(), batch.uidValidity);
        return TaskResult.ofTasks(apart(silent))
                .withOutputs(messages.stream()
                        .map(message -> output.of(message, batch.extent == Extent.HEADER))
                        .toList());
    }

    /** A message that the server does not hand out must not take the others of its batch along. */
    private List<FollowUp> apart(UidSet uids) {
        return uids.list().stream()
                .map(uid -> new Batch(batch.uidValidity, UidSet.of(List.of(uid)), batch.extent).followUp())
                .toList();
    }

    private static UidSet without(UidSet uids, List<Fetched> messages) {
        var fetched = messages.stream().map(Fetched::uid).toList();
        return UidSet.of(
                uids.list().stream().filter(uid -> !fetched.contains(uid)).toList());
    }
}
