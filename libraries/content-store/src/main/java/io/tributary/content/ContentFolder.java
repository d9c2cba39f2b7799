package io.tributary.content;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Content as files of a local folder. A file is written under another name, forced to disk, and then moved into place:
 * so every file is complete.
 *
 * @param folder created with the first content
 */
record ContentFolder(Path folder) implements ContentStore {

    ContentFolder {
        folder = folder.toAbsolutePath().normalize();
    }

    @Override
    public URI put(ContentKey key, byte[] content) throws IOException {
        Path place = place(key);
        if (!Files.exists(place)) {
            Path parent = Files.createDirectories(place.getParent());
            Path aside = Files.createTempFile(parent, "incoming", null);
            try {
                write(aside, content);
                Files.move(aside, place, StandardCopyOption.ATOMIC_MOVE);
                force(parent);
            } finally {
                Files.deleteIfExists(aside);
            }
        }
        return place.toUri();
    }

    private static void write(Path file, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            var buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    /** The file's name is an entry of its folder, and has to survive a loss of power as well. */
    private static void force(Path parent) throws IOException {
        try (FileChannel channel = FileChannel.open(parent, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public Optional<StoredContent> open(ContentKey key) throws IOException {
        try {
            Path place = place(key);
            return Optional.of(new StoredContent(Files.size(place), Files.newInputStream(place)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Goes through months, user integrations and files: in memory are the names of one folder of each. */
    @Override
    public Page list(@Nullable String after, int limit) throws IOException {
        List<ContentKey> keys = new ArrayList<>(limit);
        String from = after == null ? "" : after;
        for (String month : names(folder, part(from, 0))) {
            String behindMonth = from.startsWith(month + "/") ? part(from, 1) : "";
            for (String owner : names(folder.resolve(month), behindMonth)) {
                String behindOwner = from.startsWith(month + "/" + owner + "/") ? part(from, 2) : "";
                for (String file : names(folder.resolve(month).resolve(owner), behindOwner)) {
                    String name = month + "/" + owner + "/" + file;
                    if (name.compareTo(from) > 0) {
                        ContentKey.parse(name).ifPresent(keys::add);
                    }
                    if (keys.size() == limit) {
                        return new Page(keys, name);
                    }
                }
            }
        }
        return new Page(keys, null);
    }

    /** The names in a folder from one on, in their order; none where it is no folder. */
    private static List<String> names(Path folder, String from) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.compareTo(from) >= 0)
                    .sorted()
                    .toList();
        }
    }

    private static String part(String name, int part) {
        String[] parts = name.split("/", -1);
        return part < parts.length ? parts[part] : "";
    }

    @Override
    public void delete(ContentKey key) throws IOException {
        Files.deleteIfExists(place(key));
    }

    @Override
    public void close() {}

    private Path place(ContentKey key) {
        return folder.resolve(key.toString());
    }
}
