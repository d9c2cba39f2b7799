package io.tributary.integrations.ftp;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.Options;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.workbench.InMemoryRun;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against Apache FtpServer with and without TLS, and Apache MINA SSHD. */
class SyncIT {

    private static final Instant LATER = TestServer.LONG_AGO.plusSeconds(1);

    @TempDir
    Path folder;

    private final FtpIntegration integration = new FtpIntegration();

    @AfterEach
    void close() {
        integration.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp", "ftps", "sftp"})
    void syncsEveryFileThenNothingThenWhatChanged(String protocol) throws Exception {
        try (var server = TestServer.start(protocol, folder)) {
            server.file("a.txt", "one")
                    .file("sub/b.txt", "two")
                    .file("sub/deep/er/c.txt", "three")
                    .file("empty", "");
            var account = server.account(integration);

            InMemoryRun first = account.sync();
            assertThat(first.failures()).isEmpty();
            assertThat(ids(first)).containsExactlyInAnyOrder("/a.txt", "/empty", "/sub/b.txt", "/sub/deep/er/c.txt");
            assertThat(ids(account.sync())).isEmpty();

            server.file("sub/b.txt", "owt", LATER) // The same size: only its time tells.
                    .file("sub/new.txt", "new") // Older than what was seen before: only its name tells.
                    .file("a.txt", "longer"); // The same time: only its size tells.
            assertThat(ids(account.sync())).containsExactlyInAnyOrder("/a.txt", "/sub/b.txt", "/sub/new.txt");
            assertThat(ids(account.sync())).isEmpty();

            Files.delete(folder.resolve("a.txt"));
            InMemoryRun afterDeletion = account.sync();
            assertThat(ids(afterDeletion)).isEmpty();
            assertThat(afterDeletion.listing().everything()).isTrue();
            assertThat(afterDeletion.listing().externalIds())
                    .containsExactlyInAnyOrder("/empty", "/sub/b.txt", "/sub/new.txt", "/sub/deep/er/c.txt");
            assertThat(ids(account.sync(new Options(null, null, true))))
                    .containsExactlyInAnyOrder("/empty", "/sub/b.txt", "/sub/new.txt", "/sub/deep/er/c.txt");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp", "ftps", "sftp"})
    void saysWhatAFileIs(String protocol) throws Exception {
        try (var server = TestServer.start(protocol, folder)) {
            server.file("in/Grüße.txt", "Grüße\n");

            Output output = server.account(integration)
                    .config("path", "/in")
                    .sync()
                    .outputs()
                    .getFirst();

            assertThat(output.externalId()).isEqualTo("/in/Grüße.txt");
            assertThat(output.name()).isEqualTo("Grüße.txt");
            assertThat(output.content()).isEqualTo("Grüße\n");
            assertThat(output.externalTimestamp()).isEqualTo(TestServer.LONG_AGO);
            assertThat(output.metadata().values())
                    .containsEntry("path", "/in/Grüße.txt")
                    .containsEntry("directory", "/in")
                    .containsEntry("size", 8)
                    .containsEntry("modifiedAt", "2026-01-02T03:04:05Z")
                    .containsEntry("contentEncoding", "UTF-8");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp", "ftps", "sftp"})
    void keepsEveryByteOfAFileThatIsNoText(String protocol) throws Exception {
        byte[] bytes = new byte[3_000_000];
        IntStream.range(0, bytes.length).forEach(i -> bytes[i] = (byte) (i * 31 ^ i >>> 8));
        try (var server = TestServer.start(protocol, folder)) {
            server.file("photo.jpg", bytes, LATER);

            Output output = server.account(integration).sync().outputs().getFirst();

            assertThat(output.metadata().text("contentEncoding")).contains("ISO-8859-1");
            assertThat(String.valueOf(output.content()).getBytes(StandardCharsets.ISO_8859_1))
                    .isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp", "ftps", "sftp"})
    void takesNamesAsTheyAre(String protocol) throws Exception {
        var names = List.of(
                "with space",
                " leading",
                "quo\"te",
                "apo'strophe",
                "-dash",
                "*",
                "?[x]",
                "日本語",
                "a;b=c d",
                "%41",
                "~tilde",
                "$HOME",
                "#hash",
                "café");
        try (var server = TestServer.start(protocol, folder)) {
            names.forEach(name -> server.file(name, name).file("dir " + name + "/f", name));

            InMemoryRun run = server.account(integration).sync();

            assertThat(run.failures()).isEmpty();
            assertThat(run.outputs())
                    .hasSize(2 * names.size())
                    .allSatisfy(output -> assertThat(output.externalId())
                            .isIn("/" + output.content(), "/dir " + output.content() + "/f"));
        }
    }

    @Test
    void takesLineBreaksAndEndingSpacesInNamesOverSftp() throws Exception {
        try (var server = TestServer.start("sftp", folder)) {
            server.file("a\nb", "x")
                    .file("back\\slash", "")
                    .file(".hidden", "")
                    .file("{y}", "")
                    .file("trailing ", "y")
                    .file("tab\t", "z");

            assertThat(ids(server.account(integration).sync()))
                    .containsExactlyInAnyOrder("/a\nb", "/back\\slash", "/.hidden", "/{y}", "/trailing ", "/tab\t");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp", "sftp"})
    void syncsWhatThePatternsSay(String protocol) throws Exception {
        try (var server = TestServer.start(protocol, folder)) {
            server.file("in/a.csv", "")
                    .file("in/b.txt", "")
                    .file("in/x/c.csv", "")
                    .file("in/tmp/d.csv", "");

            assertThat(ids(server.account(integration)
                            .config("path", "/in")
                            .config("include", List.of("*.csv"))
                            .config("exclude", "tmp")
                            .sync()))
                    .containsExactlyInAnyOrder("/in/a.csv", "/in/x/c.csv");
        }
    }

    @Test
    void findsFilesThatOnlyNewPatternsTake() throws Exception {
        try (var server = TestServer.start("ftp", folder)) {
            server.file("a.csv", "").file("b.txt", "");
            var account = server.account(integration).config("include", "*.csv");
            account.sync();

            assertThat(ids(account.config("include", "*").sync())).containsExactly("/b.txt");
        }
    }

    @Test
    void followsLinksToFilesAndNotToDirectories() throws Exception {
        try (var server = TestServer.start("sftp", folder)) {
            server.file("real/a.txt", "x")
                    .link("to-file", "real/a.txt")
                    .link("to-directory", "real")
                    .link("real/loop", "..")
                    .link("to-nothing", "gone");

            InMemoryRun run = server.account(integration).sync();

            assertThat(run.failures()).isEmpty();
            assertThat(ids(run)).containsExactlyInAnyOrder("/real/a.txt", "/to-file");
        }
    }

    /** Apache FtpServer shows a link to a directory as a directory. */
    @Test
    void leavesACircleThatLooksLikeDirectories() throws Exception {
        try (var server = TestServer.start("ftp", folder)) {
            server.file("a/b/f.txt", "x").link("a/b/up", "..").link("a/b/self", ".");

            InMemoryRun run = server.account(integration).sync();

            assertThat(run.failures()).isEmpty();
            assertThat(ids(run)).contains("/a/b/f.txt").hasSizeLessThan(5);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp", "sftp"})
    void boundsARunByDateAndLeavesTheStateAlone(String protocol) throws Exception {
        try (var server = TestServer.start(protocol, folder)) {
            server.file("old", "", LATER.minusSeconds(60)).file("new", "", LATER);
            var account = server.account(integration);

            assertThat(ids(account.sync(new Options(LATER, null, false)))).containsExactly("/new");
            assertThat(account.syncState().isEmpty()).isTrue();
            assertThat(ids(account.sync(new Options(null, LATER, false)))).containsExactly("/old");
        }
    }

    @Test
    void findsTheChangeAmongManyFilesWithASmallState() throws Exception {
        try (var server = TestServer.start("ftp", folder)) {
            IntStream.range(0, 5_200).forEach(i -> server.file("big/" + i + ".txt", "", LATER));
            var account = server.account(integration);

            assertThat(account.sync().outputs()).hasSize(5_200);
            assertThat(account.syncState().toString().length()).isLessThan(40_000);
            InMemoryRun second = account.sync();
            assertThat(second.outputs()).isEmpty();
            assertThat(second.listing().externalIds()).hasSize(5_200).doesNotHaveDuplicates();

            server.file("big/77.txt", "changed", LATER);
            InMemoryRun third = account.sync();
            assertThat(ids(third)).contains("/big/77.txt").hasSizeLessThan(60);
            assertThat(third.listing().externalIds()).hasSize(5_200).doesNotHaveDuplicates();
            assertThat(account.sync().outputs()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp", "sftp"})
    void setsAFileAsideThatIsTooLarge(String protocol) throws Exception {
        try (var server = TestServer.start(protocol, folder)) {
            server.file("large", new byte[FileBytes.MAX + 1], LATER).file("small", "x");

            InMemoryRun run = server.account(integration).sync();

            assertThat(run.failureCodes()).containsExactly("ftp.fileTooLarge");
            assertThat(ids(run)).containsExactly("/small");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp", "ftps", "sftp"})
    void refusesAPathThatIsNotThereAndAWrongPassword(String protocol) throws Exception {
        try (var server = TestServer.start(protocol, folder)) {
            assertThat(server.account(integration)
                            .config("path", "/nowhere")
                            .sync()
                            .failureCodes())
                    .containsExactly("ftp.pathNotFound");
            assertThat(server.account(integration)
                            .credentials(Map.of("username", TestServer.USER, "password", "wrong"))
                            .sync()
                            .failureCodes())
                    .containsExactly("ftp.authFailed");
        }
    }

    private static List<String> ids(InMemoryRun run) {
        return run.outputs().stream()
                .map(output -> String.valueOf(output.externalId()))
                .toList();
    }
}
