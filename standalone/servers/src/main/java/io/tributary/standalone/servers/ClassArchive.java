package io.tributary.standalone.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The JVM's archive of a program's classes, read and verified once. There are two:
 *
 * <ul>
 *   <li>An ahead-of-time cache, which also has linked classes: it halves the CPU time of a start. A {@link Training}
 *       records it, and {@code ./tributary} creates it in the background.
 *   <li>While there is none, an archive of classes alone, which takes a third off. The first run on a machine writes it
 *       when it ends, in its own folder, and it is then moved next to the program, where every later run finds it.
 * </ul>
 *
 * <p>An archive is good for one build of the JVM and one class path, so its name tells which.
 */
final class ClassArchive {

    private static final Logger LOG = LoggerFactory.getLogger(ClassArchive.class);

    private final Path cache;
    private final Path shared;
    private final Path own;
    private final @Nullable Training training;

    /**
     * @param guard the jar of ours on the program's class path, in the program's folder
     * @param folder of this run
     * @param training what this run records; null: nothing
     */
    ClassArchive(Path guard, Path folder, @Nullable Training training) {
        String build = System.getProperty("java.vm.version").replaceAll("[^A-Za-z0-9.+-]", "_");
        String name = "classes-" + build + "-" + guard.toFile().lastModified();
        this.cache = guard.resolveSibling(name + ".aot");
        this.shared = guard.resolveSibling(name + ".jsa");
        this.own = folder.resolve("classes.jsa");
        this.training = training;
    }

    boolean isTraining() {
        return training != null;
    }

    /** Flags that make a JVM use the archive, or write it when there is none yet. */
    List<String> flags() {
        if (training != null) {
            return training.recordFlags();
        }
        if (Files.exists(cache)) {
            return List.of("-XX:AOTCache=" + cache, "-Xlog:aot=off", "-Xlog:cds=off");
        }
        return Files.exists(shared)
                ? List.of("-XX:SharedArchiveFile=" + shared, "-Xshare:auto")
                : List.of("-XX:ArchiveClassesAtExit=" + own);
    }

    /**
     * Says how to create the cache from what the run recorded.
     *
     * @param flags of the JVM; the cache is good for these alone
     */
    void describe(List<String> flags, String classPath) {
        if (training != null) {
            training.describe(flags, classPath, cache);
        }
    }

    /** Shares what a run wrote; to be called when it has ended. A second process replaces it by an equal one. */
    void share() {
        if (!Files.exists(own)) {
            return;
        }
        try {
            Files.move(own, shared, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            // The program's folder is on another disk, or not ours to write: starts stay as slow as this one was.
            LOG.debug(
                    "standalone.classArchiveNotShared: class archive not shared file={} cause={}",
                    shared,
                    e.toString());
        }
    }
}
