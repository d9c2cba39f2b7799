package io.tributary.integrations.declarative;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.Account;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.workbench.ConnectedAccount;
import io.tributary.integrations.workbench.InMemoryRun;
import io.tributary.integrations.workbench.SettableClock;
import io.tributary.integrations.workbench.server.Fault;
import io.tributary.integrations.workbench.server.ScriptedAnswer;
import io.tributary.integrations.workbench.server.When;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The file that is shipped as an example. */
class GitlabSyncIT {

    private static final Instant NOON = Instant.parse("2026-05-01T12:00:00Z");

    private final GitlabServer gitlab = new GitlabServer();
    private final SettableClock clock = SettableClock.at(NOON.plusSeconds(100_000));
    private final ConnectedAccount account = ConnectedAccount.of(example())
            .config("baseUrl", gitlab.http().uri().toString())
            .config("project", "engine/works")
            .credentials(Map.of("accessToken", GitlabServer.TOKEN))
            .clock(clock);

    private static DeclarativeIntegration example() {
        try {
            return DeclarativeIntegration.read(
                    Path.of(System.getProperty("tributary.home"), "integrations/declarative/examples/gitlab.yaml"));
        } catch (IOException | InvalidFileException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void stop() {
        gitlab.close();
    }

    private static List<String> ids(InMemoryRun run) {
        return run.outputs().stream().map(Output::externalId).toList();
    }

    @Test
    void readsIssuesAndWhatPeopleWroteAboutThem() throws InterruptedException {
        gitlab.note(3, 30, false, NOON);
        gitlab.note(3, 31, true, NOON.plusSeconds(1));

        InMemoryRun run = account.sync();

        assertThat(run.failures()).isEmpty();
        assertThat(run.outputs())
                .containsExactly(
                        Output.content("issue:7000003", "Issue 3", "It drips.")
                                .at(NOON)
                                .withMetadata(JsonObject.of("iid", 3)
                                        .with("state", "opened")
                                        .with("author", "ada")
                                        .with("assignees", List.of("bo"))
                                        .with("labels", List.of("bug"))),
                        Output.content("note:30", "Bo", "note 30")
                                .at(NOON)
                                .withMetadata(
                                        JsonObject.of("issue", "issue:7000003").with("author", "bo")));
    }

    @Test
    void sendsThePathOfTheProjectAsOneSegment() throws InterruptedException {
        gitlab.http().inject(Fault.status(400), When.next());

        assertThat(account.sync().failures().getFirst().reason()).contains("/projects/engine%2Fworks/issues");
    }

    @Test
    void readsAllPagesAndThenExactlyWhatIsNew() throws InterruptedException {
        IntStream.rangeClosed(1, 250).forEach(iid -> gitlab.update(iid, NOON.plusSeconds(iid)));

        assertThat(ids(account.sync())).hasSize(250).doesNotHaveDuplicates();
        assertThat(account.sync().outputs()).isEmpty();

        gitlab.update(251, NOON.plusSeconds(500));
        gitlab.note(7, 70, false, NOON.plusSeconds(501));
        assertThat(ids(account.sync())).containsExactly("issue:7000251", "issue:7000007", "note:70");
        assertThat(account.sync().outputs()).isEmpty();
    }

    @Test
    void losesNothingWhenIssuesAreUpdatedOrDeletedMeanwhile() throws InterruptedException {
        IntStream.rangeClosed(1, 250).forEach(iid -> gitlab.update(iid, NOON.plusSeconds(iid)));
        gitlab.http()
                .inject(
                        new Fault.Changed(answer -> {
                            IntStream.rangeClosed(1, 5).forEach(iid -> gitlab.update(iid, NOON.plusSeconds(900 + iid)));
                            IntStream.rangeClosed(10, 15).forEach(gitlab::delete);
                            return answer;
                        }),
                        When.next());

        List<String> seen = ids(account.sync());

        IntStream.rangeClosed(1, 250).forEach(iid -> assertThat(seen).contains("issue:" + (7_000_000 + iid)));
    }

    @Test
    void readsManyIssuesThatWereImportedInOneMoment() throws InterruptedException {
        IntStream.rangeClosed(1, 230).forEach(iid -> gitlab.update(iid, NOON));

        assertThat(ids(account.sync())).hasSize(230).doesNotHaveDuplicates();
    }

    @Test
    void readsNotesBeyondAPageOfWhatGitlabItselfNoted() throws InterruptedException {
        IntStream.rangeClosed(1, 150).forEach(id -> gitlab.note(3, id, id <= 100, NOON.plusSeconds(id)));

        assertThat(ids(account.sync())).hasSize(51).contains("note:150");
    }

    @Test
    void readsNotesBehindAPageOfThoseThatTheUserMayNotSee() throws InterruptedException {
        IntStream.rangeClosed(1, 250).forEach(id -> gitlab.note(3, id, false, NOON.plusSeconds(id)));
        gitlab.hide(2, 230);

        assertThat(ids(account.sync())).hasSize(22).contains("note:1", "note:250");
    }

    @Test
    void readsANoteThatLeavesTheTimeOfItsIssue() throws InterruptedException {
        gitlab.update(3, clock.instant());
        InMemoryRun tooSoon = account.sync();
        gitlab.note(3, 30, false, clock.instant().plusSeconds(50));
        clock.advance(Duration.ofMinutes(2));

        assertThat(tooSoon.outputs()).isEmpty();
        assertThat(ids(account.sync())).containsExactly("issue:7000003", "note:30");
    }

    @Test
    void passesOverAnIssueThatIsDeletedBeforeItsNotesAreRead() throws InterruptedException {
        gitlab.note(3, 30, false, NOON);
        gitlab.http()
                .inject(
                        new Fault.Changed(answer -> {
                            gitlab.delete(3);
                            return answer;
                        }),
                        When.next());

        InMemoryRun run = account.sync();

        assertThat(run.succeeded()).isTrue();
        assertThat(ids(run)).containsExactly("issue:7000003");
    }

    @Test
    void repeatsOnePageAfterACrash() throws InterruptedException {
        IntStream.rangeClosed(1, 250).forEach(iid -> gitlab.update(iid, NOON.plusSeconds(iid)));

        InMemoryRun run = account.crashAfterTask(3).sync();

        assertThat(ids(run)).hasSize(250).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource({
        "401,invalid_token,gitlab.authFailed",
        "403,insufficient_scope,gitlab.scopeMissing",
        "403,forbidden,gitlab.requestRefused",
        "404,none,gitlab.projectNotFound",
        "500,none,gitlab.providerFailed"
    })
    void saysWhatARefusalMeans(int status, String error, String code) throws InterruptedException {
        gitlab.http()
                .inject(new Fault.Instead(ScriptedAnswer.json("error", error).withStatus(status)), When.always());

        assertThat(account.sync().failureCodes()).containsExactly(code);
    }

    @Test
    void restsAsLongAsGitlabAsks() throws InterruptedException {
        gitlab.update(1, NOON);
        gitlab.http().inject(Fault.rateLimited(Duration.ofSeconds(45)), When.next());

        InMemoryRun run = account.sync();

        assertThat(run.waits()).containsExactly(Duration.ofSeconds(45));
        assertThat(run.outputs()).hasSize(1);
    }

    @Test
    void tellsWhoseAccountItIs() throws TaskFailure, InterruptedException {
        assertThat(account.identify()).isEqualTo(new Account("1815", "ada", JsonObject.EMPTY));
    }
}
