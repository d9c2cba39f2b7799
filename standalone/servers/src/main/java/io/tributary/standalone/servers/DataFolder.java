package io.tributary.standalone.servers;

import io.tributary.standalone.servers.ServerFailure.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The folder a server keeps its data in, owned by this process until closed. The lock is the operating system's: it
 * ends with the process, however that ends.
 */
record DataFolder(Path path, FileChannel lock) implements AutoCloseable {

    /** Room a server needs to start and work for a while, bytes. */
    static final long ROOM_BYTES = 256L * 1024 * 1024;

    private static final String LOCK_FILE = "lock";

    /**
     * Makes the folder where it is missing, and takes it.
     *
     * @param roomBytes what must be free on its disk
     * @throws ServerFailure {@link Reason#FOLDER_IN_USE}, {@link Reason#DISK_FULL}, or {@link Reason#START_FAILED} when
     *     it cannot be written
     */
    static DataFolder open(Path folder, long roomBytes) {
        Path path = folder.toAbsolutePath().normalize();
        try {
            Files.createDirectories(path);
            requireRoom(path, roomBytes);
            return new DataFolder(path, lock(path));
        } catch (IOException e) {
            throw new ServerFailure(
                    Reason.START_FAILED,
                    "cannot write the data folder " + path + " (" + e.getMessage()
                            + "): make it writable, or choose another",
                    e);
        }
    }

    /** Gives the folder back; its files stay. */
    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new ServerFailure(Reason.START_FAILED, "cannot release the data folder " + path, e);
        }
    }

    private static void requireRoom(Path path, long roomBytes) throws IOException {
        long usable = Files.getFileStore(path).getUsableSpace();
        if (usable < roomBytes) {
            throw new ServerFailure(
                    Reason.DISK_FULL,
                    "the disk of " + path + " has " + megabytes(usable) + " MB left, " + megabytes(roomBytes)
                            + " MB are needed: free some space, or choose another data folder");
        }
    }

    private static FileChannel lock(Path path) throws IOException {
        Path file = path.resolve(LOCK_FILE);
        var channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            if (!tryLock(channel)) {
                String owner = Files.readString(file).strip();
                throw new ServerFailure(
                        Reason.FOLDER_IN_USE,
                        "the data folder " + path + " is in use by process " + owner
                                + ": stop that one first, or choose another data folder");
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8)));
            return channel;
        } catch (IOException | RuntimeException e) {
            closeQuietly(channel, e);
            throw e;
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false; // held by this very JVM
        }
    }

    private static void closeQuietly(FileChannel channel, Throwable earlier) {
        try {
            channel.close();
        } catch (IOException e) {
            earlier.addSuppressed(e);
        }
    }

    private static long megabytes(long bytes) {
        return bytes / (1024 * 1024);
    }

    /** Whether a failure, or what caused it, was a full disk. */
    static boolean isDiskFull(@Nullable Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            String message = t.getMessage();
            if (message != null && message.contains("No space left on device")) {
                return true;
            }
        }
        return false;
    }
}
