package io.tributary.integrations.declarative;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The files that this process has downloaded and not read to their end, in its temporary folder. The tasks that read a
 * file one after the other find it here; where one does not, since it runs in another process, it downloads the file
 * again. A file that nobody has read for an hour is deleted. Thread safe.
 */
final class Downloads implements AutoCloseable {

    private static final long IDLE_NANOS = Duration.ofHours(1).toNanos();

    /**
     * A file.
     *
     * @param hash of its bytes
     */
    record Downloaded(Path path, String hash) {}

    private static final class Kept {
        private final Downloaded file;
        private long usedAtNanos = System.nanoTime();

        Kept(Downloaded file) {
            this.file = file;
        }
    }

    private final Map<String, Kept> kept = new LinkedHashMap<>();

    /** An empty file. */
    Path create() throws IOException {
        sweep();
        return Files.createTempFile("tributary-download-", null);
    }

    synchronized @Nullable Downloaded find(String key) {
        sweep();
        Kept found = kept.get(key);
        if (found == null || !Files.exists(found.file.path())) {
            return null;
        }
        found.usedAtNanos = System.nanoTime();
        return found.file;
    }

    /** Keeps a file. */
    synchronized Downloaded keep(String key, Downloaded file) {
        sweep();
        Kept before = kept.put(key, new Kept(file));
        if (before != null) {
            delete(before.file.path());
        }
        return file;
    }

    /** Forgets a file that has been read. */
    synchronized void drop(String key) {
        sweep();
        Kept done = kept.remove(key);
        if (done != null) {
            delete(done.file.path());
        }
    }

    private synchronized void sweep() {
        long now = System.nanoTime();
        kept.values().removeIf(old -> {
            boolean isIdle = now - old.usedAtNanos > IDLE_NANOS;
            if (isIdle) {
                delete(old.file.path());
            }
            return isIdle;
        });
    }

    @Override
    public synchronized void close() {
        kept.values().forEach(each -> delete(each.file.path()));
        kept.clear();
    }

    static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // It is open, on some systems, and stays in the temporary folder.
        }
    }
}
