package io.tributary.integrations.slack;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.workbench.certify.Feature;
import io.tributary.integrations.workbench.certify.QuotaAnswer;
import io.tributary.integrations.workbench.certify.TokenProvider;
import io.tributary.integrations.workbench.server.Fault;
import io.tributary.integrations.workbench.server.ScriptedAnswer;
import io.tributary.integrations.workbench.server.ScriptedHttpServer;
import io.tributary.integrations.workbench.server.When;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** A {@link SlackServer} for the certification: items are messages of a channel, and replies to some of them. */
final class SlackProvider extends TokenProvider {

    private static final String CHANNEL = "C1";

    private final SlackServer slack = new SlackServer();
    private int happened;
    private int said;
    /** Where the next replies go. */
    private String root = "";

    SlackProvider() {
        super(SlackIntegration::new, SlackServer.TOKEN);
        slack.pageBy(3);
        acceptOnly(SlackServer.TOKEN);
        slack.channel("C0", false);
        slack.channel(CHANNEL, true);
    }

    @Override
    public JsonObject config() {
        return JsonObject.of("baseUrl", slack.url());
    }

    @Override
    public Optional<String> without(Feature feature) {
        return feature == Feature.DELETIONS
                ? Optional.of("the Web API does not tell which messages of a channel were deleted")
                : Optional.empty();
    }

    @Override
    public List<String> add(int count) {
        return IntStream.range(0, count).mapToObj(i -> addText("hello")).toList();
    }

    @Override
    public String addText(String text) {
        String ts = now();
        if (++said % 4 == 0) {
            slack.reply(CHANNEL, root, ts, text);
        } else {
            root = said % 4 == 1 ? ts : root;
            slack.say(CHANNEL, ts, text);
        }
        return CHANNEL + ":" + ts;
    }

    @Override
    public void change(String externalId) {
        String now = now();
        slack.edit(CHANNEL, externalId.substring(CHANNEL.length() + 1), now, "edited at " + now);
    }

    private String now() {
        return at(++happened);
    }

    private static String at(int seconds) {
        return START.getEpochSecond() + seconds + ".000100";
    }

    @Override
    protected void acceptOnly(String token) {
        slack.acceptOnly(token, "token_expired");
    }

    @Override
    public void revoke() {
        slack.acceptOnly("of-nobody", "token_revoked");
    }

    /** The channels, and the last seven days of each once more: six messages, in pages of three. */
    @Override
    public int mostRequestsWhenNothingIsNew() {
        return 1 + 2;
    }

    @Override
    public List<QuotaAnswer> quotaAnswers() {
        return List.of(new QuotaAnswer(
                "ratelimited with status 200",
                () -> slack.http()
                        .inject(
                                new Fault.Instead(ScriptedAnswer.json(SlackServer.error("ratelimited"))),
                                When.request(2)),
                Duration.ofSeconds(30)));
    }

    @Override
    protected ScriptedHttpServer http() {
        return slack.http();
    }
}
