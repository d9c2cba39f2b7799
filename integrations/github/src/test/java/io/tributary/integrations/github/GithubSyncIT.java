package io.tributary.integrations.github;

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
import io.tributary.integrations.workbench.server.ReceivedRequest;
import io.tributary.integrations.workbench.server.ScriptedAnswer;
import io.tributary.integrations.workbench.server.When;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GithubSyncIT {

    private static final Instant NOON = Instant.parse("2026-05-01T12:00:00Z");

    private final GithubServer github = new GithubServer();
    private final SettableClock clock = SettableClock.at(NOON);
    private final ConnectedAccount account = ConnectedAccount.of(new GithubIntegration())
            .config("baseUrl", github.url())
            .credentials(Map.of("accessToken", GithubServer.TOKEN))
            .clock(clock);

    @AfterEach
    void stop() {
        github.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        assign           | Issue #7 assigned to ada in engine/works: Leak in the boiler
        review_requested | ada requested to review PR #7 in engine/works: Leak in the boiler
        mention          | bo mentioned ada in engine/works issue #7: It drips, @ada.
        comment          | bo commented on issue #7 in engine/works: It drips, @ada.
        state_change     | bo changed issue #7 state to closed in engine/works: Leak in the boiler
        author           | GitHub notification for ada in engine/works
        """)
    void tellsWhyTheUserIsNotified(String reason, String text) throws InterruptedException {
        github.notify("41", reason, NOON);

        Output activity = account.sync().outputs().getFirst();

        assertThat(activity.kind()).isEqualTo(Output.Kind.ACTIVITY);
        assertThat(activity.externalId()).isEqualTo("notification:41");
        assertThat(activity.externalTimestamp()).isEqualTo(NOON);
        assertThat(activity.content()).isEqualTo(text);
        assertThat(activity.metadata().text("sourceUrl")).contains("https://github.com/engine/works/issues/7");
        assertThat(activity.metadata().text("reason")).contains(reason);
    }

    @Test
    void leavesOutReasonsThatWantNothingOfTheUser() throws InterruptedException {
        github.notify("1", "subscribed", NOON);
        github.notify("2", "ci_activity", NOON);

        assertThat(account.sync().outputs()).isEmpty();
    }

    @Test
    void readsEveryPageOnce() throws InterruptedException {
        IntStream.range(0, 120).forEach(i -> github.notify(String.valueOf(i), "mention", NOON.minusSeconds(i)));
        IntStream.range(0, 250).forEach(i -> github.happen(String.valueOf(i), "WatchEvent", NOON, Map.of()));

        InMemoryRun run = account.sync();

        assertThat(run.succeeded()).isTrue();
        assertThat(run.outputs()).hasSize(370).extracting(Output::externalId).doesNotHaveDuplicates();
        assertThat(github.asked()).hasSize(1 + 3 + 120 + 3);
    }

    @Test
    void costsNothingWhenNothingIsNew() throws InterruptedException {
        github.notify("1", "mention", NOON);
        github.happen("2", "WatchEvent", NOON, Map.of());
        account.sync();
        long before = github.asked().count();

        InMemoryRun second = account.sync();

        assertThat(second.outputs()).isEmpty();
        assertThat(github.asked().skip(before)).containsExactly("/notifications", "/users/ada/events");
        assertThat(github.http().requests().stream().skip(before))
                .allSatisfy(request -> assertThat(
                                request.header("If-Modified-Since").or(() -> request.header("If-None-Match")))
                        .isPresent());
    }

    @Test
    void findsExactlyWhatIsNew() throws InterruptedException {
        github.notify("1", "mention", NOON);
        github.notify("2", "mention", NOON);
        github.happen("10", "WatchEvent", NOON, Map.of());
        account.sync();
        github.notify("3", "mention", NOON);
        github.notify("1", "comment", NOON.plusSeconds(1));
        github.happen("9", "WatchEvent", NOON.plusSeconds(1), Map.of());

        InMemoryRun run = account.sync();

        assertThat(run.outputs())
                .extracting(Output::externalId)
                .containsExactlyInAnyOrder("notification:1", "notification:3", "event:9");
        assertThat(account.sync().outputs()).isEmpty();
    }

    @Test
    void losesNothingWhenThePagesShiftWhileTheyAreRead() throws InterruptedException {
        IntStream.range(0, 120).forEach(i -> github.notify(String.valueOf(i), "mention", NOON.minusSeconds(i)));
        github.http()
                .inject(
                        new Fault.Changed(answer -> {
                            github.notify("new", "mention", NOON.plusSeconds(1));
                            return answer;
                        }),
                        When.next().at("/notifications"));

        InMemoryRun first = account.sync();

        assertThat(first.outputs()).extracting(Output::externalId).contains("notification:119");
        assertThat(account.sync().outputs()).extracting(Output::externalId).contains("notification:new");
    }

    @Test
    void waitsAsLongAsGithubAsksBetweenTwoPolls() throws InterruptedException {
        github.pollInterval(60);
        account.sync();
        clock.advance(Duration.ofSeconds(20));

        InMemoryRun run = account.sync();

        assertThat(run.succeeded()).isTrue();
        assertThat(run.waits()).containsExactly(Duration.ofSeconds(40));
    }

    @Test
    void tellsTheUsersEvents() throws InterruptedException {
        var issue = Map.of("number", 3, "title", "Steam", "html_url", "https://github.com/engine/works/issues/3");
        github.happen("1", "IssuesEvent", NOON, Map.of("action", "opened", "issue", issue));
        github.happen("2", "IssuesEvent", NOON, Map.of("action", "closed", "issue", issue));
        github.happen("3", "IssueCommentEvent", NOON, Map.of("action", "created", "issue", issue));
        github.happen("4", "PullRequestEvent", NOON, Map.of("action", "opened"));
        github.happen("5", "PushEvent", NOON, Map.of());

        assertThat(account.sync().outputs())
                .extracting(Output::content)
                .containsExactlyInAnyOrder(
                        "ada created issue #3: Steam",
                        "ada closed issue #3: Steam",
                        "ada commented on issue #3: Steam",
                        "ada created PR #5",
                        "GitHub activity: Push in engine/works");
    }

    @Test
    void asksForItsUsernameOnce() throws InterruptedException {
        account.sync();
        account.sync();

        assertThat(github.asked().filter("/user"::equals)).hasSize(1);
    }

    @Test
    void saysLessWhenTheSubjectIsOutOfReach() throws InterruptedException {
        github.notify("1", "mention", NOON, github.url() + "/repos/gone/gone/issues/1");

        assertThat(account.sync().outputs())
                .singleElement()
                .satisfies(activity ->
                        assertThat(activity.content()).isEqualTo("GitHub notification for ada in engine/works"));
    }

    @Test
    void sendsTheTokenNowhereElse() throws InterruptedException {
        github.notify("1", "mention", NOON, "http://127.0.0.2:1/repos/engine/works/issues/7");

        assertThat(account.sync().outputs())
                .singleElement()
                .satisfies(activity -> assertThat(activity.content()).startsWith("bo mentioned"));
    }

    @Test
    void keepsToTheDatesThatARunIsAskedForAndLeavesTheState() throws InterruptedException {
        IntStream.range(0, 10).forEach(i -> github.notify(String.valueOf(i), "mention", NOON.plusSeconds(i)));
        IntStream.range(0, 10).forEach(i -> github.happen("" + i, "WatchEvent", NOON.plusSeconds(i), Map.of()));
        account.sync();
        JsonObject before = account.syncState();

        InMemoryRun run = account.sync(new Options(NOON.plusSeconds(3), NOON.plusSeconds(5), false));

        assertThat(run.outputs())
                .extracting(Output::externalId)
                .containsExactlyInAnyOrder("notification:3", "notification:4", "event:3", "event:4");
        assertThat(account.syncState()).isEqualTo(before);
    }

    @Test
    void beginsAFirstSyncAtItsWindowAndGoesOnFromThere() throws InterruptedException {
        IntStream.range(0, 6).forEach(i -> github.notify(String.valueOf(i), "mention", NOON.plusSeconds(i)));
        IntStream.range(0, 6).forEach(i -> github.happen("" + i, "WatchEvent", NOON.plusSeconds(i), Map.of()));

        InMemoryRun first = account.sync(Options.firstSync(NOON.plusSeconds(4)));

        assertThat(first.outputs())
                .extracting(Output::externalId)
                .containsExactlyInAnyOrder("notification:4", "notification:5", "event:4", "event:5");
        github.notify("6", "mention", NOON.plusSeconds(6));
        assertThat(account.sync().outputs()).extracting(Output::externalId).containsExactly("notification:6");
    }

    @Test
    void goesBackADayInAFirstSync() {
        assertThat(new GithubIntegration().manifest().syncTypes().getFirst().firstWindow())
                .isEqualTo(Duration.ofHours(24));
    }

    @Test
    void restsUntilTheRateLimitStartsAnew() throws InterruptedException {
        github.http().inject(Fault.quotaExhausted(NOON.plusSeconds(90)), When.request(2));
        github.http()
                .inject(
                        new Fault.Instead(ScriptedAnswer.json("message", "You have exceeded a secondary rate limit.")
                                .withStatus(403)),
                        When.request(3));

        InMemoryRun run = account.sync();

        assertThat(run.succeeded()).isTrue();
        assertThat(run.waits()).containsExactly(Duration.ofSeconds(90), Duration.ofMinutes(1));
    }

    /** GitHub answers 401 "Bad credentials" to a good token now and then. */
    @ParameterizedTest
    @CsvSource({"1,1", "2,1", "2,2", "3,3", "4,4"})
    void keepsTheAccountWhenAGoodTokenIsRefusedNowAndThen(int request, int times) throws InterruptedException {
        github.notify("1", "mention", NOON);
        github.happen("2", "WatchEvent", NOON, Map.of());
        account.sync();
        github.notify("3", "mention", NOON.plusSeconds(1));
        github.http()
                .inject(
                        new Fault.Instead(ScriptedAnswer.json("message", "Bad credentials")
                                .withStatus(401)),
                        new When(asked -> !asked.path().equals("/user"), request, times));

        InMemoryRun run = account.sync();

        assertThat(run.failures()).isEmpty();
        assertThat(run.outputs()).extracting(Output::externalId).containsExactly("notification:3");
    }

    @ParameterizedTest
    @CsvSource({"401,github.authFailed", "403,github.accessRefused", "404,github.notFound", "422,github.requestRefused"
    })
    void saysWhatARefusalMeans(int status, String code) throws InterruptedException {
        github.http()
                .inject(new Fault.Instead(ScriptedAnswer.json("message", "no").withStatus(status)), When.always());

        assertThat(account.sync().failureCodes()).containsExactly(code);
    }

    @Test
    void sendsTheHeadersThatGithubAsksFor() throws InterruptedException {
        account.sync();

        assertThat(github.http().requests()).allSatisfy((ReceivedRequest request) -> {
            assertThat(request.header("Accept")).contains("application/vnd.github+json");
            assertThat(request.header("X-GitHub-Api-Version")).contains("2022-11-28");
            assertThat(request.header("User-Agent")).isPresent();
        });
    }

    @Test
    void tellsWhoseAccountItIs() throws TaskFailure, InterruptedException {
        assertThat(account.identify()).isEqualTo(new Account("1815", "ada", JsonObject.of("username", "ada")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/notifications", "/users/ada/events"})
    void endsAListWhoseLinkLeadsBack(String path) throws InterruptedException {
        IntStream.range(0, 250).forEach(i -> github.notify(String.valueOf(i), "subscribed", NOON.minusSeconds(i)));
        IntStream.range(0, 250).forEach(i -> github.happen(String.valueOf(i), "WatchEvent", NOON, Map.of()));
        github.http()
                .inject(
                        new Fault.Changed(answer -> answer.header(
                                "Link", "<" + github.url() + path + "?per_page=50&page=2>; rel=\"next\"")),
                        When.always().at(path));

        assertThat(account.sync().failureCodes()).containsExactly("github.pagesRepeat");
    }
}
