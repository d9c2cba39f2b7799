package io.tributary.integrations.ftp;

import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Listing;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import io.tributary.integrations.ftp.RemoteFile.Kind;
import io.tributary.integrations.sockets.KeptConnections;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Lists a directory and returns a task for each directory in it and a download for each file that is new or changed, in
 * the order of their names, a page at a time. A listing cannot be read in pages: each page lists anew and goes on after
 * the name where the last one ended, which loses nothing when files come and go meanwhile.
 *
 * <p>What is known of the directory is written with the first page, of the listing that the first page saw; the engine
 * keeps it only if the whole run succeeds. What changes later has another fingerprint, so that the next run sees it. A
 * run that is bounded by dates leaves the state alone: it does not see all that is new.
 *
 * <p>Every other run names all files there are, so that those that are gone are found: whole directories are listed
 * anyway. A directory of more than {@link #MOST_LISTED} files is listed once for each of its groups, in every run. What
 * another path or other patterns leave out counts as gone; when that is more than half, the sink wants a forced run to
 * confirm it.
 *
 * <p>A directory that looks, to the last size and time, like one of those above it is one of those: some servers show
 * links to directories as directories, and such a link can lead in circles. It is not followed. {@link #MAX_DEPTH} ends
 * circles in which there is too little to tell by.
 */
record ListDirectory(TaskContext context, FtpConfig config, SyncState state, ListedPage page, KnownFiles known)
        implements KeptConnections.Use<RemoteSession, TaskResult> {

    static final String TYPE = "listDirectory";

    /** Most tasks of a page, without the one for the next page. */
    static final int PAGE = 5_000;

    /** Most files that a page names, whether or not they are new: as many as a result may list. */
    static final int MOST_LISTED = 10_000;

    /** Most bytes of the paths that a page names: the worker takes 4 MB as UTF-8, in which a byte may become two. */
    private static final int MOST_LISTED_BYTES = 3 * 512 * 1024;

    /** How deep directories are followed. */
    static final int MAX_DEPTH = 100;

    /**
     * @param payload empty for the configured path
     * @throws IllegalArgumentException when the payload is neither empty nor that of a page
     */
    ListDirectory(JsonObject payload, TaskContext context, FtpConfig config) {
        SyncState state = SyncState.of(context);
        ListedPage page = payload.isEmpty() ? firstOfRun(context, config, state) : ListedPage.of(payload);
        this(
                context,
                config,
                state,
                page,
                page.afresh() ? KnownFiles.NOTHING : state.known(page.generation() - 1, page.directory()));
    }

    private static ListedPage firstOfRun(TaskContext context, FtpConfig config, SyncState state) {
        boolean afresh = context.options().force() || !state.isOf(config);
        return new ListedPage(config.path(), state.generation() + 1, afresh, List.of(), null, null);
    }

    @Override
    public TaskResult apply(RemoteSession session) throws TaskFailure, InterruptedException {
        if (page.above().size() > MAX_DEPTH) {
            throw new Failures(config).tooDeep(page.directory());
        }
        var listing = new Listed();
        try {
            session.list(page.directory(), listing::add);
        } catch (TaskFailure.Permanent refusal) {
            return rejected(refusal);
        }
        return page.after() == null ? firstPage(listing) : tasks(listing);
    }

    /** The configured path has to be there; a directory below it may be gone by now. */
    private TaskResult rejected(TaskFailure.Permanent refusal) throws TaskFailure {
        if (page.above().isEmpty()) {
            throw new TaskFailure.Misconfigured(refusal.code(), refusal.reason(), refusal);
        }
        if (refusal.code().equals(Failures.PATH_NOT_FOUND)) {
            return TaskResult.nothing();
        }
        throw refusal;
    }

    private TaskResult firstPage(Listed listing) {
        if (listing.isOneOf(page.above())) {
            context.logger().log(System.Logger.Level.INFO, "ftp.directoryLeadsInCircles: not followed");
            return TaskResult.nothing();
        }
        if (context.options().isBounded()) {
            return tasks(listing);
        }
        TaskResult result = tasks(listing);
        return page.above().isEmpty()
                ? result.withState(state.begin(config, page.generation(), page.afresh(), listing.files))
                        .withListing(Listing.ofEverything(result.listing().externalIds()))
                : result.withState(state.keep(page.generation(), page.directory(), listing.files));
    }

    private TaskResult tasks(Listed listing) {
        ListedPage.ChangedGroups changed = page.changed();
        if (changed == null && known instanceof KnownFiles.Groups groups) {
            changed = new ListedPage.ChangedGroups(groups.sums().length, groups.changed(listing.files));
            if (!changed.changed().isEmpty()) {
                // Which files are in these groups was not known while they were listed.
                return TaskResult.ofTasks(List.of(page.next("", changed).followUp()));
            }
        }
        var tasks = new ArrayList<FollowUp>(listing.found.size() + 1);
        listing.found.values().forEach(file -> tasks.add(task(file, listing.files.whole())));
        if (listing.end != null) {
            tasks.add(page.next(listing.end, changed).followUp());
        }
        return TaskResult.ofTasks(tasks).withListing(Listing.of(listing.ids()));
    }

    private String idOf(String name) {
        return page.directory().child(name).text();
    }

    private FollowUp task(RemoteFile file, long listing) {
        if (file.kind() == Kind.UNREADABLE) {
            return DownloadFile.unreadable(page.directory(), file.name());
        }
        if (!isUsable(file.name())) {
            return DownloadFile.rejected(page.directory(), file.name());
        }
        RemotePath path = page.directory().child(file.name());
        return file.kind() == Kind.DIRECTORY ? page.below(path, listing).followUp() : DownloadFile.followUp(path, file);
    }

    private boolean isUsable(String name) {
        return RemotePath.isName(name) && page.directory().wire().length() + 1 + name.length() <= RemotePath.MAX_BYTES;
    }

    /** The part of a listing that is of this page; the rest is not kept. */
    private final class Listed {
        private final Fingerprints files = new Fingerprints();
        private final TreeMap<String, RemoteFile> found = new TreeMap<>();
        private final TreeSet<String> names = new TreeSet<>();
        private int bytesOfNames;
        private @Nullable String end;
        private int listed;

        void add(RemoteFile file) {
            if (file.kind() == Kind.OTHER || file.kind() == Kind.LINK) {
                return;
            }
            listed++;
            files.addListed(file);
            if (file.kind() == Kind.UNREADABLE || !isUsable(file.name())) {
                addToPage(file);
            } else if (file.kind() == Kind.DIRECTORY) {
                addDirectory(file);
            } else {
                addFile(file);
            }
            cut();
        }

        private void addDirectory(RemoteFile file) {
            if (config.filter().takesDirectory(config.path(), page.directory().child(file.name()))) {
                addToPage(file);
            }
        }

        private void addFile(RemoteFile file) {
            if (!config.filter().takesFile(config.path(), page.directory().child(file.name()))) {
                return;
            }
            long fingerprint = Fingerprints.of(file);
            files.add(file.name(), fingerprint); // Of the files of all pages.
            name(file.name());
            if ((isNew(file.name(), fingerprint) || !file.hasVersion())
                    && context.options().includes(file.modifiedAt())) {
                addToPage(file);
            }
        }

        private void addToPage(RemoteFile file) {
            if (isOfPage(file.name())) {
                found.put(file.name(), file);
            }
        }

        /** Names a file, so that it is not missed; one that no item can be known by is not synced either. */
        private void name(String name) {
            if (!context.options().isBounded()
                    && isOfPage(name)
                    && idOf(name).length() <= DownloadFile.MAX_EXTERNAL_ID
                    && names.add(name)) {
                bytesOfNames += bytesOf(name);
            }
        }

        private void cut() {
            if (found.size() > PAGE) {
                found.pollLastEntry();
                cutAfter(found.lastKey());
            }
            if (names.size() > 1 && (names.size() > MOST_LISTED || bytesOfNames > MOST_LISTED_BYTES)) {
                cutAfter(names.lower(names.last()));
            }
        }

        private int bytesOf(String name) {
            return page.directory().wire().length() + 1 + name.length();
        }

        private boolean isOfPage(String name) {
            return (page.after() == null || name.compareTo(page.after()) > 0)
                    && (end == null || name.compareTo(end) <= 0);
        }

        /** The next page begins where this one ends: with whichever of its bounds is met first. */
        private void cutAfter(String name) {
            end = name;
            found.tailMap(name, false).clear();
            while (!names.isEmpty() && names.last().compareTo(name) > 0) {
                bytesOfNames -= bytesOf(names.pollLast());
            }
        }

        private List<String> ids() {
            return names.stream().map(ListDirectory.this::idOf).toList();
        }

        private boolean isNew(String name, long fingerprint) {
            if (page.changed() != null) {
                return page.changed().contains(name);
            }
            return known instanceof KnownFiles.Each each && !each.contains(fingerprint);
        }

        boolean isOneOf(List<Long> above) {
            return listed > 1 && above.contains(files.whole());
        }
    }
}
