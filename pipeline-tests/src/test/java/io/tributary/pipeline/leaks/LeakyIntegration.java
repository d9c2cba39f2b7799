package io.tributary.pipeline.leaks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tributary.integrations.api.Account;
import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.HttpRequest;
import io.tributary.integrations.api.Integration;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Limits;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.Task;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.List;

/** Repeats its API key in the way that {@code leak} of its config names. */
public final class LeakyIntegration implements Integration {

    @Override
    public Manifest manifest() {
        return Manifest.builder("leaky", "1.0", "Leaky")
                .limits(Limits.DEFAULT.withAttempts(2, Duration.ofMillis(10)))
                .auth(Manifest.Auth.API_KEY)
                .syncType("default", "list", Duration.ofMinutes(15))
                .lists("list", "next")
                .build();
    }

    @Override
    public Account identify(TaskContext context) throws TaskFailure {
        String key = context.credentials().require("apiKey");
        return new Account(key, "I am " + key, JsonObject.of("key", key));
    }

    @Override
    public TaskResult run(Task task, TaskContext context) throws TaskFailure, InterruptedException {
        String key = context.credentials().require("apiKey");
        String url = "https://provider.example/items?access_token=" + URLEncoder.encode(key, UTF_8);
        if (task.type().equals("next")) {
            if (!task.payload().requireText("url").equals(url)) {
                throw new TaskFailure.Permanent("leaky.notFilledIn", "The payload lacks the key.", null);
            }
            return TaskResult.ofOutputs(List.of(Output.content("filled-in", "", "")));
        }
        switch (context.config().requireText("leak")) {
            case "exception" -> {
                var thrown = new IllegalStateException("with " + key, new IOException(url));
                thrown.addSuppressed(new IllegalArgumentException(key));
                throw thrown;
            }
            case "error" -> throw new AssertionError(key);
            case "linkage" -> throw new NoClassDefFoundError(key);
            case "failure" -> throw new TaskFailure.Permanent("leaky.failed", "The body: " + url, new IOException(key));
            case "code" -> throw new TaskFailure.Misconfigured(key, "Header Bearer " + key, null);
            case "url" ->
                context.http()
                        .send(HttpRequest.get(URI.create(context.config().requireText("baseUrl") + "/"
                                + URLEncoder.encode(key, UTF_8) + "?k=" + key)));
            case "payload" -> {
                return TaskResult.ofTasks(List.of(FollowUp.of("next", "url", url)));
            }
            case "state" -> {
                return TaskResult.nothing().withState(JsonObject.of("next", url).with("plain", List.of(key)));
            }
            case "output" -> {
                return TaskResult.ofOutputs(List.of(Output.content("item:" + key, "named " + url, "content " + key)
                        .withMetadata(JsonObject.of("self", url).with(key, key))));
            }
            case "log" -> context.logger().log(System.Logger.Level.WARNING, "got " + url, new IOException(key));
            default -> throw new IllegalArgumentException("no such leak");
        }
        return TaskResult.nothing();
    }
}
