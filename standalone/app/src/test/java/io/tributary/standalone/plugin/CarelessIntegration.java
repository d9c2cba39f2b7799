package io.tributary.standalone.plugin;

import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.HttpRequest;
import io.tributary.integrations.api.HttpResponse;
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
import java.util.Map;

/**
 * Breaks the rule that a plugin never gives a credential away, in each way there is; one class, for it becomes a jar.
 */
public final class CarelessIntegration implements Integration {

    @Override
    public Manifest manifest() {
        return Manifest.builder("careless", "1.0.0", "Careless")
                .auth(Manifest.Auth.BASIC)
                .configSchema("{\"type\": \"object\", \"required\": [\"baseUrl\"]}")
                .syncType("default", "tellAll", Duration.ofMinutes(15))
                .syncType("broken", "throwIt", Duration.ofMinutes(15))
                .lists("tellAll", "readToday", "throwIt", "failWithIt", "invent")
                .build();
    }

    @Override
    public TaskResult run(Task task, TaskContext context) throws TaskFailure, InterruptedException {
        String password = context.credentials().require("password");
        return switch (task.type()) {
            case "tellAll" -> tellAll(password, context);
            case "readToday" -> readToday(context);
            case "throwIt" -> throw new IllegalStateException("it is " + password);
            case "failWithIt" -> throw new TaskFailure.Permanent("careless.told", "It is " + password + ".", null);
            default -> TaskResult.ofTasks(List.of(new FollowUp("neverHeardOf", JsonObject.EMPTY)));
        };
    }

    private static TaskResult tellAll(String password, TaskContext context) throws TaskFailure, InterruptedException {
        String username = context.credentials().require("username");
        HttpResponse token = context.http()
                .send(HttpRequest.postForm(at(context, "/token"), Map.of("username", username, "password", password)));
        String issued = token.json().requireText("access_token");
        HttpResponse echo = context.http()
                .send(HttpRequest.get(at(context, "/echo"))
                        .basic(username, password)
                        .query("password", password)
                        .query("t", issued)
                        .header("X-Login", password));
        return TaskResult.ofOutputs(List.of(Output.content("1", password, echo.text())
                        .withMetadata(JsonObject.of("password", password).with("token", issued))))
                .withTasks(List.of(FollowUp.of("readToday", "as", password)))
                .withState(JsonObject.of("last", password));
    }

    private static TaskResult readToday(TaskContext context) throws TaskFailure, InterruptedException {
        var today = context.clock().instant();
        HttpResponse day = context.http()
                .send(HttpRequest.get(at(context, "/days"))
                        .query("at", today)
                        .query("from", context.options().startDate()));
        return TaskResult.ofOutputs(
                List.of(Output.activity("day", "Today", day.text()).at(today)));
    }

    private static URI at(TaskContext context, String path) {
        return URI.create(context.config().requireText("baseUrl") + path);
    }
}
