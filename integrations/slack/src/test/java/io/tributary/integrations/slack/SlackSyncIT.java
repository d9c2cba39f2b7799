package io.tributary.integrations.slack;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SlackSyncIT {

    private static final long NOON = 1_777_636_800; // 2026-05-01T12:00:00Z
    private static final long DAY = 86_400;

    private final SlackServer slack = new SlackServer();
    private final ConnectedAccount account = ConnectedAccount.of(new SlackIntegration())
            .config("baseUrl", slack.url())
            .credentials(Map.of("accessToken", SlackServer.TOKEN))
            .clock(SettableClock.at(Instant.ofEpochSecond(NOON)));

    @BeforeEach
    void join() {
        slack.channel("C1", true);
    }

    @AfterEach
    void stop() {
        slack.close();
    }

    @Test
    void readsEveryMessageOfTheChannelsThatWereJoined() throws InterruptedException {
        IntStream.range(0, 450).forEach(i -> slack.channel("C" + (100 + i), i % 2 == 0));
        IntStream.range(0, 900).forEach(i -> slack.say("C1", at(i), "message " + i));
        slack.say("C100", at(0), "in another channel");
        slack.say("C101", at(0), "in a channel that was not joined");

        InMemoryRun run = account.sync();

        assertThat(run.succeeded()).isTrue();
        assertThat(run.outputs()).hasSize(901).extracting(Output::externalId).doesNotHaveDuplicates();
    }

    @Test
    void keepsTheTsAsItIs() throws InterruptedException {
        slack.say("C1", "1777636800.000200", "*Hello*\nyou");

        Output message = account.sync().outputs().getFirst();

        assertThat(message.externalId()).isEqualTo("C1:1777636800.000200");
        assertThat(message.externalTimestamp()).isEqualTo(Instant.ofEpochSecond(NOON, 200_000));
        assertThat(message.content()).isEqualTo("*Hello*\nyou");
        assertThat(message.name()).isEqualTo("*Hello*");
        assertThat(message.metadata().values())
                .containsEntry("channel", "C1")
                .containsEntry("channelName", "name-of-c1")
                .containsEntry("ts", "1777636800.000200")
                .containsEntry("user", "U1");
    }

    @Test
    void readsTheChannelsThatWereChosenAndListsNone() throws InterruptedException {
        slack.channel("C2", true);
        slack.say("C1", at(0), "one");
        slack.say("C2", at(0), "two");

        InMemoryRun run = account.config("channels", List.of("C2")).sync();

        assertThat(run.outputs()).extracting(Output::externalId).containsExactly("C2:" + at(0));
        assertThat(slack.asked()).containsExactly("conversations.history");
    }

    @Test
    void findsExactlyWhatIsNew() throws InterruptedException {
        IntStream.range(0, 250).forEach(i -> slack.say("C1", at(i), "message " + i));
        slack.reply("C1", at(5), at(300), "a reply");
        account.sync();
        assertThat(account.sync().outputs()).as("nothing new").isEmpty();
        slack.say("C1", at(400), "new");
        slack.reply("C1", at(5), at(401), "another reply");
        slack.reply("C1", at(6), at(402), "a first reply");
        slack.edit("C1", at(7), at(403), "edited");

        InMemoryRun run = account.sync();

        assertThat(run.outputs())
                .extracting(Output::externalId)
                .containsExactlyInAnyOrder("C1:" + at(400), "C1:" + at(401), "C1:" + at(402), "C1:" + at(7));
        assertThat(account.sync().outputs()).isEmpty();
    }

    @Test
    void readsLongThreadsPageByPage() throws InterruptedException {
        slack.say("C1", at(0), "root");
        IntStream.range(1, 500).forEach(i -> slack.reply("C1", at(0), at(i), "reply " + i));

        InMemoryRun run = account.sync();

        assertThat(run.outputs()).hasSize(500).extracting(Output::externalId).doesNotHaveDuplicates();
    }

    @Test
    void leavesRepliesOutWhenToldTo() throws InterruptedException {
        slack.say("C1", at(0), "root");
        slack.reply("C1", at(0), at(1), "reply");

        InMemoryRun run = account.config("includeReplies", false).sync();

        assertThat(run.outputs()).extracting(Output::externalId).containsExactly("C1:" + at(0));
    }

    @Test
    void forgetsThreadsThatAreNoLongerLookedAt() throws InterruptedException {
        IntStream.range(0, 300).forEach(i -> {
            slack.say("C1", at(i * 10L), "root");
            slack.reply("C1", at(i * 10L), at(i * 10L + 1), "reply");
        });
        account.sync();
        slack.say("C1", at(8 * DAY), "a week later");
        account.sync();

        JsonObject state = account.syncState().object("channels").object("C1");

        assertThat(state.text("latest")).contains(at(8 * DAY));
        assertThat(state.object("threads").values()).isEmpty();
    }

    @Test
    void findsWhatIsSentWhileThePagesAreRead() throws InterruptedException {
        IntStream.range(0, 500).forEach(i -> slack.say("C1", at(i), "message " + i));
        slack.http()
                .inject(
                        new Fault.Changed(answer -> {
                            slack.say("C1", at(1_000), "in between");
                            return answer;
                        }),
                        When.next().at("/api/conversations.history"));

        InMemoryRun first = account.sync();

        assertThat(first.outputs()).extracting(Output::externalId).contains("C1:" + at(0), "C1:" + at(499));
        assertThat(account.sync().outputs()).extracting(Output::externalId).containsExactly("C1:" + at(1_000));
    }

    @Test
    void keepsToTheDatesThatARunIsAskedForAndLeavesTheState() throws InterruptedException {
        IntStream.range(0, 10).forEach(i -> slack.say("C1", at(i), "message " + i));
        account.sync();
        JsonObject before = account.syncState();

        InMemoryRun run =
                account.sync(new Options(Instant.ofEpochSecond(NOON + 3), Instant.ofEpochSecond(NOON + 6), false));

        assertThat(run.outputs())
                .extracting(Output::externalId)
                .containsExactlyInAnyOrder("C1:" + at(3), "C1:" + at(4), "C1:" + at(5));
        assertThat(account.syncState()).isEqualTo(before);
    }

    @Test
    void readsEverythingAgainWhenForced() throws InterruptedException {
        slack.say("C1", at(0), "root");
        slack.reply("C1", at(0), at(1), "reply");
        account.sync();

        assertThat(account.sync(new Options(null, null, true)).outputs()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "invalid_auth,slack.authFailed",
        "token_revoked,slack.authFailed",
        "missing_scope,slack.scopeMissing",
        "channel_not_found,slack.channelRefused",
        "internal_error,slack.providerFailed",
        "something_new,slack.requestRefused"
    })
    void readsErrorsInsideGoodAnswers(String error, String code) throws InterruptedException {
        slack.http().inject(new Fault.Instead(ScriptedAnswer.json(SlackServer.error(error))), When.always());

        assertThat(account.sync().failureCodes()).containsExactly(code);
    }

    @Test
    void readsTheOtherChannelsWhenOneIsRefused() throws InterruptedException {
        slack.say("C1", at(0), "hello");

        InMemoryRun run = account.config("channels", List.of("C404", "C1")).sync();

        assertThat(run.failureCodes()).containsExactly("slack.channelRefused");
        assertThat(run.outputs()).hasSize(1);
    }

    @Test
    void readsNoHistoryAgainBecauseAnotherChannelRefuses() throws InterruptedException {
        slack.say("C1", at(0), "hello");
        slack.reply("C1", at(0), at(1), "a reply");
        account.config("channels", List.of("C1", "C404"));
        assertThat(account.sync().outputs()).hasSize(2);
        slack.say("C1", at(8 * DAY), "new");

        InMemoryRun second = account.sync();

        assertThat(second.failureCodes()).containsExactly("slack.channelRefused");
        assertThat(second.outputs()).extracting(Output::externalId).containsExactly("C1:" + at(8 * DAY));
        assertThat(slack.http().requests().stream()
                        .filter(request -> request.query("channel").equals(Optional.of("C1")))
                        .filter(request -> request.path().endsWith("history"))
                        .map(request -> request.query("oldest")))
                .containsExactly(Optional.empty(), Optional.of(NOON - 7 * DAY + ".000100"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"history", "replies"})
    void readsAgainWhatFollowsAPageThatFailed(String method) throws InterruptedException {
        IntStream.range(0, 30).forEach(i -> slack.say("C1", at(i), "message " + i));
        IntStream.range(30, 60).forEach(i -> slack.reply("C1", at(29), at(i), "reply " + i));
        slack.pageBy(10);
        slack.http()
                .inject(
                        new Fault.Instead(ScriptedAnswer.json(SlackServer.error("something_new"))),
                        When.request(2).at("/api/conversations." + method));
        InMemoryRun first = account.sync();

        InMemoryRun second = account.sync();

        assertThat(first.failureCodes()).containsExactly("slack.requestRefused");
        assertThat(Stream.of(first, second).flatMap(run -> run.outputs().stream()))
                .extracting(Output::externalId)
                .contains(IntStream.range(0, 60).mapToObj(i -> "C1:" + at(i)).toArray(String[]::new));
        assertThat(account.sync().outputs()).isEmpty();
    }

    /** By method: the cursor is always the same, or two take turns. */
    @ParameterizedTest
    @CsvSource({
        "conversations.list,1,2",
        "conversations.history,1,2",
        "conversations.replies,1,2",
        "conversations.history,2,3",
        "conversations.list,3,4"
    })
    void endsAListWhoseCursorLeadsBack(String method, int circle, int most) throws InterruptedException {
        slack.say("C1", at(0), "hello");
        slack.reply("C1", at(0), at(1), "a reply");
        slack.channel("C2", false);
        slack.channel("C3", false);
        var answers = new AtomicInteger();
        slack.http()
                .inject(
                        new Fault.Changed(answer -> ScriptedAnswer.json(new String(
                                        answer.body(), StandardCharsets.UTF_8)
                                .replaceFirst(
                                        "\"next_cursor\":\"[^\"]*\"",
                                        "\"next_cursor\":\"dXNlcjp+/=" + answers.getAndIncrement() % circle + "\""))),
                        When.always().at("/api/" + method));

        InMemoryRun run = account.sync();

        assertThat(run.failureCodes()).contains("slack.pagesRepeat");
        assertThat(answers).hasValueLessThanOrEqualTo(most);
    }

    @ParameterizedTest
    @ValueSource(strings = {"conversations.list", "conversations.history", "conversations.replies"})
    void takesAnAnswerWithoutItsListForNoEmptyList(String method) throws InterruptedException {
        slack.say("C1", at(0), "hello");
        slack.reply("C1", at(0), at(1), "a reply");
        slack.http()
                .inject(
                        new Fault.Instead(ScriptedAnswer.json(JsonObject.of("ok", true))),
                        When.always().at("/api/" + method));

        assertThat(account.sync().failureCodes()).containsExactly("slack.unexpected");
    }

    @ParameterizedTest
    @ValueSource(strings = {"invalid_auth", "not_authed"})
    void triesAgainWhenATokenIsRefusedThatAuthTestTakes(String error) throws InterruptedException {
        slack.say("C1", at(0), "hello");
        slack.http().inject(new Fault.Instead(ScriptedAnswer.json(SlackServer.error(error))), When.request(2));

        InMemoryRun run = account.sync();

        assertThat(run.failures()).isEmpty();
        assertThat(run.outputs()).hasSize(1);
    }

    @Test
    void restsAsLongAsSlackAsks() throws InterruptedException {
        slack.say("C1", at(0), "hello");
        slack.http().inject(Fault.rateLimited(Duration.ofSeconds(7)), When.request(2));
        slack.http().inject(new Fault.Instead(ScriptedAnswer.json(SlackServer.error("ratelimited"))), When.request(3));

        InMemoryRun run = account.sync();

        assertThat(run.outputs()).hasSize(1);
        assertThat(run.waits()).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(30));
    }

    @Test
    void tellsWhoseAccountItIs() throws TaskFailure, InterruptedException {
        assertThat(account.identify()).isEqualTo(new Account("T1:U1", "Engine Works", JsonObject.EMPTY));
    }

    private static String at(long secondsAfterNoon) {
        return NOON + secondsAfterNoon + ".000100";
    }
}
