package io.tributary.standalone.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The JVM's archive of a program's classes, read and verified once: it takes a third off the registry's start. The
 * first run on a machine writes it when it ends, in its own folder, and it is then moved next to the program, where
 * every later run finds it. An archive is good for one build of the JVM and one class path, so its name tells which.
 */
final class ClassArchive {

    private static final Logger LOG = LoggerFactory.getLogger(ClassArchive.class);

    private final Path shared;
    private final Path own;

    /**
     * @param guard the jar of ours on the program's class path, in the program's folder
     * @param folder of this run
     */
    ClassArchive(Path guard, Path folder) {
        String build = System.getProperty("java.vm.version").replaceAll("[^A-Za-z0-9.+-]", "_");
        this.shared =
                guard.resolveSibling("classes-" + build + "-" + guard.toFile().lastModified() + ".jsa");
        this.own = folder.resolve("classes.jsa");
    }

    /** Flags that make a JVM use the archive, or write it when there is none yet. */
    List<String> flags() {
        return Files.exists(shared)
                ? List.of("-XX:SharedArchiveFile=" + shared, "-Xshare:auto")
                : List.of("-XX:ArchiveClassesAtExit=" + own);
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
