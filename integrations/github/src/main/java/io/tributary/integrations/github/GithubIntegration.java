package io.tributary.integrations.github;

import io.tributary.integrations.api.Account;
import io.tributary.integrations.api.FollowUp;
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

/**
 * Syncs a GitHub account; the package says how, and {@link GithubApi} what can go wrong.
 *
 * <pre>
 *   sync -> listNotifications -> fetchNotification (one each)
 *        |                   \-> listNotifications (next page)
 *        \-> listEvents
 * </pre>
 */
public final class GithubIntegration implements Integration {

    /** GitHub asks for one request at a time, and grants 5,000 an hour ("Best practices", "Rate limits"). */
    private static final int CONCURRENCY = 2;

    private static final double REQUESTS_PER_SECOND = 10;

    /** An activity feed is about now: what is older is there for a backfill. */
    private static final Duration FIRST_WINDOW = Duration.ofHours(24);

    private static final String SYNC = "sync";

    /** Notifications need their own scope, and those of private repositories need repo. */
    private static final OAuth2 GITHUB = new OAuth2(
                    "https://github.com/login/oauth/authorize",
                    "https://github.com/login/oauth/access_token",
                    List.of("notifications", "repo"))
            .withClientAuthentication(OAuth2.ClientAuthentication.POST);

    /**
     * <a href="https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries">Signatures</a> cover
     * the body alone, so the id of a delivery is none of what they prove: an equal body is a repetition too.
     */
    private static final Webhook DELIVERIES = new Webhook(
            Webhook.Signature.ofBody("X-Hub-Signature-256", "sha256=", Webhook.Encoding.HEX),
            List.of(),
            List.of("X-GitHub-Event", "X-GitHub-Delivery"),
            null,
            "headers.`x-github-delivery`",
            new Webhook.Start(null, "$not(headers.`x-github-event` = 'ping')", null, null));

    @Override
    public Manifest manifest() {
        return Manifest.builder("github", "1.0.0", "GitHub")
                .auth(Auth.OAUTH2)
                .oauth2(GITHUB)
                .configSchema(Integration.resource(GithubIntegration.class, "config.schema.json"))
                .syncType(new SyncType("default", SYNC, Duration.ofMinutes(5)).reachingBack(FIRST_WINDOW))
                .lists(SYNC, ListNotifications.TYPE, ListEvents.TYPE)
                .downloads(FetchNotification.TYPE)
                .webhook(DELIVERIES)
                .limits(Limits.DEFAULT.withConcurrency(CONCURRENCY).withRate(REQUESTS_PER_SECOND, 10))
                .build();
    }

    @Override
    public TaskResult run(Task task, TaskContext context) throws TaskFailure, InterruptedException {
        var github = new GithubApi(context);
        try {
            return switch (task.type()) {
                case SYNC -> begin(github, context);
                case ListNotifications.TYPE -> new ListNotifications(github, context).run(task.payload());
                case FetchNotification.TYPE -> new FetchNotification(github, username(context)).run(task.payload());
                case ListEvents.TYPE -> new ListEvents(github, context).run(username(context));
                default -> throw new IllegalArgumentException("there is no task type " + task.type());
            };
        } catch (IllegalArgumentException e) {
            throw new TaskFailure.Permanent(
                    "github.unexpected", "The task or GitHub's answer is not as expected: " + e.getMessage(), e);
        }
    }

    private static TaskResult begin(GithubApi github, TaskContext context) throws TaskFailure, InterruptedException {
        new PollInterval(context).check();
        TaskResult lists = TaskResult.ofTasks(List.of(
                new FollowUp(ListNotifications.TYPE, JsonObject.EMPTY),
                new FollowUp(ListEvents.TYPE, JsonObject.EMPTY)));
        return context.config().has("username") || context.syncState().has("username")
                ? lists
                : lists.withState(JsonObject.of("username", github.user().requireText("login")));
    }

    private static String username(TaskContext context) {
        return context.config()
                .text("username")
                .orElseGet(() -> context.syncState().requireText("username"));
    }

    @Override
    public Account identify(TaskContext context) throws TaskFailure, InterruptedException {
        JsonObject user = new GithubApi(context).user();
        String login = user.requireText("login");
        return new Account(
                user.integer("id").map(String::valueOf).orElse(login), login, JsonObject.of("username", login));
    }
}
