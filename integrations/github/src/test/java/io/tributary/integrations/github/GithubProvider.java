package io.tributary.integrations.github;

import io.tributary.integrations.workbench.certify.Feature;
import io.tributary.integrations.workbench.certify.QuotaAnswer;
import io.tributary.integrations.workbench.certify.TokenProvider;
import io.tributary.integrations.workbench.server.Fault;
import io.tributary.integrations.workbench.server.ScriptedAnswer;
import io.tributary.integrations.workbench.server.ScriptedHttpServer;
import io.tributary.integrations.workbench.server.When;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** A {@link GithubServer} for the certification: items are notifications and events by turns. */
final class GithubProvider extends TokenProvider {

    private static final String NOTIFICATION = "notification:";

    private final GithubServer github = new GithubServer();
    private int happened;

    GithubProvider() {
        super(GithubIntegration::new, GithubServer.TOKEN);
        github.pageBy(2);
    }

    @Override
    public Optional<String> without(Feature feature) {
        return switch (feature) {
            case DELETIONS ->
                Optional.of("the API tells neither which notifications are done nor which events are gone");
            case CURSORS -> Optional.of("pages are asked for by the URLs of Link headers");
            default -> Optional.empty();
        };
    }

    @Override
    public List<String> add(int count) {
        return IntStream.range(0, count).mapToObj(i -> add()).toList();
    }

    private String add() {
        Instant now = now();
        if (happened % 2 == 1) {
            github.notify(String.valueOf(happened), "mention", now);
            return NOTIFICATION + happened;
        }
        github.happen(String.valueOf(happened), "WatchEvent", now, Map.of());
        return "event:" + happened;
    }

    @Override
    public String addText(String text) {
        github.happen(
                String.valueOf(happened + 1),
                "IssuesEvent",
                now(),
                Map.of("action", "opened", "issue", Map.of("number", 3, "title", text)));
        return "event:" + happened;
    }

    /** Events do not change. */
    @Override
    public void change(String externalId) {
        String reason = happened % 2 == 0 ? "comment" : "assign";
        github.notify(externalId.substring(NOTIFICATION.length()), reason, now());
    }

    private Instant now() {
        return START.plusSeconds(++happened);
    }

    /** Three pages of notifications, and as many of events. */
    @Override
    public int itemsOfThreePages() {
        return 10;
    }

    /** Each list says that nothing has changed. */
    @Override
    public int mostRequestsWhenNothingIsNew() {
        return 2;
    }

    @Override
    public List<QuotaAnswer> quotaAnswers() {
        return List.of(new QuotaAnswer(
                "403 for a secondary rate limit",
                () -> github.http()
                        .inject(
                                new Fault.Instead(
                                        ScriptedAnswer.json("message", "You have exceeded a secondary rate limit.")
                                                .withStatus(403)),
                                When.request(2)),
                Duration.ofMinutes(1)));
    }

    @Override
    protected ScriptedHttpServer http() {
        return github.http();
    }
}
