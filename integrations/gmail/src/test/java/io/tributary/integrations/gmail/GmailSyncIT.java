package io.tributary.integrations.gmail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.tributary.integrations.api.Account;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Options;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.workbench.ConnectedAccount;
import io.tributary.integrations.workbench.InMemoryRun;
import io.tributary.integrations.workbench.SettableClock;
import io.tributary.integrations.workbench.server.Fault;
import io.tributary.integrations.workbench.server.ScriptedAnswer;
import io.tributary.integrations.workbench.server.When;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GmailSyncIT {

    private static final Instant NOON = Instant.parse("2026-05-01T12:00:00Z");

    private final GmailServer gmail = new GmailServer();
    private final ConnectedAccount account = ConnectedAccount.of(new GmailIntegration())
            .config("baseUrl", gmail.url())
            .credentials(Map.of("accessToken", GmailServer.TOKEN))
            .clock(SettableClock.at(NOON));

    @AfterEach
    void stop() {
        gmail.close();
    }

    @Test
    void downloadsEveryMessageOnce() throws InterruptedException {
        IntStream.range(0, 1_200).forEach(i -> gmail.receive("m" + i, "bo@example.org", NOON.minusSeconds(i), "INBOX"));

        InMemoryRun run = account.sync();

        assertThat(run.succeeded()).isTrue();
        assertThat(run.outputs()).hasSize(1_200).extracting(Output::externalId).doesNotHaveDuplicates();
        assertThat(gmail.asked()).hasSize(1 + 3 + 1_200);
    }

    @Test
    void keepsTheSourceAndSaysWhatItSays() throws InterruptedException {
        String source = """
            From: "B\u00f6" <bo@example.org>\r
            To: ada@example.org\r
            Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r
            Message-ID: <one@example.org>\r
            Content-Type: multipart/mixed; boundary=x\r
            \r
            --x\r
            Content-Type: text/plain\r
            \r
            Hello\r
            --x\r
            Content-Type: application/pdf; name=bill.pdf\r
            Content-Disposition: attachment\r
            Content-Transfer-Encoding: base64\r
            \r
            AAECAw==\r
            --x--\r
            """;
        gmail.receive("18c0ffee", source, NOON, List.of("INBOX", "UNREAD"));

        Output mail = account.sync().outputs().getFirst();

        assertThat(mail.externalId()).isEqualTo("18c0ffee");
        assertThat(mail.externalTimestamp()).isEqualTo(NOON);
        assertThat(mail.name()).isEqualTo("Gr\u00fc\u00dfe");
        assertThat(mail.content()).isEqualTo(source);
        JsonObject metadata = mail.metadata();
        assertThat(metadata.text("contentEncoding")).contains("ISO-8859-1");
        assertThat(metadata.text("messageId")).contains("<one@example.org>");
        assertThat(metadata.text("threadId")).contains("18c0ffee");
        assertThat(metadata.text("text")).contains("Hello");
        assertThat(metadata.values().get("labelIds")).isEqualTo(List.of("INBOX", "UNREAD"));
        assertThat(metadata.values().get("attachments"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .singleElement()
                .isEqualTo(Map.of(
                        "name", "bill.pdf", "contentType", "application/pdf", "size", 4, "disposition", "attachment"));
    }

    @Test
    void asksOnceWhenNothingIsNew() throws InterruptedException {
        gmail.receive("m1", "bo@example.org", NOON);
        account.sync();
        long before = gmail.asked().count();

        InMemoryRun second = account.sync();

        assertThat(second.succeeded()).isTrue();
        assertThat(second.outputs()).isEmpty();
        assertThat(gmail.asked().skip(before)).containsExactly("/history");
    }

    @Test
    void findsExactlyWhatIsNew() throws InterruptedException {
        IntStream.range(0, 10).forEach(i -> gmail.receive("old" + i, "bo@example.org", NOON.minusSeconds(i)));
        account.sync();
        IntStream.range(0, 1_100).forEach(i -> gmail.receive("new" + i, "bo@example.org", NOON.plusSeconds(i)));

        InMemoryRun run = account.sync();

        assertThat(run.outputs())
                .hasSize(1_100)
                .extracting(Output::externalId)
                .doesNotHaveDuplicates()
                .allSatisfy(id -> assertThat(id).startsWith("new"));
        assertThat(account.sync().outputs()).isEmpty();
    }

    @Test
    void findsWhatComesWhileItLists() throws InterruptedException {
        IntStream.range(0, 600).forEach(i -> gmail.receive("old" + i, "bo@example.org", NOON.minusSeconds(i)));
        gmail.http().get("/gmail/v1/users/me/profile", request -> {
            var answer = ScriptedAnswer.json(
                    JsonObject.of("emailAddress", "ada@example.org").with("historyId", "1600"));
            gmail.receive("between", "bo@example.org", NOON.plusSeconds(1));
            return answer;
        });
        account.sync();

        assertThat(account.sync().outputs()).extracting(Output::externalId).contains("between");
    }

    @Test
    void tellsWhatWasDeletedOrThrownAway() throws InterruptedException {
        gmail.receive("m1", "bo@example.org", NOON);
        gmail.receive("m2", "bo@example.org", NOON);
        gmail.receive("m3", "bo@example.org", NOON);
        account.sync();
        gmail.delete("m1");
        gmail.label("m2", "TRASH");
        gmail.label("m3", "STARRED");

        InMemoryRun run = account.sync();

        assertThat(run.outputs())
                .filteredOn(output -> output.kind() == Output.Kind.DELETION)
                .extracting(Output::externalId)
                .containsExactlyInAnyOrder("m1", "m2");
        assertThat(run.outputs())
                .filteredOn(output -> output.kind() == Output.Kind.CONTENT)
                .singleElement()
                .satisfies(
                        output -> assertThat(output.metadata().list("labelIds")).isEqualTo(List.of("STARRED")));
    }

    @Test
    void listsAgainWhenTheHistoryHasExpired() throws InterruptedException {
        gmail.receive("m1", "bo@example.org", NOON);
        account.sync();
        gmail.receive("m2", "bo@example.org", NOON);
        gmail.forgetHistory();

        InMemoryRun run = account.sync();

        assertThat(run.succeeded()).isTrue();
        assertThat(run.outputs()).extracting(Output::externalId).containsExactlyInAnyOrder("m1", "m2");
        assertThat(account.sync().outputs()).isEmpty();
    }

    @Test
    void listsAgainWhenTheConfigHasChanged() throws InterruptedException {
        gmail.receive("m1", "bo@example.org", NOON, "INBOX");
        gmail.receive("m2", "bo@example.org", NOON, "INBOX", "Label_1");
        account.sync();

        InMemoryRun run = account.config("labelIds", List.of("Label_1")).sync();

        assertThat(run.outputs()).extracting(Output::externalId).containsExactly("m2");
    }

    @Test
    void takesOnlyTheLabelsThatAreSynced() throws InterruptedException {
        account.config("labelIds", List.of("INBOX", "Label_1"));
        gmail.receive("m1", "bo@example.org", NOON, "INBOX", "Label_1");
        gmail.receive("m2", "bo@example.org", NOON, "INBOX");
        assertThat(account.sync().outputs()).extracting(Output::externalId).containsExactly("m1");
        gmail.label("m2", "Label_1");
        gmail.unlabel("m1", "Label_1");
        gmail.receive("m3", "bo@example.org", NOON, "Label_1");

        assertThat(account.sync().outputs())
                .extracting(Output::kind, Output::externalId)
                .containsExactlyInAnyOrder(tuple(Output.Kind.DELETION, "m1"), tuple(Output.Kind.CONTENT, "m2"));
    }

    @Test
    void takesOnlyWhatMatchesTheQuery() throws InterruptedException {
        account.config("query", "from:bo@example.org");
        gmail.receive("m1", "bo@example.org", NOON);
        gmail.receive("m2", "cy@example.org", NOON);
        assertThat(account.sync().outputs()).extracting(Output::externalId).containsExactly("m1");
        gmail.receive("m3", "bo@example.org", NOON.plusSeconds(60));
        gmail.receive("m4", "cy@example.org", NOON.plusSeconds(60));

        assertThat(account.sync().outputs()).extracting(Output::externalId).containsExactly("m3");
    }

    @Test
    void keepsToTheDatesThatARunIsAskedForAndLeavesTheState() throws InterruptedException {
        IntStream.range(0, 10).forEach(i -> gmail.receive("m" + i, "bo@example.org", NOON.plusMillis(i * 500L)));
        account.sync();
        JsonObject before = account.syncState();

        InMemoryRun run = account.sync(new Options(NOON.plusMillis(1_500), NOON.plusMillis(3_000), false));

        assertThat(run.outputs()).extracting(Output::externalId).containsExactlyInAnyOrder("m3", "m4", "m5");
        assertThat(account.syncState()).isEqualTo(before);
    }

    @Test
    void readsEverythingAgainWhenForced() throws InterruptedException {
        gmail.receive("m1", "bo@example.org", NOON);
        account.sync();

        assertThat(account.sync(new Options(null, null, true)).outputs()).hasSize(1);
    }

    @Test
    void leavesOutWhatIsGoneWhenItIsFetched() throws InterruptedException {
        gmail.receive("m1", "bo@example.org", NOON);
        gmail.receive("m2", "bo@example.org", NOON);
        gmail.http()
                .inject(
                        new Fault.Instead(GmailServer.error(404, "notFound")),
                        When.next().at("/gmail/v1/users/me/messages/m1"));

        InMemoryRun run = account.sync();

        assertThat(run.succeeded()).isTrue();
        assertThat(run.outputs()).extracting(Output::externalId).containsExactly("m2");
    }

    @ParameterizedTest
    @CsvSource({"rateLimitExceeded,PT10S", "userRateLimitExceeded,PT10S", "dailyLimitExceeded,PT15M"})
    void restsWhenGmailSaysThatItWasTooMuch(String reason, Duration wait) throws InterruptedException {
        gmail.receive("m1", "bo@example.org", NOON);
        gmail.http().inject(new Fault.Instead(GmailServer.error(403, reason)), When.request(2));

        InMemoryRun run = account.sync();

        assertThat(run.succeeded()).isTrue();
        assertThat(run.outputs()).hasSize(1);
        assertThat(run.waits()).containsExactly(wait);
    }

    @ParameterizedTest
    @CsvSource({
        "403,insufficientPermissions,gmail.scopeMissing",
        "403,accessNotConfigured,gmail.accessRefused",
        "403,domainPolicy,gmail.accessRefused",
        "400,invalidArgument,gmail.requestRefused",
        "401,authError,gmail.authFailed"
    })
    void saysWhatARefusalMeans(int status, String reason, String code) throws InterruptedException {
        gmail.http().inject(new Fault.Instead(GmailServer.error(status, reason)), When.always());

        assertThat(account.sync().failureCodes()).containsExactly(code);
    }

    @Test
    void endsWithoutLossWhenItIsExecutedAgainAfterACrash() throws InterruptedException {
        IntStream.range(0, 20).forEach(i -> gmail.receive("m" + i, "bo@example.org", NOON));

        for (int task = 1; task <= 21; task++) {
            InMemoryRun run =
                    account.syncState(JsonObject.EMPTY).crashAfterTask(task).sync();
            assertThat(run.outputs()).hasSize(20);
        }
    }

    @Test
    void tellsWhoseAccountItIs() throws TaskFailure, InterruptedException {
        assertThat(account.identify()).isEqualTo(new Account("ada@example.org", "ada@example.org", JsonObject.EMPTY));
    }

    @ParameterizedTest
    @ValueSource(strings = {"messages", "history"})
    void endsAListWhoseTokenLeadsBack(String list) throws InterruptedException {
        gmail.receive("m", "bo@example.org", NOON);
        account.sync();
        IntStream.range(0, 1_200).forEach(i -> gmail.receive("m" + i, "bo@example.org", NOON));
        account.syncState(list.equals("messages") ? JsonObject.EMPTY : account.syncState());
        var first = new AtomicReference<String>();
        gmail.http()
                .inject(
                        new Fault.Changed(answer -> {
                            var token = Pattern.compile("\"nextPageToken\":\"[^\"]*\"")
                                    .matcher(new String(answer.body(), StandardCharsets.UTF_8));
                            if (!token.find()) {
                                return answer;
                            }
                            first.compareAndSet(null, token.group());
                            return ScriptedAnswer.json(token.replaceFirst(first.get()));
                        }),
                        When.always().where(request -> request.path().endsWith("/" + list)));

        assertThat(account.sync().failureCodes()).containsExactly("gmail.pagesRepeat");
    }

    /** What is not listed counts as deleted. */
    @ParameterizedTest
    @ValueSource(strings = {"messages", "history"})
    void takesAnAnswerThatSaysNothingForNoEmptyMailbox(String list) throws InterruptedException {
        gmail.receive("m", "bo@example.org", NOON);
        account.sync();
        account.syncState(list.equals("messages") ? JsonObject.EMPTY : account.syncState());
        gmail.http()
                .inject(
                        new Fault.Instead(ScriptedAnswer.json("{}")),
                        When.always().where(request -> request.path().endsWith("/" + list)));

        assertThat(account.sync().failureCodes()).containsExactly("gmail.unexpected");
    }

    /** gauteh/lieer#24: a page of the history without records, and with a next one. */
    @Test
    void goesOnBehindAPageOfTheHistoryWithoutRecords() throws InterruptedException {
        account.sync();
        IntStream.range(0, 600).forEach(i -> gmail.receive("m" + i, "bo@example.org", NOON));
        gmail.http()
                .inject(
                        new Fault.Changed(
                                answer -> ScriptedAnswer.json(new String(answer.body(), StandardCharsets.UTF_8)
                                        .replaceFirst("\"history\":\\[.*\\](,|(?=}))", ""))),
                        When.next().where(request -> request.path().endsWith("/history")));

        InMemoryRun run = account.sync();

        assertThat(run.failures()).isEmpty();
        assertThat(run.outputs()).hasSize(100);
    }
}
