package io.tributary.integrations.workbench.recording;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;

/**
 * What an integration exchanged with its provider, without secrets. It still holds the users' data from the provider.
 *
 * @param domain of the integration
 * @param at what the integration took for the time while it was recorded: requests may depend on it
 * @param credentialKeys which credentials there were, without their values
 * @param exchanges in the order in which they ended, at most 10,000 with 64 MB of bodies
 */
public record Recording(String domain, Instant at, List<String> credentialKeys, List<RecordedExchange> exchanges) {

    static final int MOST_EXCHANGES = 10_000;
    static final long MOST_BYTES = 64L << 20;

    public Recording {
        credentialKeys = List.copyOf(credentialKeys);
        exchanges = List.copyOf(exchanges);
    }

    /**
     * Reads a file that {@link #write} wrote, or a person in its likeness.
     *
     * @throws IOException when it cannot be read
     * @throws IllegalArgumentException when it is no recording; the message says what is wrong
     */
    public static Recording read(Path file) throws IOException {
        if (Files.size(file) > 2 * MOST_BYTES) {
            throw new IllegalArgumentException(
                    "it has more than " + (2 * MOST_BYTES >> 20) + " MB, which no recording has");
        }
        return RecordingJson.read(Files.readString(file));
    }

    /**
     * Writes a JSON file that only its owner can read where the file system knows owners; one that exists is replaced.
     */
    public void write(Path file) throws IOException {
        Path absolute = file.toAbsolutePath();
        Path whole = Files.createTempFile(absolute.getParent(), ".recording-", null);
        try {
            Files.write(whole, RecordingJson.write(this).getBytes(StandardCharsets.UTF_8));
            Files.move(whole, absolute, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(whole);
        }
    }

    /** How many exchanges there are. */
    public int size() {
        return exchanges.size();
    }
}
