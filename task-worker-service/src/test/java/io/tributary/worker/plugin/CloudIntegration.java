package io.tributary.worker.plugin;

import io.tributary.integrations.api.Account;
import io.tributary.integrations.api.Integration;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.Task;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

/**
 * Asks {@code resource} with the access token; with {@code forbidden}, the provider refuses every token. With {@code
 * leaks}, it takes the token for the name of the account.
 */
public final class CloudIntegration implements Integration {

    @Override
    public Manifest manifest() {
        return Manifest.builder("cloud", "1.0", "Cloud")
                .syncType("default", "list", Duration.ofMinutes(15))
                .lists("list")
                .auth(Manifest.Auth.OAUTH2)
                .build();
    }

    @Override
    public TaskResult run(Task task, TaskContext context) throws TaskFailure, InterruptedException {
        return TaskResult.ofOutputs(
                List.of(Output.content("me", "me", "I am " + identify(context).id())));
    }

    @Override
    public Account identify(TaskContext context) throws TaskFailure, InterruptedException {
        ask(context);
        String name = context.config().has("leaks") ? context.credentials().require("accessToken") : "Me";
        return new Account("me-1", name, JsonObject.of("username", "me"));
    }

    private static void ask(TaskContext context) throws TaskFailure, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(context.config().requireText("resource")))
                .header("Authorization", "Bearer " + context.credentials().require("accessToken"))
                .build();
        try (var http = HttpClient.newHttpClient()) {
            int status = http.send(request, BodyHandlers.discarding()).statusCode();
            if (status == 401 || context.config().has("forbidden")) {
                throw new TaskFailure.Unauthorized("cloud.unauthorized", "The provider refused the token.", null);
            }
        } catch (IOException e) {
            throw new TaskFailure.Transient("cloud.unreachable", "The provider cannot be reached.", e);
        }
    }
}
