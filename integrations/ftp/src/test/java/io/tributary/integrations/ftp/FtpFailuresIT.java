package io.tributary.integrations.ftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.ftp.ScriptedFtpServer.Cut;
import io.tributary.integrations.workbench.InMemoryRun;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What servers do wrong, or do in ways of their own. */
class FtpFailuresIT {

    private static final String FILE = "type=file;size=10;modify=20260102030405; ";

    private final FtpIntegration integration = new FtpIntegration();
    private final ScriptedFtpServer server = new ScriptedFtpServer();

    @AfterEach
    void close() throws Exception {
        integration.close();
        server.close();
    }

    @ParameterizedTest
    @EnumSource
    void resumesATransferThatBrokeOff(Cut cut) throws Exception {
        server.directory("/", FILE + "a")
                .file("/a", "0123456789")
                .cutNext(3, cut)
                .cutNext(4, cut);

        InMemoryRun run = sync();

        assertThat(run.failures()).isEmpty();
        assertThat(contents(run)).containsExactly("0123456789");
        assertThat(server.commands()).contains("REST 3", "REST 7");
    }

    @ParameterizedTest
    @EnumSource
    void takesNoFileThatNeverComesWhole(Cut cut) throws Exception {
        server.directory("/", FILE + "a").file("/a", "0123456789");
        IntStream.range(0, 20).forEach(i -> server.cutNext(i == 0 ? 3 : 0, cut));

        InMemoryRun run = sync();

        assertThat(run.outputs()).isEmpty();
        assertThat(run.failures()).singleElement().isInstanceOf(TaskFailure.Transient.class);
    }

    @Test
    void takesNoFileThatGrowsWhileItIsRead() throws Exception {
        server.directory("/", FILE + "a").file("/a", "0123456789").growing(5);

        InMemoryRun run = sync();

        assertThat(run.outputs()).isEmpty();
        assertThat(run.failureCodes()).containsExactly("ftp.fileChanging");
    }

    @Test
    void takesAFileAsItIsByNow() throws Exception {
        server.directory("/", FILE + "a").file("/a", "longer than listed");

        InMemoryRun run = sync();

        assertThat(contents(run)).containsExactly("longer than listed");
        assertThat(run.outputs().getFirst().metadata().integer("size")).contains(18L);
    }

    @Test
    void passesOverAFileThatIsGone() throws Exception {
        server.directory("/", FILE + "a", FILE + "b").file("/b", "0123456789");

        InMemoryRun run = sync();

        assertThat(run.failures()).isEmpty();
        assertThat(run.outputs()).extracting(Output::externalId).containsExactly("/b");
    }

    @Test
    void failsForAFileThatTheAccountMayNotRead() throws Exception {
        server.directory("/", FILE + "a", FILE + "b")
                .file("/a", "0123456789")
                .file("/b", "0123456789")
                .reply("RETR /a", "550 Failed to open file.");

        InMemoryRun run = sync();

        assertThat(run.failureCodes()).containsExactly("ftp.permissionDenied");
        assertThat(run.outputs()).extracting(Output::externalId).containsExactly("/b");
    }

    @Test
    void failsForADirectoryThatTheAccountMayNotRead() throws Exception {
        server.directory("/", "type=dir; locked", FILE + "b")
                .file("/b", "0123456789")
                .reply("CWD /locked", "550 Permission denied.");

        InMemoryRun run = sync();

        assertThat(run.failures()).singleElement().isInstanceOf(TaskFailure.Permanent.class);
        assertThat(run.failureCodes()).containsExactly("ftp.permissionDenied");
        assertThat(run.outputs()).hasSize(1);
    }

    /** RFC 2577, section 2: the address in the answer to PASV is the server's word only. */
    @Test
    void connectsToNoOtherHostThanTheServer() throws Exception {
        server.directory("/", FILE + "a")
                .file("/a", "0123456789")
                .reply("EPSV", "500 unknown")
                .pasvHost("10,255,255,1");

        assertThat(contents(sync())).containsExactly("0123456789");
    }

    @Test
    void neverLeavesTheDirectoryThatIsListed() throws Exception {
        server.directory(
                        "/",
                        FILE + "../etc/passwd",
                        FILE + "..\\x",
                        FILE + "..",
                        "type=dir; ../..",
                        "type=cdir; .",
                        FILE + "ok")
                .file("/ok", "0123456789");

        InMemoryRun run = sync();

        assertThat(run.outputs()).extracting(Output::externalId).containsExactly("/ok");
        assertThat(run.failureCodes()).isNotEmpty().containsOnly("ftp.nameRefused");
        assertThat(server.commands()).noneMatch(command -> command.contains(".."));
    }

    @Test
    void readsListingsOfUnixWhereThereIsNoMlsd() throws Exception {
        server.features(" MDTM\r\n SIZE\r\n")
                .directory(
                        "/",
                        "total 12",
                        "drwxr-xr-x   2 0  0   4096 Jan 02  2026 .",
                        "drwxr-xr-x   2 0  0   4096 Jan 02  2026 ..",
                        "-rw-r--r--   1 0  0     10 Jan 02 03:04 a b",
                        "-rw-r--r--   1 0  0     10 Jan 02  2026  leading",
                        "lrwxrwxrwx   1 0  0     10 Jan 02  2026 link -> a b",
                        "lrwxrwxrwx   1 0  0     10 Jan 02  2026 away -> /sub",
                        "prw-r--r--   1 0  0      0 Jan 02  2026 pipe",
                        "drwxr-xr-x   2 0  0   4096 Jan 02  2026 sub")
                .directory("/sub", "-rw-r--r--   1 0  0     10 Jan 02  2026 c")
                .file("/a b", "0123456789")
                .file("/ leading", "0123456789")
                .file("/link", "0123456789")
                .file("/sub/c", "0123456789");

        InMemoryRun run = sync();

        assertThat(run.failures()).isEmpty();
        assertThat(run.outputs())
                .extracting(Output::externalId)
                .containsExactlyInAnyOrder("/a b", "/ leading", "/link", "/sub/c");
        assertThat(run.outputs())
                .extracting(Output::externalTimestamp)
                .containsOnly(Instant.parse("2026-01-02T03:04:05Z"));
    }

    /** ProFTPD: MLST of a link has the size of the link. */
    @Test
    void followsALinkThatMlstTellsWrong() throws Exception {
        server.directory("/", "type=OS.unix=symlink;size=1;modify=20260102030405; link")
                .file("/link", "0123456789")
                .reply("MLST", "250-ok\r\n type=file;size=1;modify=20260102030405; /link\r\n250 End");

        assertThat(contents(sync())).containsExactly("0123456789");
    }

    @Test
    void asksForTheFactsWhereThereIsNoSize() throws Exception {
        server.directory("/", "type=OS.unix=slink:a; link", FILE + "a")
                .file("/link", "0123456789")
                .file("/a", "0123456789")
                .reply("SIZE", "502 no");

        assertThat(contents(sync())).hasSize(2);
        assertThat(server.commands()).contains("MLST /link");
    }

    @Test
    void readsListingsOfDosAndWithoutTimesOfFiles() throws Exception {
        server.features("")
                .directory(
                        "/",
                        "01-02-26  03:04AM       <DIR>          Sub",
                        "01-02-26  03:04AM                   10 a b.txt")
                .directory("/Sub", "01-02-26  03:04AM                   10 c.txt")
                .file("/a b.txt", "0123456789")
                .file("/Sub/c.txt", "0123456789")
                .reply("MDTM", "502 no")
                .reply("SIZE", "502 no");
        var account = server.account(integration);

        InMemoryRun run = account.sync();

        assertThat(run.failures()).isEmpty();
        assertThat(run.outputs()).extracting(Output::externalId).containsExactlyInAnyOrder("/a b.txt", "/Sub/c.txt");
        assertThat(run.outputs())
                .extracting(Output::externalTimestamp)
                .containsOnly(Instant.parse("2026-01-02T03:04:00Z"));
        assertThat(account.sync().outputs()).isEmpty();
    }

    /** In the language of the server's machine, and of a system that has a form of its own. */
    @Test
    void readsMonthsOfOtherLanguagesAndTheListingsOfIbmI() throws Exception {
        server.features(" SIZE\r\n")
                .directory(
                        "/",
                        "insgesamt 2",
                        RemotePath.wireOf("-rw-r--r--   1 0  0     10 Mär 02  2025 März"),
                        "drwxr-xr-x   2 0  0   4096 Dez 02  2025 sub")
                .directory("/sub", "ADA           10 25/03/01 10:11:12 *STMF      c.csv")
                .file("/" + RemotePath.wireOf("März"), "0123456789")
                .file("/sub/c.csv", "0123456789");
        var account = server.account(integration);

        InMemoryRun run = account.sync();

        assertThat(run.failures()).isEmpty();
        assertThat(run.outputs())
                .extracting(Output::externalId, Output::externalTimestamp)
                .containsExactlyInAnyOrder(
                        tuple("/März", Instant.parse("2025-03-02T00:00:00Z")),
                        tuple("/sub/c.csv", Instant.parse("2025-03-01T10:11:12Z")));
        assertThat(account.sync().outputs()).isEmpty();
    }

    @Test
    void downloadsInEachRunWhatHasNeitherSizeNorTime() throws Exception {
        server.features("")
                .reply("SIZE", "502 no")
                .directory(
                        "/",
                        "Volume Unit    Referred Ext Used Recfm Lrecl BlkSz Dsorg Dsname",
                        "WRK001 3390   2025/03/01  1   15  FB      80  8000  PS   DAILY.SUMS")
                .file("/DAILY.SUMS", "0123456789");
        var account = server.account(integration);

        assertThat(account.sync().outputs()).hasSize(1);
        assertThat(account.sync().outputs()).hasSize(1);
    }

    /** An empty directory would mean that all of its files are deleted. */
    @ParameterizedTest
    @ValueSource(strings = {"", " MLST type*;size*;modify*;\r\n"})
    void takesNoListingForEmptyThatItCannotRead(String features) throws Exception {
        server.features(features).directory("/", "<file>a</file>", "<file>b</file>");

        InMemoryRun run = sync();

        assertThat(run.failureCodes()).containsOnly("ftp.listingUnreadable");
        assertThat(run.succeeded()).isFalse();
    }

    @Test
    void syncsTheFilesItCanReadAndFailsForTheOthers() throws Exception {
        server.features(" MDTM\r\n SIZE\r\n")
                .directory("/", "-rw-r--r--   1 0  0     10 Jan 02 03:04 a", "what is this?", "or this?")
                .file("/a", "0123456789");

        InMemoryRun run = sync();

        assertThat(run.outputs()).extracting(Output::externalId).containsExactly("/a");
        assertThat(run.failureCodes()).containsExactly("ftp.listingUnreadable");
        assertThat(run.failures().toString()).contains("what is this?");
        assertThat(run.succeeded()).isFalse();
    }

    @Test
    void sendsNamesBackAsTheBytesTheyCameAs() throws Exception {
        server.features(" MLST type*;size*;modify*;\r\n")
                .directory("/", FILE + "caf\u00e9", "type=dir; d\u00fc")
                .directory("/d\u00fc", FILE + "x")
                .file("/caf\u00e9", "0123456789")
                .file("/d\u00fc/x", "0123456789");

        assertThat(sync().outputs()).extracting(Output::externalId).containsExactlyInAnyOrder("/café", "/dü/x");
    }

    @Test
    void listsAFileWithALineBreakInItsNameAsAFailure() throws Exception {
        server.directory("/", FILE + "a\rb", FILE + "ok").file("/ok", "0123456789");

        InMemoryRun run = sync();

        assertThat(run.failureCodes()).containsExactly("ftp.nameRefused");
        assertThat(run.outputs()).hasSize(1);
        assertThat(server.commands()).noneMatch(command -> command.equals("b"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"421 Too many connections", "421 Service not available"})
    void waitsWhenTheServerIsBusy(String greeting) throws Exception {
        server.greeting(greeting);

        assertThat(sync().failures()).singleElement().isInstanceOf(TaskFailure.RetryLater.class);
        assertThat(sync().failureCodes()).containsExactly("ftp.serverBusy");
    }

    @Test
    void waitsWhenTooManyAreLoggedIn() throws Exception {
        server.reply("PASS", "530 Sorry, the maximum number of clients (5) for this user are already connected.");

        assertThat(sync().failureCodes()).containsExactly("ftp.serverBusy");
    }

    @Test
    void saysThatTheServerWantsTls() throws Exception {
        server.reply("USER", "530 Non-anonymous sessions must use encryption.");

        assertThat(sync().failureCodes()).containsExactly("ftp.tlsRequired");
    }

    @Test
    void sendsNoPasswordWithoutTlsWhereTlsIsConfigured() throws Exception {
        InMemoryRun run = server.account(integration).config("protocol", "ftps").sync();

        assertThat(run.failureCodes()).containsExactly("ftp.tlsUnavailable");
        assertThat(server.commands()).containsExactly("AUTH TLS");
    }

    @Test
    void startsOverWhenTheServerClosedWhatWasIdle() throws Exception {
        server.directory("/", FILE + "a").file("/a", "0123456789");
        var account = server.account(integration);
        account.sync();

        server.hangUp();
        server.directory("/", FILE + "a", FILE + "b").file("/b", "0123456789");
        InMemoryRun run = account.sync();

        assertThat(run.failures()).isEmpty();
        assertThat(run.outputs()).extracting(Output::externalId).containsExactly("/b");
    }

    @Test
    void usesOneConnectionForAllTasks() throws Exception {
        server.directory("/", FILE + "a", FILE + "b").file("/a", "0123456789").file("/b", "0123456789");
        var account = server.account(integration);
        account.sync();
        account.sync();

        assertThat(server.commands())
                .filteredOn(command -> command.startsWith("USER"))
                .hasSize(1);
    }

    @Test
    void takesNoListingThatEndsEarly() throws Exception {
        server.directory("/", FILE + "a").reply("MLSD", "451 cannot");

        assertThat(sync().failureCodes()).containsExactly("ftp.serverUnavailable");
    }

    @Test
    void doesNotKeepAnEndlessAnswer() throws Exception {
        server.reply("FEAT", "211-" + "x".repeat(100_000));

        assertThat(sync().failureCodes()).containsExactly("ftp.connectionFailed");
    }

    @Test
    void namesNoPasswordInAnyFailure() throws Exception {
        server.reply("PASS", "530 Login incorrect for password secret");

        assertThat(sync().failures()).singleElement().satisfies(failure -> {
            assertThat(failure.code()).isEqualTo("ftp.authFailed");
            assertThat(failure.reason()).doesNotContain("secret");
        });
    }

    private InMemoryRun sync() throws InterruptedException {
        return server.account(integration).sync();
    }

    private static List<String> contents(InMemoryRun run) {
        return run.outputs().stream()
                .map(output -> String.valueOf(output.content()))
                .toList();
    }
}
