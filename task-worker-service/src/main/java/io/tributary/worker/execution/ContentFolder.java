package io.tributary.worker.execution;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;

/**
 * Content as files of a local folder, named by their SHA-256 under the user integration. Written aside, forced to
 * disk, then moved into place: a file that is there is whole.
 */
public final class ContentFolder implements ContentStore {

    private final Path folder;

    public ContentFolder(Path folder) {
        this.folder = folder.toAbsolutePath();
    }

    @Override
    public URI put(UUID userIntegrationId, byte[] content) throws IOException {
        Path place = folder.resolve(userIntegrationId.toString()).resolve(sha256(content));
        if (Files.exists(place)) {
            return place.toUri();
        }
        Path parent = Files.createDirectories(place.getParent());
        Path aside = Files.createTempFile(parent, "incoming", null);
        try (FileChannel file = FileChannel.open(aside, StandardOpenOption.WRITE)) {
            var buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                file.write(buffer);
            }
            file.force(true);
        }
        Files.move(aside, place, StandardCopyOption.ATOMIC_MOVE);
        return place.toUri();
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
