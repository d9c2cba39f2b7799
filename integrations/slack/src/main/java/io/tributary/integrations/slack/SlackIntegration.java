package io.tributary.integrations.slack;

import io.tributary.integrations.api.Account;
import io.tributary.integrations.api.Integration;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Limits;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.Manifest.Auth;
import io.tributary.integrations.api.Manifest.SyncType;
import io.tributary.integrations.api.OAuth2;
import io.tributary.integrations.api.Task;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import io.tributary.integrations.api.Webhook;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Syncs Slack channels; the package says how, and {@link SlackApi} what can go wrong.
 *
 * <pre>
 *   listChannels -> readHistory (one each) -> readReplies (one for each thread that has new ones)
 *              \-> listChannels (next page)  \-> readHistory (next page)
 * </pre>
 */
public final class SlackIntegration implements Integration {

    private static final int CONCURRENCY = 4;
    /** The methods of tier 3 may be called 50 times a minute and more ("Rate limits"). */
    private static final double REQUESTS_PER_SECOND = 50 / 60.0;

    private static final int BURST = 50;

    /** Reads what the bot has joined. Slack separates scopes by commas, and recommends the header for the secret. */
    private static final OAuth2 SLACK = new OAuth2(
                    "https://slack.com/oauth/v2/authorize",
                    "https://slack.com/api/oauth.v2.access",
                    List.of(
                            "channels:read",
                            "channels:history",
                            "groups:read",
                            "groups:history",
                            "im:read",
                            "im:history",
                            "mpim:read",
                            "mpim:history"),
                    ",",
                    Map.of())
            .withClientAuthentication(OAuth2.ClientAuthentication.BASIC);

    /**
     * The Events API: <a href="https://api.slack.com/docs/verifying-requests-from-slack">signatures</a> and <a
     * href="https://api.slack.com/events/url_verification">its challenge</a>. An event names the team, and in {@code
     * authorizations} the user of a token that may see it: together the id of {@link #identify}.
     */
    private static final Webhook EVENTS = new Webhook(
            new Webhook.Signature(
                    Webhook.Method.HMAC_SHA256,
                    "X-Slack-Signature",
                    "v0=",
                    null,
                    Webhook.Encoding.HEX,
                    "v0:{timestamp}:{body}",
                    new Webhook.Timestamp(
                            "X-Slack-Request-Timestamp", null, Webhook.TimeFormat.SECONDS, Duration.ofMinutes(5))),
            List.of(new Webhook.Challenge.Post(null, "/type", "url_verification", "/challenge", null)),
            List.of(),
            "body.authorizations.(team_id & ':' & user_id)",
            "body.event_id",
            new Webhook.Start(null, "body.type = 'event_callback'", null, null));

    @Override
    public Manifest manifest() {
        return Manifest.builder("slack", "1.0.0", "Slack")
                .auth(Auth.OAUTH2)
                .oauth2(SLACK)
                .configSchema(Integration.resource(SlackIntegration.class, "config.schema.json"))
                // Each channel and each thread keeps a state of its own, which has no gap.
                .syncType(new SyncType("default", ListChannels.TYPE, Duration.ofMinutes(5)).advancingPastFailures())
                .lists(ListChannels.TYPE, ReadHistory.TYPE)
                .downloads(ReadReplies.TYPE)
                .webhook(EVENTS)
                .limits(Limits.DEFAULT.withConcurrency(CONCURRENCY).withRate(REQUESTS_PER_SECOND, BURST))
                .build();
    }

    @Override
    public TaskResult run(Task task, TaskContext context) throws TaskFailure, InterruptedException {
        var slack = new SlackApi(context);
        try {
            return switch (task.type()) {
                case ListChannels.TYPE -> new ListChannels(slack, context.config()).run(task.payload());
                case ReadHistory.TYPE -> new ReadHistory(slack, context, task.payload()).run();
                case ReadReplies.TYPE -> new ReadReplies(slack, context).run(task.payload());
                default -> throw new IllegalArgumentException("there is no task type " + task.type());
            };
        } catch (IllegalArgumentException e) {
            throw new TaskFailure.Permanent(
                    "slack.unexpected", "The task or Slack's answer is not as expected: " + e.getMessage(), e);
        }
    }

    @Override
    public Account identify(TaskContext context) throws TaskFailure, InterruptedException {
        JsonObject who = new SlackApi(context).call(SlackApi.WHO, Map.of());
        String team = who.requireText("team_id");
        return new Account(
                team + ":" + who.text("user_id").orElse(""), who.text("team").orElse(team), JsonObject.EMPTY);
    }
}
