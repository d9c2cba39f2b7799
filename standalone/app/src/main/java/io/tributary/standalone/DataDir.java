package io.tributary.standalone;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The folder that holds everything of one installation: the servers' data, the keys, the log, the user's plugins. Only
 * its owner can read it.
 *
 * @param path absolute
 */
public record DataDir(Path path) {

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /**
     * Makes the folder where it is missing.
     *
     * @throws UserError when it cannot be made or written
     */
    public static DataDir at(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        try {
            if (!Files.isDirectory(absolute)) {
                Files.createDirectories(
                        absolute, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            Files.createDirectories(absolute.resolve("keys"));
            Files.createDirectories(absolute.resolve("log"));
            Files.createDirectories(absolute.resolve("plugins"));
            return new DataDir(absolute);
        } catch (IOException e) {
            throw cannotWrite(absolute, e);
        }
    }

    public Path kafka() {
        return path.resolve("kafka");
    }

    public Path postgres() {
        return path.resolve("postgres");
    }

    public Path registry() {
        return path.resolve("registry");
    }

    /** Integrations that the user put there: jars, plugin folders, YAML files. */
    public Path plugins() {
        return path.resolve("plugins");
    }

    /** The folder of the worker's engine: its state in addition to its topics. */
    public Path worker() {
        return path.resolve("worker");
    }

    /** Content too large for a row. */
    public Path content() {
        return path.resolve("content");
    }

    /** The Tink keyset that credentials are sealed with. */
    public Path keyset() {
        return path.resolve("keys/credentials.json");
    }

    /** The private key that {@code token} signs with, PEM. */
    public Path tokenKey() {
        return path.resolve("keys/token.key");
    }

    /** The public half of {@link #tokenKey()}, which the API checks tokens with, PEM. */
    public Path tokenPublicKey() {
        return path.resolve("keys/token.pub");
    }

    /** Where the running instance can be reached; absent when none runs. */
    public Path endpoints() {
        return path.resolve("endpoints.json");
    }

    public Path log() {
        return path.resolve("log/tributary.log");
    }

    /**
     * Takes the folder for this process until the lock is closed. The operating system holds the lock, so it ends with
     * the process however that ends.
     *
     * @throws UserError when another process has it
     */
    public Lock lock() {
        try {
            var channel = FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!tryLock(channel)) {
                channel.close();
                throw new UserError("another Tributary runs on " + path
                        + ": stop that one first, or choose another folder with --data-dir");
            }
            return new Lock(channel);
        } catch (IOException e) {
            throw cannotWrite(path, e);
        }
    }

    /** The folder is this process's own until this is closed. */
    public record Lock(FileChannel channel) implements AutoCloseable {
        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw new IllegalStateException("cannot release the lock of the data folder", e);
            }
        }
    }

    /** What only its owner can read. */
    static FileAttribute<Set<PosixFilePermission>> ownerOnly() {
        return OWNER_ONLY;
    }

    /** Writes a file that only its owner can read; it is there whole, or not at all. */
    void writePrivately(Path file, String text) {
        try {
            Path whole = Files.createTempFile(path, "new-", null, OWNER_ONLY);
            Files.writeString(whole, text);
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw cannotWrite(path, e);
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false; // this very process has it
        }
    }

    private static UserError cannotWrite(Path path, IOException cause) {
        String what = cause instanceof AccessDeniedException ? "permission denied" : cause.getMessage();
        return new UserError(
                "cannot write to " + path + " (" + what
                        + "): make it writable, or choose another folder with --data-dir",
                cause);
    }
}
