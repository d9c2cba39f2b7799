package io.tributary.integrations.imap;

import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Listing;
import io.tributary.integrations.api.Options;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import io.tributary.integrations.sockets.KeptConnections;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the messages that are new, a page at a time, and returns the downloads for the page and the next page.
 *
 * <p>New are the UIDs above the last one that the sync state knows, up to the last one in use when the run starts.
 * The state {@code {folder, uidValidity, lastUid, listedAt}} is set right away; the engine keeps it only if the whole
 * run succeeds. A run that is bounded by dates leaves it alone: it may not see all that is new.
 *
 * <p>Once a day, and when it is forced, a run names all messages of the folder, so that those that are gone are found.
 * The known ones cost their UIDs then, a thousand in a few KB. When the folder is another one, or has another
 * UIDVALIDITY, the run after that one does it: the items of before are no more than half of all by then, and go. If
 * there are fewer messages now than items of before, a forced run has to confirm it; until then each run ends as {@code
 * partial}, and the state stays.
 */
record ListMessages(@Nullable Page page, TaskContext context, String folder, Options options, Failures failures)
        implements KeptConnections.Use<ImapConnection, TaskResult> {

    static final String TYPE = "listMessages";

    /** From one list of all messages to the next. */
    static final Duration LIST_ALL_EVERY = Duration.ofDays(1);

    /**
     * From which UID to which.
     *
     * @param after exclusive
     * @param until inclusive
     * @param known messages up to this UID are not downloaded
     * @param listsAll whether the pages of the run name all messages
     */
    private record Page(long uidValidity, long after, long until, long known, boolean listsAll) {

        static Page of(JsonObject payload) {
            return new Page(
                    payload.requireInteger("uidValidity"),
                    payload.requireInteger("after"),
                    payload.requireInteger("until"),
                    payload.integer("known").orElse(0L),
                    payload.bool("listsAll").orElse(false));
        }

        Page next(long after) {
            return new Page(uidValidity, after, until, known, listsAll);
        }

        FollowUp followUp() {
            return new FollowUp(
                    TYPE,
                    JsonObject.of("uidValidity", uidValidity)
                            .with("after", after)
                            .with("until", until)
                            .with("known", known)
                            .with("listsAll", listsAll));
        }
    }

    /**
     * @param payload empty for the first page
     * @throws IllegalArgumentException when the payload is neither empty nor that of a page
     */
    ListMessages(JsonObject payload, TaskContext context, ImapConfig config) {
        this(
                payload.isEmpty() ? null : Page.of(payload),
                context,
                config.folder(),
                context.options(),
                new Failures(config));
    }

    @Override
    public TaskResult apply(ImapConnection connection) throws TaskFailure, InterruptedException {
        // Anew for each page: a connection that opened the folder before may not see all that the first page counted.
        Mailbox mailbox = connection.examine(folder);
        if (page == null) {
            return firstPage(mailbox, connection);
        }
        if (mailbox.uidValidity() != page.uidValidity) {
            if (page.listsAll) {
                throw failures.folderReplaced(); // What was not listed would count as deleted.
            }
            // The UIDs and the state are of a folder that was replaced: the next run lists the new one.
            return TaskResult.nothing();
        }
        return list(page, connection);
    }

    private TaskResult firstPage(Mailbox mailbox, ImapConnection connection) throws TaskFailure, InterruptedException {
        boolean force = options.force();
        long lastKnown = lastKnownUid(mailbox);
        long known = force ? 0 : lastKnown;
        boolean listsAll = !options.isBounded() && (force || isListDue(mailbox));
        var all = new Page(mailbox.uidValidity(), listsAll ? 0 : known, mailbox.lastUid(), known, listsAll);
        TaskResult result = list(all, connection);
        if (listsAll) {
            result = result.withListing(Listing.ofEverything(result.listing().externalIds()));
        }
        boolean unchanged = lastKnown > 0 && lastKnown >= mailbox.lastUid() && !listsAll;
        return options.isBounded() || unchanged ? result : result.withState(newState(mailbox, listsAll));
    }

    private JsonObject newState(Mailbox mailbox, boolean listsAll) {
        JsonObject state = JsonObject.of("folder", folder)
                .with("uidValidity", mailbox.uidValidity())
                .with("lastUid", mailbox.lastUid());
        if (listsAll || context.syncState().isEmpty()) {
            // There is nothing yet that could be gone when all is new.
            return state.with("listedAt", context.clock().instant().getEpochSecond());
        }
        return isSame(mailbox) ? state : state.with("listedAt", null);
    }

    private boolean isListDue(Mailbox mailbox) {
        return isSame(mailbox)
                && context.clock().instant().getEpochSecond()
                        >= context.syncState().integer("listedAt").orElse(0L) + LIST_ALL_EVERY.toSeconds();
    }

    /** Where the last run ended in this very folder; 0 when none did. */
    private long lastKnownUid(Mailbox mailbox) {
        return isSame(mailbox) ? context.syncState().integer("lastUid").orElse(0L) : 0;
    }

    private boolean isSame(Mailbox mailbox) {
        JsonObject state = context.syncState();
        return state.text("folder").filter(folder::equals).isPresent()
                && state.integer("uidValidity")
                        .filter(validity -> validity == mailbox.uidValidity())
                        .isPresent();
    }

    private TaskResult list(Page page, ImapConnection connection) throws TaskFailure, InterruptedException {
        UidSet uids = find(page, connection);
        if (uids.isEmpty()) {
            return TaskResult.nothing();
        }
        UidSet unknown =
                UidSet.of(uids.list().stream().filter(uid -> uid > page.known).toList());
        var tasks = new ArrayList<FollowUp>();
        if (!unknown.isEmpty()) {
            tasks.addAll(DownloadMessages.plan(page.uidValidity, unknown, connection.list(unknown), options));
        }
        if (uids.size() == UidSet.MAX_SIZE && uids.last() < page.until) {
            tasks.add(page.next(uids.last()).followUp());
        }
        TaskResult result = TaskResult.ofTasks(tasks);
        return page.listsAll ? result.withListing(Listing.of(idsOf(uids, page))) : result;
    }

    private List<String> idsOf(UidSet uids, Page page) {
        var output = new MessageOutput(folder, page.uidValidity);
        return uids.list().stream().map(output::externalId).toList();
    }

    /**
     * The first UIDs of the page. UIDs have gaps, from one to billions (RFC 9051, section 2.3.1.1): it looks at as many
     * as a page has, then at twice as many, and so on, so that neither a dense nor a sparse folder gives long answers
     * or takes many questions.
     */
    private UidSet find(Page page, ImapConnection connection) throws TaskFailure, InterruptedException {
        var found = new ArrayList<Long>();
        long width = UidSet.MAX_SIZE;
        for (long first = page.after + 1; first <= page.until && found.size() < UidSet.MAX_SIZE; width *= 2) {
            long last = Math.min(page.until, first + width - 1);
            found.addAll(connection.search(first, last, options).list());
            first = last + 1;
        }
        return UidSet.lowest(found.stream().mapToLong(Long::longValue));
    }
}
