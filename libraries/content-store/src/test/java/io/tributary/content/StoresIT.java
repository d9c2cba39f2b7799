package io.tributary.content;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.standalone.servers.S3Server;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same promises of a folder and of a bucket of a real S3-compatible store. */
class StoresIT {

    private static final UUID ACCOUNT = UUID.randomUUID();
    private static final Instant APRIL = Instant.parse("2026-04-10T12:00:00Z");
    private static final Instant MAY = Instant.parse("2026-05-10T12:00:00Z");

    private final String bucket = "content-" + UUID.randomUUID();

    @TempDir
    private Path folder;

    private Path credentials;

    @SuppressWarnings("NullAway.Init") // JUnit and makeBucket() set them
    StoresIT() {}

    @BeforeEach
    void makeBucket() throws IOException {
        credentials = Files.writeString(
                folder.resolve("credentials"), "[default]\naws_access_key_id = id\naws_secret_access_key = canary\n");
        S3Server.shared().createBucket(bucket);
    }

    static Stream<String> stores() {
        return Stream.of("folder", "s3");
    }

    @ParameterizedTest
    @MethodSource("stores")
    void givesBackWhatWasStored(String kind) throws IOException {
        byte[] content = "ä".repeat(2_000_000).getBytes(UTF_8);
        var key = ContentKey.of(ACCOUNT, content, APRIL);
        try (var store = open(kind)) {
            URI reference = store.put(key, content);

            assertThat(ContentKey.in(reference.toString())).contains(key);
            assertThat(read(store, key)).isEqualTo(content);
            assertThat(store.open(ContentKey.of(ACCOUNT, new byte[] {1}, APRIL)))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("stores")
    void storesTheSameOnce(String kind) throws IOException {
        byte[] content = "same".getBytes(UTF_8);
        var key = ContentKey.of(ACCOUNT, content, APRIL);
        try (var store = open(kind)) {
            URI first = store.put(key, content);

            assertThat(store.put(key, content)).isEqualTo(first);
            assertThat(all(store, 100)).containsExactly(key);
        }
    }

    @ParameterizedTest
    @MethodSource("stores")
    void listsPageByPageOldMonthsFirst(String kind) throws IOException {
        List<ContentKey> stored = new ArrayList<>();
        try (var store = open(kind)) {
            for (Instant month : List.of(MAY, APRIL)) {
                for (int i = 0; i < 12; i++) {
                    byte[] content = {(byte) i};
                    var key = ContentKey.of(i % 2 == 0 ? ACCOUNT : new UUID(0, i), content, month);
                    store.put(key, content);
                    stored.add(key);
                }
            }

            List<ContentKey> listed = all(store, 5);

            assertThat(listed).containsExactlyInAnyOrderElementsOf(stored);
            assertThat(listed.stream().map(ContentKey::toString)).isSorted();
        }
    }

    @ParameterizedTest
    @MethodSource("stores")
    void deletesContentAndBearsThatItIsGone(String kind) throws IOException {
        var key = ContentKey.of(ACCOUNT, "gone".getBytes(UTF_8), APRIL);
        try (var store = open(kind)) {
            store.put(key, "gone".getBytes(UTF_8));

            store.delete(key);
            store.delete(key);

            assertThat(all(store, 10)).isEmpty();
        }
    }

    @Test
    void leavesWhatItDidNotWriteAlone() throws IOException {
        Files.createDirectories(folder.resolve("content/2026-04/notes"));
        Files.writeString(folder.resolve("content/2026-04/notes/readme"), "mine");
        Files.writeString(folder.resolve("content/aside"), "mine");
        try (var store = open("folder")) {
            assertThat(all(store, 1)).isEmpty();
        }
    }

    @Test
    void saysThatAStoreIsAwayWithoutItsCredentials() throws IOException {
        var away = new ContentSettings.S3(bucket, URI.create("http://127.0.0.1:1"), null, null, null, credentials);
        try (var store = open(away)) {
            assertThatThrownBy(() -> store.put(ContentKey.of(ACCOUNT, new byte[1], APRIL), new byte[1]))
                    .isInstanceOf(IOException.class)
                    .hasMessage("the store cannot be reached (ConnectException)")
                    .hasToString("java.io.IOException: the store cannot be reached (ConnectException)");
        }
        assertThat(away.toString()).doesNotContain("canary");
    }

    @Test
    void saysWhatTheStoreAnswered() throws IOException {
        var noBucket =
                new ContentSettings.S3("no-such-bucket", S3Server.shared().endpoint(), null, null, null, credentials);
        try (var store = open(noBucket)) {
            assertThatThrownBy(() -> store.put(ContentKey.of(ACCOUNT, new byte[1], APRIL), new byte[1]))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("the store answered 404");
        }
    }

    private ContentStore open(String kind) {
        return kind.equals("folder")
                ? new ContentSettings(folder.resolve("content"), null, null)
                        .open()
                        .orElseThrow()
                : open(new ContentSettings.S3(
                        bucket, S3Server.shared().endpoint(), null, "tributary/", null, credentials));
    }

    private static ContentStore open(ContentSettings.S3 s3) {
        return new ContentSettings(null, s3, null).open().orElseThrow();
    }

    private static byte[] read(ContentStore store, ContentKey key) throws IOException {
        try (var content = store.open(key).orElseThrow()) {
            byte[] bytes = content.stream().readAllBytes();
            assertThat(content.bytes()).isEqualTo(bytes.length);
            return bytes;
        }
    }

    private static List<ContentKey> all(ContentStore store, int limit) throws IOException {
        List<ContentKey> all = new ArrayList<>();
        @Nullable String after = null;
        do {
            var page = store.list(after, limit);
            assertThat(page.keys().size()).isLessThanOrEqualTo(limit);
            all.addAll(page.keys());
            after = page.last();
        } while (after != null);
        return Objects.requireNonNull(all);
    }
}
