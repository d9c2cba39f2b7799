package io.tributary.integrations.ftp;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.TaskContext;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The sync state: {@code {of, generation, known: {<generation>: {<directory>: <its known files>}}}}.
 *
 * <p>Every run writes a generation of its own and reads the one before, so that directories that are gone are
 * forgotten; both are in the state while it runs. A generation is held to {@link #MAX_CHARS}: the more of it is used,
 * the coarser the next directory is kept, and when it is full a directory is not kept at all, whose files are then
 * downloaded in each run.
 *
 * <p>{@code of} says which server and path it is about; after another is configured, nothing is known.
 */
record SyncState(JsonObject json) {

    /** Most characters of a generation, give or take those of the tasks at work at the same time. */
    static final int MAX_CHARS = 128 * 1024;

    /** Most characters of a directory. */
    static final int MAX_DIRECTORY_CHARS = 32 * 1024;

    /** Characters of a directory without its files: its key, and the punctuation of JSON. */
    private static final int DIRECTORY_CHARS = 15;

    static SyncState of(TaskContext context) {
        return new SyncState(context.syncState());
    }

    /** The generation that the last run wrote. */
    long generation() {
        return json.integer("generation").orElse(0L);
    }

    boolean isOf(FtpConfig config) {
        return json.text("of").filter(of(config)::equals).isPresent();
    }

    private static String of(FtpConfig config) {
        return config.server() + config.path().text();
    }

    /** The files that a generation knows in a directory. */
    KnownFiles known(long generation, RemotePath directory) {
        return known(generation).text(key(directory)).map(KnownFiles::parse).orElse(KnownFiles.NOTHING);
    }

    private JsonObject known(long generation) {
        return json.object("known").object(Long.toString(generation));
    }

    /** The patch with which a run begins its generation, the root in it; older generations than the last one go. */
    JsonObject begin(FtpConfig config, long generation, boolean afresh, Fingerprints filesOfRoot) {
        var known = new HashMap<String, @Nullable Object>();
        for (String old : json.object("known").values().keySet()) {
            if (afresh || !old.equals(Long.toString(generation - 1))) {
                known.put(old, null);
            }
        }
        known.put(Long.toString(generation), kept(generation, config.path(), filesOfRoot));
        return JsonObject.of("of", of(config)).with("generation", generation).with("known", known);
    }

    /** The patch that keeps a directory; empty when there is nothing to keep, or no room for it. */
    JsonObject keep(long generation, RemotePath directory, Fingerprints files) {
        Map<String, String> kept = kept(generation, directory, files);
        return kept.isEmpty() ? JsonObject.EMPTY : JsonObject.of("known", Map.of(Long.toString(generation), kept));
    }

    private Map<String, String> kept(long generation, RemotePath directory, Fingerprints files) {
        return keptAs(generation, files)
                .map(kept -> Map.of(key(directory), kept.toString()))
                .orElse(Map.of());
    }

    private Optional<KnownFiles> keptAs(long generation, Fingerprints files) {
        if (files.count() == 0) {
            return Optional.empty();
        }
        int used = known(generation).values().values().stream()
                .mapToInt(value -> DIRECTORY_CHARS + String.valueOf(value).length())
                .sum();
        int filesOfGroup = filesOfGroup(used);
        if (filesOfGroup == 1 && files.count() * KnownFiles.CHARS <= MAX_DIRECTORY_CHARS) {
            return Optional.of(files.each());
        }
        int wanted = files.count() / Math.max(filesOfGroup, 16);
        int groups = Math.min(Fingerprints.MAX_GROUPS, Integer.highestOneBit(Math.max(1, wanted)));
        while (groups > 1 && used + groups * KnownFiles.CHARS > MAX_CHARS) {
            groups /= 2;
        }
        return used >= MAX_CHARS ? Optional.empty() : Optional.of(new KnownFiles.Groups(files.groups(groups)));
    }

    /** The more is used, the larger the groups, so that the rest is enough for many more directories. */
    private static int filesOfGroup(int used) {
        if (used < MAX_CHARS / 2) {
            return 1;
        }
        if (used < MAX_CHARS * 3 / 4) {
            return 16;
        }
        return used < MAX_CHARS * 7 / 8 ? 128 : Integer.MAX_VALUE;
    }

    private static String key(RemotePath directory) {
        return new KnownFiles.Each(new long[] {Fingerprints.hash(directory.wire())})
                .toString()
                .substring(1);
    }
}
