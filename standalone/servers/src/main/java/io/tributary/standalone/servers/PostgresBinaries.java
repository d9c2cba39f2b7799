package io.tributary.standalone.servers;

import io.tributary.standalone.servers.ServerFailure.Reason;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * PostgreSQL's programs, unpacked from the class path into a cache that all data folders of the user share.
 *
 * <p>The cache is {@code $XDG_CACHE_HOME/tributary} or {@code ~/.cache/tributary}, or the given fallback where neither
 * can be written. A set of programs appears there whole or not at all, under a name made of its content: they are
 * unpacked next to it and renamed, one process at a time, so that nobody ever sees half of them.
 */
final class PostgresBinaries {

    private PostgresBinaries() {}

    /** Folder with PostgreSQL's {@code bin}, {@code lib} and {@code share}; unpacks it when it is not there yet. */
    static Path unpacked(Path fallbackCache) {
        String archive = archive();
        try {
            Path cache = cache(fallbackCache);
            Path programs = cache.resolve("postgres-" + fingerprint(archive));
            if (!Files.exists(programs)) {
                unpackOnce(archive, cache, programs);
            }
            return programs;
        } catch (IOException e) {
            if (DataFolder.isDiskFull(e)) {
                throw new ServerFailure(
                        Reason.DISK_FULL, "the disk is full, PostgreSQL cannot be unpacked: free some space", e);
            }
            throw new ServerFailure(Reason.START_FAILED, "cannot unpack PostgreSQL: " + e.getMessage(), e);
        }
    }

    private static void unpackOnce(String archive, Path cache, Path programs) throws IOException {
        try (var lock =
                FileChannel.open(cache.resolve("unpack.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            synchronized (PostgresBinaries.class) { // the file lock keeps out other JVMs, this other threads
                try (var held = lock.lock()) {
                    if (!Files.exists(programs) && held.isValid()) {
                        Path partial = cache.resolve(programs.getFileName() + ".part");
                        FileTree.delete(partial); // what a crash left
                        unpack(archive, partial);
                        Files.move(partial, programs, StandardCopyOption.ATOMIC_MOVE);
                    }
                }
            }
        }
    }

    private static void unpack(String archive, Path target) throws IOException {
        try (var tar = new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(open(archive))))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path file = target.resolve(entry.getName()).normalize();
                if (!file.startsWith(target)) {
                    throw new IOException("entry outside of the archive: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                    continue;
                }
                Files.createDirectories(file.resolveSibling("."));
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
                } else if (entry.isLink()) {
                    Files.createLink(file, target.resolve(entry.getLinkName()));
                } else {
                    Files.copy(tar, file);
                    boolean executable = (entry.getMode() & 0100) != 0;
                    Files.setPosixFilePermissions(
                            file, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
                }
            }
        }
    }

    /** The cache folder: the user's, or the fallback. */
    private static Path cache(Path fallback) throws IOException {
        String configured = System.getenv("XDG_CACHE_HOME");
        Path user = configured == null || configured.isBlank()
                ? Path.of(System.getProperty("user.home"), ".cache")
                : Path.of(configured);
        Path cache = user.resolve("tributary");
        try {
            if (user.isAbsolute() && Files.isWritable(Files.createDirectories(cache))) {
                return cache;
            }
        } catch (IOException e) {
            // No home to write to, as in many containers: the data folder it is.
        }
        return Files.createDirectories(fallback);
    }

    private static String archive() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String processor = switch (System.getProperty("os.arch")) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "arm_64";
            case String other -> other;
        };
        String platform = (system.startsWith("mac") ? "darwin" : system) + "-" + processor;
        boolean musl = Files.exists(Path.of("/etc/alpine-release"));
        String archive = "/postgres-" + platform + (musl ? "-alpine_linux" : "") + ".txz";
        if (PostgresBinaries.class.getResource(archive) == null) {
            throw new ServerFailure(
                    Reason.PLATFORM_UNSUPPORTED,
                    "no PostgreSQL for " + platform + " on the class path: run on Linux or macOS (x86-64 or ARM),"
                            + " or set spring.datasource.url to a PostgreSQL of your own");
        }
        return archive;
    }

    private static InputStream open(String archive) throws IOException {
        InputStream stream = PostgresBinaries.class.getResourceAsStream(archive);
        if (stream == null) {
            throw new IOException("no " + archive + " on the class path");
        }
        return stream;
    }

    private static String fingerprint(String archive) throws IOException {
        var crc = new CRC32();
        try (var stream = new CheckedInputStream(open(archive), crc)) {
            stream.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().toHexDigits(crc.getValue(), 8);
    }
}
