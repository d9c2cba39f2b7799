package io.tributary.integrations.imap;

import static io.tributary.integrations.imap.ScriptedImapServer.PASSWORD;
import static io.tributary.integrations.imap.ScriptedImapServer.USER;
import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Listing;
import io.tributary.integrations.api.Options;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.Task;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import io.tributary.integrations.workbench.ConnectedAccount;
import io.tributary.integrations.workbench.InMemoryRun;
import io.tributary.integrations.workbench.SettableClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What a sync asks for and what it returns, against a server that does as a test says. */
class ImapSyncIT {

    private static final Options FORCE = new Options(null, null, true);

    private final ImapIntegration integration = new ImapIntegration();
    private ScriptedImapServer server;
    private ConnectedAccount account;

    @BeforeEach
    void connect() throws Exception {
        server = ScriptedImapServer.plain();
        account = ConnectedAccount.of(integration)
                .config("host", "127.0.0.1")
                .config("port", server.port())
                .config("security", "none")
                .credentials(Map.of("username", USER, "password", PASSWORD));
    }

    @AfterEach
    void disconnect() throws Exception {
        integration.close();
        server.close();
    }

    /** Messages whose subjects are their numbers, from 1 on. */
    private void addMessages(int count) {
        for (int i = 1; i <= count; i++) {
            server.add("Subject: " + i + "\r\n\r\n");
        }
    }

    @Nested
    class Outputs {

        @Test
        void haveTheExactSource() throws Exception {
            byte[] latin = "Subject: Grüße\r\n\r\n\0 \u0080 end without line end".getBytes(StandardCharsets.ISO_8859_1);
            byte[] utf8 = "Subject: Grüße\n\r\n\r\nbare\nline feeds\r".getBytes(StandardCharsets.UTF_8);
            server.add(latin, Instant.EPOCH);
            server.add(utf8, Instant.EPOCH);
            server.add(new byte[0], Instant.EPOCH);

            List<Output> outputs = account.sync().outputs();

            assertThat(outputs).hasSize(3);
            assertThat(content(outputs.get(0), StandardCharsets.ISO_8859_1)).isEqualTo(latin);
            assertThat(outputs.get(0).metadata().text("contentEncoding")).contains("ISO-8859-1");
            assertThat(outputs.get(0).metadata().integer("size")).contains((long) latin.length);
            assertThat(content(outputs.get(1), StandardCharsets.UTF_8)).isEqualTo(utf8);
            assertThat(outputs.get(1).metadata().text("contentEncoding")).contains("UTF-8");
            assertThat(outputs.get(1).metadata().integer("size")).contains((long) utf8.length);
            assertThat(outputs.get(2).content()).isEmpty();
        }

        @Test
        void tellWhatTheMessageSays() throws Exception {
            server.add("""
                From: =?utf-8?Q?J=C3=BCrgen?= <j@example.org>\r
                To: ada@example.org, Bob <bob@example.org>\r
                Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r
                Date: Tue, 3 Feb 2026 09:00:00 +0100\r
                Message-ID: <2@example.org>\r
                In-Reply-To: <1@example.org>\r
                Content-Type: multipart/mixed; boundary=b\r
                \r
                --b\r
                \r
                Hello\r
                --b\r
                Content-Type: application/pdf\r
                Content-Disposition: attachment; filename=a.pdf\r
                \r
                %PDF\r
                --b--\r
                """);

            Output output = account.sync().outputs().getFirst();

            assertThat(output.kind()).isEqualTo(Output.Kind.CONTENT);
            assertThat(output.externalId()).isEqualTo("INBOX:" + server.uidValidity() + ":1");
            assertThat(output.externalTimestamp()).isEqualTo(Instant.parse("2026-02-03T08:00:00Z"));
            assertThat(output.name()).isEqualTo("Grüße");
            JsonObject metadata = output.metadata();
            assertThat(metadata.text("messageId")).contains("<2@example.org>");
            assertThat(metadata.text("threadId")).contains("<1@example.org>");
            assertThat(metadata.text("inReplyTo")).contains("<1@example.org>");
            assertThat(metadata.text("subject")).contains("Grüße");
            assertThat(metadata.values().get("from"))
                    .isEqualTo(List.of(Map.of("name", "Jürgen", "address", "j@example.org")));
            assertThat(metadata.values().get("to"))
                    .isEqualTo(List.of(
                            Map.of("address", "ada@example.org"), Map.of("name", "Bob", "address", "bob@example.org")));
            assertThat(metadata.text("date")).contains("2026-02-03T08:00:00Z");
            assertThat(metadata.text("receivedAt")).contains("2026-02-03T10:11:12Z");
            assertThat(metadata.text("text")).contains("Hello");
            assertThat(metadata.values().get("attachments"))
                    .isEqualTo(List.of(Map.of(
                            "name",
                            "a.pdf",
                            "contentType",
                            "application/pdf",
                            "size",
                            4,
                            "disposition",
                            "attachment")));
            assertThat(metadata.values().get("flags")).isEqualTo(List.of("\\Flagged", "$Label1"));
            assertThat(metadata.text("folder")).contains("INBOX");
            assertThat(metadata.integer("uid")).contains(1L);
            assertThat(metadata.values()).doesNotContainKeys("html", "cc", "references", "truncated", "problems");
        }

        @Test
        void ofAMessageThatSaysNothingHaveWhatTheServerSays() throws Exception {
            server.add("Date: never\r\n\r\n");

            Output output = account.sync().outputs().getFirst();

            assertThat(output.externalTimestamp()).isEqualTo(Instant.parse("2026-02-03T10:11:12Z"));
            assertThat(output.name()).isEmpty();
            assertThat(output.metadata().text("threadId")).contains(String.valueOf(output.externalId()));
            assertThat(output.metadata().values().get("problems")).isEqualTo(List.of("no usable date 'never'"));
            assertThat(output.metadata().values().get("attachments")).isEqualTo(List.of());
        }

        @Test
        void ofAMessageThatIsTooLargeHaveItsHeaderOnly() throws Exception {
            String header = "Subject: large\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n";
            int size = (int) DownloadMessages.MAX_MESSAGE_BYTES + 1;
            server.add(header + "x".repeat(size - header.length()));

            Output output = account.sync().outputs().getFirst();

            assertThat(output.content()).isEqualTo(header);
            assertThat(output.metadata().bool("truncated")).contains(true);
            assertThat(output.metadata().integer("size")).contains((long) size);
            assertThat(output.metadata().values()).doesNotContainKey("problems");
            assertThat(server.commands("UID FETCH")).noneMatch(command -> command.contains("BODY.PEEK[]"));
        }
    }

    @Nested
    class Syncs {

        @Test
        void askForNothingTheyHave() throws Exception {
            server.add("Subject: 1\r\n\r\n");
            account.sync();
            server.forgetCommands();

            InMemoryRun second = account.sync();

            assertThat(second.outputs()).isEmpty();
            assertThat(second.tasks()).hasSize(1);
            assertThat(server.commands()).containsExactly("EXAMINE INBOX");
        }

        @Test
        void bringWhatIsNew() throws Exception {
            server.add("Subject: 1\r\n\r\n");
            account.sync();
            server.add("Subject: 2\r\n\r\n");
            server.add("Subject: 3\r\n\r\n");

            assertThat(names(account.sync())).containsExactly("2", "3");
            assertThat(names(account.sync())).isEmpty();
        }

        @Test
        void nameAllMessagesOnceADay() throws Exception {
            var clock = SettableClock.at(Instant.parse("2026-02-03T12:00:00Z"));
            account.clock(clock);
            addMessages(1_100);
            account.sync();
            server.expunge(7);
            assertThat(account.sync().listing()).isEqualTo(Listing.NONE);
            clock.advance(Duration.ofDays(1));
            server.add("Subject: new\r\n\r\n");

            InMemoryRun daily = account.sync();

            assertThat(names(daily)).containsExactly("new");
            assertThat(daily.listing().everything()).isTrue();
            assertThat(daily.listing().externalIds())
                    .hasSize(1_100)
                    .doesNotContain("INBOX:" + server.uidValidity() + ":7");
            assertThat(account.sync().listing()).isEqualTo(Listing.NONE);
        }

        @Test
        void nameAllMessagesAfterTheFolderWasReplaced() throws Exception {
            server.add("Subject: 1\r\n\r\n");
            account.sync();
            server.folder("INBOX", server.uidValidity() + 1);

            assertThat(account.sync().listing()).isEqualTo(Listing.NONE);
            InMemoryRun after = account.sync();
            assertThat(after.outputs()).isEmpty();
            assertThat(after.listing())
                    .isEqualTo(Listing.ofEverything(List.of("INBOX:" + server.uidValidity() + ":1")));
            assertThat(account.sync().listing()).isEqualTo(Listing.NONE);
        }

        @Test
        void failWhenTheFolderIsReplacedWhileAllIsNamed() throws Exception {
            addMessages(1_100);
            server.script((command, session) -> {
                if (command.startsWith("UID SEARCH")) {
                    server.folder("INBOX", 42);
                }
                return false;
            });
            assertThat(account.sync(FORCE).failureCodes()).containsExactly("imap.folderReplaced");
        }

        @Test
        void ofAnEmptyFolderSucceed() throws Exception {
            assertThat(account.sync().succeeded()).isTrue();
            assertThat(account.syncState().integer("lastUid")).contains(0L);
            server.add("Subject: 1\r\n\r\n");

            assertThat(names(account.sync())).containsExactly("1");
        }

        @Test
        void changeNothingOnTheServer() throws Exception {
            server.add("Subject: 1\r\n\r\n");
            account.sync();

            assertThat(server.commands())
                    .containsExactly(
                            "CAPABILITY",
                            "AUTHENTICATE PLAIN",
                            "EXAMINE INBOX",
                            "UID SEARCH UID 1:1",
                            "UID FETCH 1 (UID RFC822.SIZE INTERNALDATE)",
                            "UID FETCH 1 (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])");
        }

        @Test
        void readEverythingAgainWhenForced() throws Exception {
            server.add("Subject: 1\r\n\r\n");
            account.sync();

            assertThat(names(account.sync(FORCE))).containsExactly("1");
        }

        @Test
        void startOverWhenTheFolderIsAnotherOne() throws Exception {
            server.add("Subject: 1\r\n\r\n");
            InMemoryRun first = account.sync();
            server.folder("INBOX", server.uidValidity() + 1);

            InMemoryRun second = account.sync();

            assertThat(names(second)).containsExactly("1");
            assertThat(second.outputs().getFirst().externalId())
                    .isNotEqualTo(first.outputs().getFirst().externalId());
            assertThat(account.sync().outputs()).isEmpty();

            server.folder("Archive/2026", server.uidValidity());
            assertThat(names(account.config("folder", "Archive/2026").sync())).containsExactly("1");
        }

        /** The tasks of a run use several connections, some of which opened the folder in the run before. */
        @Test
        void startOverOnEveryConnectionWhenTheFolderIsAnotherOne() throws Exception {
            server.add("Subject: 1\r\n\r\n");
            account.sync();
            server.folder("INBOX", server.uidValidity() + 1);

            TaskResult result = integration.run(
                    new Task(
                            DownloadMessages.TYPE,
                            JsonObject.of("uidValidity", server.uidValidity()).with("uids", "1"),
                            1),
                    account.context());

            assertThat(result.outputs()).hasSize(1);
            assertThat(server.connections()).isOne();
        }

        @Test
        void endWithoutOutputsWhenTheFolderIsReplacedMeanwhile() throws Exception {
            server.add("Subject: 1\r\n\r\n");
            server.script((command, session) -> {
                if (command.contains("RFC822.SIZE INTERNALDATE)")) {
                    server.folder("INBOX", 42).script((next, nextSession) -> false);
                    session.answer(command);
                    session.hangUp();
                    return true;
                }
                return false;
            });

            InMemoryRun first = account.sync();

            assertThat(first.succeeded()).isTrue();
            assertThat(first.outputs()).isEmpty();
            assertThat(names(account.sync())).containsExactly("1");
        }

        @Test
        void keepWithinTheirDates() throws Exception {
            Instant start = Instant.parse("2026-02-01T12:00:00Z");
            Instant end = Instant.parse("2026-02-03T12:00:00Z");
            add("long before", start.minusSeconds(900_000));
            add("just before", start.minusSeconds(1));
            add("first", start);
            add("last", end.minusSeconds(1));
            add("just after", end);
            add("long after", end.plusSeconds(900_000));

            assertThat(names(account.sync(new Options(start, end, false)))).containsExactly("first", "last");
            assertThat(server.commands("UID SEARCH"))
                    .containsExactly("UID SEARCH UID 1:6 SINCE 31-Jan-2026 BEFORE 5-Feb-2026");
            assertThat(server.commands("UID FETCH").getFirst()).startsWith("UID FETCH 2:5 ");
            assertThat(names(account.sync(new Options(end, null, false)))).containsExactly("just after", "long after");
            assertThat(account.syncState())
                    .as("what dates left out is still to come")
                    .isEqualTo(JsonObject.EMPTY);
            assertThat(account.sync().outputs()).hasSize(6);
        }

        private void add(String subject, Instant internalDate) {
            server.add(("Subject: " + subject + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII), internalDate);
        }

        @Test
        void listALargeFolderInPagesAndDownloadInBatches() throws Exception {
            addMessages(2_300);

            InMemoryRun run = account.sync();

            assertThat(run.outputs())
                    .extracting(Output::externalId)
                    .hasSize(2_300)
                    .doesNotHaveDuplicates();
            assertThat(run.tasks(ListMessages.TYPE)).hasSize(3);
            assertThat(run.tasks(DownloadMessages.TYPE)).hasSize(2_300 / DownloadMessages.BATCH_MESSAGES);
            assertThat(server.connections()).isOne();
            assertThat(server.commands("EXAMINE"))
                    .as("a page must see what the first page counted")
                    .hasSize(3);
        }

        @Test
        void findMessagesInASparseFolderWithFewQuestions() throws Exception {
            server.add("Subject: 1\r\n\r\n");
            server.skipTo(3_000_000_000L);
            server.add("Subject: 3000000000\r\n\r\n");
            server.skipTo(4_294_967_294L);
            server.add("Subject: 4294967294\r\n\r\n");

            assertThat(names(account.sync())).containsExactly("1", "3000000000", "4294967294");
            assertThat(server.commands("UID SEARCH")).hasSizeLessThan(25);
        }

        @Test
        void boundABatchByItsBytes() throws Exception {
            String megabyte = "Subject: m\r\n\r\n" + "x".repeat(1_400_000);
            for (int i = 0; i < 5; i++) {
                server.add(megabyte);
            }
            server.add("Subject: five\r\n\r\n" + "x".repeat(5_000_000));
            server.add("Subject: small\r\n\r\n");

            InMemoryRun run = account.sync();

            assertThat(run.outputs()).hasSize(7);
            assertThat(run.tasks(DownloadMessages.TYPE))
                    .extracting(task -> task.payload().requireText("uids"))
                    .containsExactly("1:2", "3:4", "6", "5,7");
        }

        @Test
        void doWithoutUidnext() throws Exception {
            server.add("Subject: 1\r\n\r\n");
            server.add("Subject: 2\r\n\r\n");
            server.script((command, session) -> {
                if (command.startsWith("EXAMINE")) {
                    session.line("* 2 EXISTS");
                    session.line("* OK [UIDVALIDITY 7] valid");
                    session.tagged("OK done");
                    return true;
                }
                if (command.equals("FETCH 2 (UID)")) {
                    session.line("* 2 FETCH (UID 2)");
                    session.tagged("OK done");
                    return true;
                }
                return false;
            });

            assertThat(names(account.sync())).containsExactly("1", "2");
            assertThat(names(account.sync())).isEmpty();
        }
    }

    @Nested
    class Messages {

        @Test
        void thatVanishMeanwhileAreNoFailure() throws Exception {
            server.add("Subject: 1\r\n\r\n");
            server.add("Subject: 2\r\n\r\n");
            server.script((command, session) -> {
                if (command.contains("BODY.PEEK[]")) {
                    server.expunge(1);
                }
                return false;
            });

            InMemoryRun run = account.sync();

            assertThat(run.succeeded()).isTrue();
            assertThat(names(run)).containsExactly("2");
        }

        @Test
        void thatAConnectionDoesNotSeeYetAreAskedForAgain() throws Exception {
            server.add("Subject: 1\r\n\r\n");
            server.script((command, session) -> {
                if (command.contains("FLAGS INTERNALDATE")) {
                    session.tagged("OK nothing to see");
                    return true;
                }
                return false;
            });

            assertThat(names(account.sync())).containsExactly("1");
            assertThat(server.commands("EXAMINE")).hasSize(2);
        }

        @Test
        void thatTheServerDescribesBadlyAreDownloadedAllTheSame() throws Exception {
            server.add("Subject: 1\r\n\r\n");
            server.add("Subject: 2\r\nDate: Tue, 3 Feb 2026 09:00:00 +0100\r\n\r\n");
            server.script((command, session) -> {
                if (command.startsWith("UID FETCH") && command.contains("INTERNALDATE")) {
                    session.line("* 1 FETCH (UID 1 FLAGS () INTERNALDATE NIL RFC822.SIZE 14)");
                    session.line("* 2 FETCH (UID 2 INTERNALDATE \"once upon a time\" RFC822.SIZE 54)");
                    session.tagged("OK done");
                    return true;
                }
                return false;
            });

            InMemoryRun run = account.sync();

            assertThat(names(run)).containsExactly("1", "2");
            assertThat(run.outputs().get(0).externalTimestamp()).isNull();
            assertThat(run.outputs().get(1).externalTimestamp()).isEqualTo(Instant.parse("2026-02-03T08:00:00Z"));
        }

        /** Damaged in its store: the server lists it, and never sends it. */
        @Test
        void thatTheServerIsSilentAboutTakeNoOtherAlong() throws Exception {
            server.add("Subject: 1\r\n\r\n");
            server.add("Subject: 2\r\n\r\n");
            server.add("Subject: 3\r\n\r\n");
            server.script((command, session) -> {
                if (!command.startsWith("UID FETCH") || !command.contains("BODY.PEEK[]")) {
                    return false;
                }
                if (command.startsWith("UID FETCH 1:3 ")) {
                    session.answer(command.replace("1:3", "1,3"));
                } else {
                    session.tagged("OK nothing to see");
                }
                return true;
            });

            InMemoryRun run = account.sync();

            assertThat(names(run)).containsExactly("1", "3");
            assertThat(run.failures())
                    .singleElement()
                    .satisfies(failure -> assertThat(failure.reason()).contains("UID 2"));
        }

        @Test
        void thatTheServerHasAndNeverSendsAreNotLostInSilence() throws Exception {
            server.add("Subject: 1\r\n\r\n");
            server.refuse("UID FETCH", "OK nothing to see");

            InMemoryRun run = account.sync();

            assertThat(run.failureCodes()).containsExactly("imap.protocolError");
            assertThat(account.syncState()).isEqualTo(JsonObject.EMPTY);
        }

        @Test
        void thatTheServerRefusesDoNotTakeOthersAlong() throws Exception {
            addMessages(3);
            server.script((command, session) -> {
                if (command.matches("UID FETCH (1:3|2) .*BODY.PEEK.*")) {
                    session.tagged("NO some messages could not be fetched");
                    return true;
                }
                return false;
            });

            InMemoryRun run = account.sync();

            assertThat(names(run)).containsExactly("1", "3");
            assertThat(run.failures()).singleElement().isInstanceOfSatisfying(TaskFailure.Permanent.class, failure -> {
                assertThat(failure.code()).isEqualTo("imap.messageRefused");
                assertThat(failure.reason()).contains("UID 2").contains("could not be fetched");
            });
        }

        @Test
        void thatAreRefusedBecauseTheyAreGoneAreNoFailure() throws Exception {
            server.add("Subject: 1\r\n\r\n");
            server.script((command, session) -> {
                if (command.contains("BODY.PEEK")) {
                    server.expunge(1);
                    session.tagged("NO [EXPUNGEISSUED] gone");
                    return true;
                }
                return false;
            });

            assertThat(account.sync().succeeded()).isTrue();
        }

        @Test
        void thatOthersToldAboutAreIgnored() throws Exception {
            server.add("Subject: 1\r\n\r\n");
            server.script((command, session) -> {
                if (command.startsWith("UID FETCH")) {
                    session.line("* 7 FETCH (FLAGS (\\Seen))");
                    session.line("* 8 FETCH (UID 8 FLAGS (\\Seen))");
                    session.line("* 3 EXPUNGE");
                    session.line("* 9 FETCH (what is this");
                }
                return false;
            });

            assertThat(names(account.sync())).containsExactly("1");
        }
    }

    @Test
    void refusesTasksThatAreNone() {
        for (Task task : List.of(
                new Task("eatMessages", JsonObject.EMPTY, 1),
                new Task(DownloadMessages.TYPE, JsonObject.EMPTY, 1),
                new Task(DownloadMessages.TYPE, new JsonObject(Map.of("uidValidity", 1, "uids", "1:4000000000")), 1),
                new Task(ListMessages.TYPE, JsonObject.of("after", "x"), 1))) {
            assertThat(failureOf(task))
                    .isInstanceOfSatisfying(
                            TaskFailure.Permanent.class,
                            failure -> assertThat(failure.code()).isEqualTo("imap.invalidTask"));
        }
        assertThat(server.connections()).isZero();
    }

    private @Nullable Throwable failureOf(Task task) {
        try {
            integration.run(task, account.context());
            return null;
        } catch (TaskFailure | InterruptedException e) {
            return e;
        }
    }

    private static List<String> names(InMemoryRun run) {
        return run.outputs().stream().map(Output::name).toList();
    }

    private static byte[] content(Output output, java.nio.charset.Charset charset) {
        return String.valueOf(output.content()).getBytes(charset);
    }
}
