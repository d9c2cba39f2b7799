package io.tributary.integrations.github;

import io.tributary.integrations.api.Integration;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.testkit.Fault;
import io.tributary.integrations.testkit.ScriptedAnswer;
import io.tributary.integrations.testkit.When;
import io.tributary.integrations.testkit.certify.Feature;
import io.tributary.integrations.testkit.certify.Provider;
import io.tributary.integrations.testkit.certify.QuotaAnswer;
import io.tributary.integrations.testkit.certify.Wire;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** A {@link GithubServer} for the certification: items are notifications and events by turns. */
final class GithubProvider implements Provider {

    private static final String NOTIFICATION = "notification:";

    private final GithubServer github = new GithubServer();
    private int happened;
    private int tokens;

    GithubProvider() {
        github.pageBy(2);
    }

    @Override
    public Integration integration() {
        return new GithubIntegration();
    }

    @Override
    public JsonObject config() {
        return JsonObject.of("baseUrl", github.url());
    }

    @Override
    public Map<String, String> credentials() {
        return Map.of("accessToken", tokens == 0 ? GithubServer.TOKEN : GithubServer.TOKEN + tokens);
    }

    @Override
    public Wire wire() {
        return new Wire.Http(github.http());
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

    @Override
    public void expire() {
        tokens++;
        github.http().acceptOnly(GithubServer.TOKEN + tokens);
    }

    @Override
    public Map<String, String> renewed() {
        return credentials();
    }

    @Override
    public void revoke() {
        github.http().acceptOnly("of-nobody");
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
    public void close() {
        github.close();
    }
}
