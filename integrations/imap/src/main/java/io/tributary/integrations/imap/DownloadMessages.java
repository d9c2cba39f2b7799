package io.tributary.integrations.imap;

import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import io.tributary.integrations.imap.ImapConnection.Extent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Downloads a batch of messages. Bounded by count and by bytes, so that a task takes little memory and returns little at
 * once; a message over {@link #MAX_MESSAGE_BYTES} is not downloaded, it becomes an output with its header only.
 */
final class DownloadMessages implements Connections.Use<TaskResult> {

    static final String TYPE = "downloadMessages";

    /** Most messages of a batch. */
    static final int BATCH_MESSAGES = 50;

    /** Most bytes of a batch, unless a single message has more. */
    static final long BATCH_BYTES = 4L * 1024 * 1024;

    /** Largest message that is downloaded whole, bytes: what the large providers let through. */
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

    /** The tasks that download these messages, as far as they are within the window. */
    static List<FollowUp> plan(long uidValidity, UidSet uids, Map<Long, Listed> listed, DateWindow window) {
        var tasks = new ArrayList<FollowUp>();
        var open = new ArrayList<Long>();
        long openBytes = 0;
        for (long uid : uids.list()) {
            Listed message = listed.getOrDefault(uid, new Listed(uid, -1, null));
            if (!window.contains(message.internalDate())) {
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

    private final Batch batch;
    private final ImapConfig config;

    /** @throws IllegalArgumentException when the payload is not that of a batch */
    DownloadMessages(JsonObject payload, ImapConfig config) {
        this.batch = Batch.of(payload);
        this.config = config;
    }

    @Override
    public TaskResult apply(ImapConnection connection) throws TaskFailure, InterruptedException {
        if (connection.examined(config.folder()).uidValidity() != batch.uidValidity) {
            // These messages are no more; the next run lists the folder anew.
            return TaskResult.nothing();
        }
        var messages = new ArrayList<Fetched>();
        try {
            messages.addAll(connection.fetch(batch.uids, batch.extent));
            messages.addAll(fetchMissing(without(batch.uids, messages), connection));
        } catch (TaskFailure.Permanent refusal) {
            return apart(refusal, connection);
        }
        var output = new MessageOutput(config.folder(), batch.uidValidity);
        return TaskResult.ofOutputs(messages.stream()
                .map(message -> output.of(message, batch.extent == Extent.HEADER))
                .toList());
    }

    /**
     * Asks again for what the server left out, lest a message is lost that is there. It is left out when it is gone, when
     * this connection opened the folder before the message came, or when Angus Mail cannot read one of the answers about
     * it, such as an INTERNALDATE that is none. Only a message that is gone may stay without output.
     */
    private List<Fetched> fetchMissing(UidSet missing, ImapConnection connection)
            throws TaskFailure, InterruptedException {
        if (missing.isEmpty() || connection.examine(config.folder()).uidValidity() != batch.uidValidity) {
            return List.of();
        }
        List<Fetched> found = connection.fetchBare(missing, batch.extent);
        UidSet present = connection.present(without(missing, found));
        if (!present.isEmpty()) {
            throw new Failures(config).noAnswer(present);
        }
        return found;
    }

    /** One message that the server does not hand out must not take the others of its batch along. */
    private TaskResult apart(TaskFailure.Permanent refusal, ImapConnection connection)
            throws TaskFailure, InterruptedException {
        if (batch.uids.size() > 1) {
            return TaskResult.ofTasks(batch.uids.list().stream()
                    .map(uid -> new Batch(batch.uidValidity, UidSet.of(List.of(uid)), batch.extent).followUp())
                    .toList());
        }
        if (connection.present(batch.uids).isEmpty()) {
            return TaskResult.nothing();
        }
        throw refusal;
    }

    private static UidSet without(UidSet uids, List<Fetched> messages) {
        var fetched = messages.stream().map(Fetched::uid).toList();
        return UidSet.of(
                uids.list().stream().filter(uid -> !fetched.contains(uid)).toList());
    }
}
