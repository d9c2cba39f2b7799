package io.tributary.integrations.gmail;

import io.tributary.integrations.api.Account;
import io.tributary.integrations.api.Integration;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Limits;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.Manifest.Auth;
import io.tributary.integrations.api.OAuth2;
import io.tributary.integrations.api.Task;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Syncs a Gmail mailbox; the package says how, and {@link GmailApi} what can go wrong. */
public final class GmailIntegration implements Integration {

    /**
     * Google grants a user 15,000 quota units a minute, and most of our requests cost 5 ("Usage limits"): 50 a second.
     * Some are left to the user's other programs.
     */
    private static final double REQUESTS_PER_SECOND = 40;

    private static final int CONCURRENCY = 10;

    /** Google returns a refresh token for access_type=offline, and again only for prompt=consent. */
    private static final OAuth2 GOOGLE = new OAuth2(
                    "https://accounts.google.com/o/oauth2/v2/auth",
                    "https://oauth2.googleapis.com/token",
                    List.of("https://www.googleapis.com/auth/gmail.readonly"),
                    " ",
                    Map.of("access_type", "offline", "prompt", "consent"))
            .withClientAuthentication(OAuth2.ClientAuthentication.POST);

    @Override
    public Manifest manifest() {
        return Manifest.builder("gmail", "1.0.0", "Gmail")
                .auth(Auth.OAUTH2)
                .oauth2(GOOGLE)
                .configSchema(Integration.resource(GmailIntegration.class, "config.schema.json"))
                .syncType("default", ListMessages.TYPE, Duration.ofMinutes(15))
                .lists(ListMessages.TYPE, ReadHistory.TYPE)
                .downloads(DownloadMessage.TYPE)
                .limits(Limits.DEFAULT.withConcurrency(CONCURRENCY).withRate(REQUESTS_PER_SECOND, CONCURRENCY))
                .build();
    }

    @Override
    public TaskResult run(Task task, TaskContext context) throws TaskFailure, InterruptedException {
        var mailbox = new GmailApi(context);
        try {
            return switch (task.type()) {
                case ListMessages.TYPE -> new ListMessages(mailbox, context).run(task.payload());
                case ReadHistory.TYPE -> new ReadHistory(mailbox, context).run(task.payload());
                case DownloadMessage.TYPE -> new DownloadMessage(mailbox, context.options()).run(task.payload());
                default -> throw new IllegalArgumentException("there is no task type " + task.type());
            };
        } catch (IllegalArgumentException e) {
            throw new TaskFailure.Permanent(
                    "gmail.unexpected", "The task or Gmail's answer is not as expected: " + e.getMessage(), e);
        }
    }

    @Override
    public Account identify(TaskContext context) throws TaskFailure, InterruptedException {
        String address = new GmailApi(context).profile().requireText("emailAddress");
        return new Account(address, address, JsonObject.EMPTY);
    }
}
