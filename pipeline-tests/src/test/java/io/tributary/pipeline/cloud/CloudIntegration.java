package io.tributary.pipeline.cloud;

import io.tributary.integrations.api.Account;
import io.tributary.integrations.api.HttpRequest;
import io.tributary.integrations.api.Integration;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.Task;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** Asks {@code resource} with an OAuth2 access token, and says one thing. Its {@code tokenUrl} is the config's. */
public final class CloudIntegration implements Integration {

    public static final String DOMAIN = "cloud";

    @Override
    public Manifest manifest() {
        return Manifest.builder(DOMAIN, "1.0", "Cloud")
                .auth(Manifest.Auth.OAUTH2)
                .syncType("default", "list", Duration.ofMinutes(15))
                .lists("list")
                .build();
    }

    @Override
    public TaskResult run(Task task, TaskContext context) throws TaskFailure, InterruptedException {
        ask(context);
        return TaskResult.ofOutputs(List.of(Output.content("me", "me", "I am here")));
    }

    @Override
    public Account identify(TaskContext context) throws TaskFailure, InterruptedException {
        ask(context);
        return new Account("owner-1", "The owner", JsonObject.of("username", "owner"));
    }

    private static void ask(TaskContext context) throws TaskFailure, InterruptedException {
        URI resource = URI.create(context.config().requireText("resource"));
        context.http()
                .send(HttpRequest.get(resource).bearer(context.credentials().require("accessToken")));
    }
}
