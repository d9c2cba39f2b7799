package io.tributary.integrations.imap;

import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Finds the messages that are new, a page at a time, and returns the downloads for the page and the next page.
 *
 * <p>What is new: the UIDs above the last one that the sync state knows, up to the last one in use when the run starts.
 * The state {@code {folder, uidValidity, lastUid}} is set right away; the engine keeps it only if the whole run succeeds.
 * A run that is bounded by dates leaves it alone: it may not see all that is new.
 */
final class ListMessages implements Connections.Use<TaskResult> {

    static final String TYPE = "listMessages";

    /** From which UID to which: {@code after} exclusive, {@code until} inclusive. */
    private record Page(long uidValidity, long after, long until) {

        static Page of(JsonObject payload) {
            return new Page(
                    payload.requireInteger("uidValidity"),
                    payload.requireInteger("after"),
                    payload.requireInteger("until"));
        }

        FollowUp followUp() {
            return new FollowUp(
                    TYPE,
                    JsonObject.of("uidValidity", uidValidity)
                            .with("after", after)
                            .with("until", until));
        }
    }

    private final @Nullable Page page;
    private final TaskContext context;
    private final String folder;
    private final DateWindow window;

    /**
     * @param payload empty for the first page
     * @throws IllegalArgumentException when the payload is neither empty nor that of a page
     */
    ListMessages(JsonObject payload, TaskContext context, ImapConfig config) {
        this.page = payload.isEmpty() ? null : Page.of(payload);
        this.context = context;
        this.folder = config.folder();
        this.window = DateWindow.of(context.options());
    }

    @Override
    public TaskResult apply(ImapConnection connection) throws TaskFailure, InterruptedException {
        // Anew for each page: a connection that opened the folder before may not see all that the first page counted.
        Mailbox mailbox = connection.examine(folder);
        if (page == null) {
            return firstPage(mailbox, connection);
        }
        if (mailbox.uidValidity() != page.uidValidity) {
            // The UIDs are of a folder that is no more. So is the state: the next run lists the new one.
            return TaskResult.nothing();
        }
        return list(page, connection);
    }

    private TaskResult firstPage(Mailbox mailbox, ImapConnection connection) throws TaskFailure, InterruptedException {
        long known = lastKnownUid(mailbox);
        long after = context.options().force() ? 0 : known;
        TaskResult result = list(new Page(mailbox.uidValidity(), after, mailbox.lastUid()), connection);
        boolean unchanged = known > 0 && known >= mailbox.lastUid();
        if (window.isBounded() || unchanged) {
            return result;
        }
        return result.withState(JsonObject.of("folder", folder)
                .with("uidValidity", mailbox.uidValidity())
                .with("lastUid", mailbox.lastUid()));
    }

    /** Where the last run ended in this very folder; 0 when none did. */
    private long lastKnownUid(Mailbox mailbox) {
        JsonObject state = context.syncState();
        boolean same = state.text("folder").filter(folder::equals).isPresent()
                && state.integer("uidValidity")
                        .filter(validity -> validity == mailbox.uidValidity())
                        .isPresent();
        return same ? state.integer("lastUid").orElse(0L) : 0;
    }

    private TaskResult list(Page page, ImapConnection connection) throws TaskFailure, InterruptedException {
        UidSet uids = find(page, connection);
        if (uids.isEmpty()) {
            return TaskResult.nothing();
        }
        var tasks =
                new ArrayList<FollowUp>(DownloadMessages.plan(page.uidValidity, uids, connection.list(uids), window));
        if (uids.size() == UidSet.MAX_SIZE && uids.last() < page.until) {
            tasks.add(new Page(page.uidValidity, uids.last(), page.until).followUp());
        }
        return TaskResult.ofTasks(tasks);
    }

    /**
     * The first UIDs of the page. UIDs have gaps, from one to billions (RFC 9051, section 2.3.1.1): it looks at as many
     * as a page has, then at twice as many, and so on, so that neither a dense nor a sparse folder gives long answers or
     * takes many questions.
     */
    private UidSet find(Page page, ImapConnection connection) throws TaskFailure, InterruptedException {
        var found = new ArrayList<Long>();
        long width = UidSet.MAX_SIZE;
        for (long first = page.after + 1; first <= page.until && found.size() < UidSet.MAX_SIZE; width *= 2) {
            long last = Math.min(page.until, first + width - 1);
            found.addAll(connection.search(first, last, window).list());
            first = last + 1;
        }
        return UidSet.lowest(found.stream().mapToLong(Long::longValue));
    }
}
